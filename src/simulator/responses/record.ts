/**
 * One response as the upstream keeps it: what was asked, how it stands, what came out, and its events.
 * Bytes are kept while it is recent (see response-store.ts); later they are drawn again, which gives the same ones.
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

/** A picture that a response made, so that a later turn can change it. */
export interface MadePicture extends Size {
  readonly itemId: string;
  readonly idea: Idea;
  readonly order: DrawingOrder;
  /** The reasoning item it cannot be named without. */
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
  /** Aborts the work: the client of a plain stream left, or a background response was cancelled or deleted. */
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

  /** Appends an event under the next sequence number. */
  emit(type: string, fields: JsonObject): void {
    const event = { type, ...fields, sequence_number: this.#sequence };
    this.#sequence += 1;
    this.log.append(event);
    this.#onEvent(event);
  }

  /** Emits an event that carries the whole response as it stands now. */
  emitResponse(type: string): void {
    this.emit(type, { response: this.toJson() });
  }

  /** Stops the work and ends the streams; says whether it was still under way. There is no event for this. */
  cancel(): boolean {
    if (this.ended || (this.status !== 'queued' && this.status !== 'in_progress')) return false;
    this.status = 'cancelled';
    this.work.abort();
    this.log.end();
    return true;
  }

  /** How many bytes it holds on to, about. */
  get weight(): number {
    const bases = this.pictures.reduce((sum, each) => sum + (each.idea.base?.length ?? 0), 0);
    if (this.#released) return bases;
    // The events share the strings of the output; partials come on top, and each is about as large as its picture.
    const partials = Math.max(0, ...this.pictures.map((each) => each.order.partials));
    return this.output.reduce((sum, item) => sum + textLength(item['result']) * (1 + partials), bases);
  }

  /** Lets go of events and results; what is asked for later is drawn again. */
  release(): void {
    this.#released = true;
    this.log.release();
    this.output = this.output.map((item) => (typeof item['result'] === 'string' ? { ...item, result: null } : item));
  }

  /** The response object as a retrieve shows it. */
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
      reasoning: { effort: null, summary: null },
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
