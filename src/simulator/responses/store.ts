/**
 * The stored responses, limited in number and in bytes. The bytes of older ones are freed first (they can be drawn
 * again), then the oldest responses are removed.
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

  /** Stores a response. */
  add(record: ResponseRecord): void {
    this.#records.set(record.id, record);
    this.#makeRoom();
  }

  /** @throws {ApiError} 404, for a retrieve, a cancel or a delete. */
  get(id: string): ResponseRecord {
    const record = this.#records.get(id);
    if (record === undefined) throw notFound(`Response with id '${id}' not found.`);
    return record;
  }

  /** @throws {ApiError} 400, for a create that names an unknown response. */
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
   * The image of an item that a request names by its id.
   * @throws {ApiError} 404 when it is unknown, 400 when the request lacks its reasoning item
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

  /** Stops everything in progress. */
  close(): void {
    for (const record of this.#records.values()) record.cancel();
    this.#records.clear();
  }

  #makeRoom(): void {
    const newestFirst = [...this.#records.values()].reverse();
    for (const record of newestFirst.slice(MAX_WITH_BYTES)) if (record.ended) record.release();
    let bytes = 0;
    for (const [age, record] of newestFirst.entries()) {
      bytes += record.heldBytes;
      if (!record.ended || (age < MAX_RESPONSES && bytes <= MAX_BYTES)) continue;
      this.#records.delete(record.id);
    }
  }
}
