/**
 * The responses the upstream remembers, bounded in number and in bytes: first the bytes of older ones go
 * (they can be drawn again), then the oldest ones altogether.
 */
import { ApiError, invalid, notFound } from '../http/api-error.ts';
import type { MadePicture, ResponseRecord } from './record.ts';

const MAX_RESPONSES = 500;
const MAX_WITH_BYTES = 32;
const MAX_BYTES = 256 * 1024 * 1024;

export class ResponseStore {
  readonly #records = new Map<string, ResponseRecord>();

  get size(): number {
    return this.#records.size;
  }

  /** Remembers a response from its creation on. */
  add(record: ResponseRecord): void {
    this.#records.set(record.id, record);
    this.#makeRoom();
  }

  /** @throws {ApiError} 404, as a retrieve, a cancel and a delete answer. */
  get(id: string): ResponseRecord {
    const record = this.#records.get(id);
    if (record === undefined) throw notFound(`Response with id '${id}' not found.`);
    return record;
  }

  /** @throws {ApiError} 400, as a create answers that names a response nobody knows. */
  getPrevious(id: string): ResponseRecord {
    const record = this.#records.get(id);
    if (record?.request.store) return record;
    throw new ApiError({
      status: 400,
      message: `Previous response with id '${id}' not found.`,
      param: 'previous_response_id',
      code: 'previous_response_not_found',
    });
  }

  /**
   * The picture of an item named by its id alone.
   * @throws {ApiError} 404 when nobody knows it, 400 when its reasoning item did not come with it
   */
  getPicture(itemId: string, reasoningIds: readonly string[]): MadePicture | null {
    for (const record of this.#records.values()) {
      if (!record.request.store) continue;
      if (!record.output.some((item) => item.id === itemId)) continue;
      const picture = record.pictures.find((each) => each.itemId === itemId) ?? null;
      const reasoningId = picture?.reasoningId ?? null;
      if (reasoningId !== null && !reasoningIds.includes(reasoningId)) {
        const message = `Item '${itemId}' of type 'image_generation_call' was provided without its required 'reasoning' item: '${reasoningId}'.`;
        throw invalid(message, 'input');
      }
      return picture;
    }
    throw notFound(`Item with id '${itemId}' not found.`, 'input');
  }

  delete(id: string): void {
    this.#records.delete(id);
  }

  /** Ends everything that is under way. */
  close(): void {
    for (const record of this.#records.values()) record.cancel();
    this.#records.clear();
  }

  #makeRoom(): void {
    const newestFirst = [...this.#records.values()].reverse();
    for (const record of newestFirst.slice(MAX_WITH_BYTES)) if (record.ended) record.release();
    let bytes = 0;
    for (const [age, record] of newestFirst.entries()) {
      bytes += record.weight;
      if (!record.ended || (age < MAX_RESPONSES && bytes <= MAX_BYTES)) continue;
      this.#records.delete(record.id);
    }
  }
}
