/**
 * One response as the upstream stores it: the request, its status, its output and its events. Image bytes are kept while
 * it is recent (see store.ts); later they are drawn again, which gives the same bytes.
 */
import type { Idea } from '../art/idea.ts';
import type { DrawingOrder } from '../art/order.ts';
import type { Renderer } from '../art/rendering/renderer.ts';
import { EventLog, type SimulatorEvent } from '../http/event-log.ts';
import type { JsonObject } from '../http/json.ts';
import { newId } from '../ids.ts';
import type { Size } from '../image-options.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { ResponsesRequest } from './request.ts';

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'failed' | 'incomplete' | 'cancelled';

/** An image that a response made, so that a later turn can change it. */
export interface MadePicture extends Size {
  readonly itemId: string;
  readonly idea: Idea;
  readonly order: DrawingOrder;
  /** The reasoning item that later requests must name with it. */
  readonly reasoningId: string | null;
}

export interface OutputItem extends JsonObject {
  readonly id: string;
  readonly type: string;
}

export class ResponseRecord {
  readonly id = newId('resp');
  readonly createdAt = Math.floor(Date.now() / 1000);
  readonly log = new EventLog();
  /** Aborted when the client of a plain stream leaves, or a background response is cancelled or deleted. */
  readonly work = new AbortController();
  readonly request: ResponsesRequest;
  readonly scenario: Scenario;
  status: ResponseStatus;
  output: OutputItem[] = [];
  readonly pictures: MadePicture[] = [];
  error: JsonObject | null = null;
  incompleteDetails: JsonObject | null = null;
  usage: JsonObject | null = null;
  toolUsage: JsonObject | null = null;
  completedAt: number | null = null;
  #sequence = 0;
  #released = false;
  readonly #onEvent: (event: SimulatorEvent) => void;

  constructor(request: ResponsesRequest, scenario: Scenario, onEvent: (event: SimulatorEvent) => void) {
    this.request = request;
    this.scenario = scenario;
    this.status = request.background ? 'queued' : 'in_progress';
    this.#onEvent = onEvent;
  }

  get ended(): boolean {
    return this.log.ended;
  }

  /** Appends an event with the next sequence number. */
  emit(type: string, fields: JsonObject): void {
    const event = { type, ...fields, sequence_number: this.#sequence };
    this.#sequence += 1;
    this.log.append(event);
    this.#onEvent(event);
  }

  /** Emits an event that contains the whole response as it is now. */
  emitResponse(type: string): void {
    this.emit(type, { response: this.toJson() });
  }

  /** Stops the work and ends the streams, without an event. @returns whether it was still in progress */
  cancel(): boolean {
    if (this.ended || (this.status !== 'queued' && this.status !== 'in_progress')) return false;
    this.status = 'cancelled';
    this.work.abort();
    this.log.end();
    return true;
  }

  /** Roughly how many bytes it keeps in memory. */
  get heldBytes(): number {
    const bases = this.pictures.reduce((sum, each) => sum + (each.idea.base?.length ?? 0), 0);
    if (this.#released) return bases;
    // The events share the strings of the output. Partial images are extra, each about as large as the final image.
    const partials = Math.max(0, ...this.pictures.map((each) => each.order.partials));
    return this.output.reduce((sum, item) => sum + textLength(item['result']) * (1 + partials), bases);
  }

  /** Frees events and results. Results are drawn again when they are requested. */
  release(): void {
    this.#released = true;
    this.log.release();
    this.output = this.output.map((item) => (typeof item['result'] === 'string' ? { ...item, result: null } : item));
  }

  /** The response object for a retrieve. */
  async retrieved(renderer: Renderer): Promise<JsonObject> {
    if (this.scenario.wire?.retrieveWithoutResult) {
      return this.toJson(this.output.map((item) => ('result' in item ? { ...item, result: null } : item)));
    }
    if (!this.#released) return this.toJson();
    const output = await Promise.all(
      this.output.map(async (item) => {
        const picture = this.pictures.find((each) => each.itemId === item.id);
        if (picture === undefined) return item;
        return { ...item, result: (await renderer.start(picture.order).final()).toString('base64') };
      }),
    );
    return this.toJson(output);
  }

  toJson(output: readonly OutputItem[] = this.output): JsonObject {
    const { request } = this;
    return {
      id: this.id,
      object: 'response',
      created_at: this.createdAt,
      completed_at: this.completedAt,
      status: this.status,
      background: request.background,
      error: this.error,
      incomplete_details: this.incompleteDetails,
      model: request.model,
      output: [...output],
      parallel_tool_calls: true,
      previous_response_id: request.previousResponseId,
      service_tier: 'default',
      store: request.store,
      temperature: 1,
      text: { format: { type: 'text' } },
      top_p: 1,
      truncation: 'disabled',
      ...request.echo,
      ...(this.usage === null ? {} : { usage: this.usage }),
      ...(this.toolUsage === null ? {} : { tool_usage: this.toolUsage }),
    };
  }
}

function textLength(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}
