/**
 * Turns the events of one upstream response into the provider's events.
 *
 * Every event is read for what it is about (this item, that partial image), and a second event about the same changes
 * nothing. So repeated events are harmless, and none is skipped by its `sequence_number`: some services omit it or always
 * send 0, and a filter on it would lose images there. The number only says where to resume.
 */
import { type ImageSettings, NO_SETTINGS } from '../../../domain/generation/options.ts';
import type { KnownImage, ProviderEvent, ProviderEventData } from '../../image-provider.ts';
import { retryAfter } from '../errors/retry-after.ts';
import { NOTHING_KNOWN, type RunFacts } from '../errors/run-failure.ts';
import { mapErrorEvent } from '../errors/stream-errors.ts';
import type { RequestFeatures } from '../errors/unsupported-features.ts';
import { asIndex, asList, asObject, asText, type JsonObject } from '../json-values.ts';
import { settingsOfResponse } from '../reported-settings.ts';
import type { EventReader } from '../stream/event-body.ts';
import type { UpstreamEvent } from '../stream/event-decoder.ts';
import type { PictureCollector } from '../stream/pictures/picture-collector.ts';
import { type PictureLocation, pictureIn } from '../stream/pictures/picture-extractor.ts';
import type { BodyEnd } from '../stream/watched-body.ts';
import { ResponseItemReports, withUsage } from '../usage/item-reports.ts';
import { usageOfResponse } from '../usage/reported-usage.ts';
import { endingOf, type ResponseEnding } from './ending.ts';
import { ImageItems } from './image-items.ts';
import { MessageTexts } from './message-texts.ts';
import { outcomeOf } from './outcome.ts';
import { ResumeCursor, withResumeCursor } from './resume-cursor.ts';

/** What the headers of an answer say about the response. */
export interface AnswerHeaders {
  readonly requestId: string | null;
  /** When the upstream wants the next request about the response, RFC 3339; null where it does not say. */
  readonly retryAfter: string | null;
}

export function readAnswerHeaders({ status, headers }: Response, nowMs: number): AnswerHeaders {
  return { requestId: headers.get('x-request-id'), retryAfter: retryAfter({ status, headers, words: '' }, nowMs) };
}

export interface ResponseReaderOptions extends AnswerHeaders {
  /** The create request that this answers; null where the response was created by an earlier request. */
  readonly request: RequestFeatures | null;
  /** Null while the response has no id yet. */
  readonly responseId: string | null;
  /** The sequence number after which the stream was requested. */
  readonly after: number | null;
  readonly known: readonly KnownImage[];
}

export class ResponseReader<P> implements EventReader<P> {
  readonly resumed: boolean;
  readonly retryAfter: string | null;
  readonly #items: ImageItems<P>;
  readonly #cursor: ResumeCursor;
  readonly #texts = new MessageTexts();
  readonly #itemReports = new ResponseItemReports();
  #facts: RunFacts;
  #reported: ImageSettings | null = null;
  #hasEvents = false;
  #completed = false;

  constructor(collector: PictureCollector<P>, options: ResponseReaderOptions) {
    const { requestId, request, responseId } = options;
    this.#items = new ImageItems(collector, options.known);
    this.#cursor = new ResumeCursor(options.after);
    this.resumed = request === null;
    this.retryAfter = options.retryAfter;
    // A response from an earlier request was accepted then, so `accepted` is not delivered again.
    this.#facts = { ...NOTHING_KNOWN, ...request, requestId, responseId, accepted: this.resumed };
  }

  get completed(): boolean {
    return this.#completed;
  }

  get hasEvents(): boolean {
    return this.#hasEvents;
  }

  get facts(): RunFacts {
    return this.#facts;
  }

  get #settings(): ImageSettings {
    return this.#reported ?? NO_SETTINGS;
  }

  readonly shouldDecode = (location: PictureLocation): boolean => this.#items.shouldDecode(location);

  /** @throws {ProviderError} when the event says that the response ended without completing. */
  read(event: UpstreamEvent): AsyncGenerator<ProviderEvent<P>, void> {
    this.#items.beginEvent();
    const isComplete = () => event.isCut !== true && !this.#items.needsReread;
    return withResumeCursor(event, this.#readEvent(event), this.#cursor, isComplete);
  }

  /**
   * A response says itself that it has ended. Where a service leaves that out and says only that its stream is over, the
   * response has ended with the items that have. One with a completion window is answered with a document that says that
   * it is queued.
   */
  async *readEnd({ how }: BodyEnd, form: 'stream' | 'json'): AsyncGenerator<ProviderEvent<P>, void> {
    const { accepted, responseId, completionWindow } = this.#facts;
    if (form === 'json' && completionWindow !== null && accepted && responseId !== null) {
      this.#completed = true;
      yield { type: 'running', retryAfter: this.retryAfter, upstreamSequence: null };
      return;
    }
    if (how !== 'over' || !this.#items.allEnded) return;
    for await (const item of this.#readOutcome('completed', {}))
      yield { ...item, upstreamSequence: this.#cursor.value };
  }

  /** As `read`, without a stream to resume: delivers the images of a response that has not ended as well. */
  async *readSnapshotEvent(event: UpstreamEvent): AsyncGenerator<ProviderEventData<P>, void> {
    yield* this.#readEvent(event);
    if (!this.#completed) yield* this.#readOutput(asObject(event.data['response']) ?? {});
  }

  async *#readEvent(event: UpstreamEvent): AsyncGenerator<ProviderEventData<P>, void> {
    const { type, data } = event;
    if (type === 'error') throw mapErrorEvent(asObject(data['error']) ?? data, this.#facts);
    if (!type.startsWith('response.')) return;
    this.#hasEvents = true;
    const response = asObject(data['response']);
    if (response !== null) this.#noteResponse(response);
    yield* this.#accept();
    const ending = endingOf(event);
    if (ending !== null && event.isCut) yield* this.#readOutput(response ?? {});
    else if (ending !== null) yield* this.#readOutcome(ending, response ?? {}, data);
    if (ending !== null) return;
    switch (type) {
      case 'response.output_item.added':
        this.#items.announce(data);
        break;
      case 'response.image_generation_call.partial_image':
        // The index of a partial image comes behind its bytes, and it is only a preview.
        if (event.isCut !== true) yield* this.#items.readPartial(data, this.#settings);
        break;
      case 'response.output_item.done':
        yield* this.#readStreamedItem(asObject(data['item']) ?? {}, asIndex(data['output_index']));
        break;
      case 'response.image_generation_call.in_progress':
      case 'response.image_generation_call.generating':
      case 'response.image_generation_call.completed':
        this.#items.witness(data);
        break;
      default:
        // Some services give a finished response another status.
        yield* this.#readOutput(response ?? {}, (item) => pictureIn(item) !== null);
    }
  }

  /** Delivers the images of the response document itself. @param counts which of its items are read */
  async *#readOutput(
    response: JsonObject,
    counts: (item: JsonObject) => boolean = () => true,
  ): AsyncGenerator<ProviderEventData<P>, void> {
    const output = asList(response['output']).map((item) => asObject(item) ?? {});
    if (!output.some(counts)) return;
    this.#items.beginDocument(output);
    for (const [index, item] of output.entries()) if (counts(item)) yield* this.#readItem(item, index, true);
  }

  #noteResponse(response: JsonObject): void {
    this.#reported = settingsOfResponse(response, this.#reported);
    this.#facts = { ...this.#facts, responseId: this.#facts.responseId ?? asText(response['id']) };
  }

  *#accept(): Generator<ProviderEventData<P>, void> {
    if (this.#facts.accepted) return;
    this.#facts = { ...this.#facts, accepted: true };
    const { responseId, requestId } = this.#facts;
    yield { type: 'accepted', responseId, requestId, reported: this.#reported };
  }

  async *#readStreamedItem(item: JsonObject, outputIndex: number | null): AsyncGenerator<ProviderEventData<P>, void> {
    if (item['type'] === 'image_generation_call') this.#itemReports.note(item, outputIndex);
    yield* this.#readItem(item, outputIndex, false);
  }

  async *#readItem(
    item: JsonObject,
    outputIndex: number | null,
    inDocument: boolean,
  ): AsyncGenerator<ProviderEventData<P>, void> {
    if (item['type'] === 'message') {
      this.#texts.add(item, outputIndex);
      this.#facts = { ...this.#facts, text: this.#texts.text };
    }
    if (item['type'] !== 'image_generation_call') return;
    yield* this.#items.readItem(item, { id: asText(item['id']), outputIndex, inDocument }, this.#settings);
  }

  /** @param event the last one; some services report the usage beside the response */
  async *#readOutcome(
    ending: ResponseEnding,
    response: JsonObject,
    event: JsonObject = {},
  ): AsyncGenerator<ProviderEventData<P>, void> {
    // Only now: before the end a response reports zeros, which would make its images look free.
    const usage = usageOfResponse(withUsage(response, event), this.#reported, this.#itemReports.at(response));
    this.#facts = { ...this.#facts, usage };
    yield* this.#readOutput(response);
    const { anyDone, anyMissing, missingReason } = this.#items;
    const completed = outcomeOf(ending, response, { facts: this.#facts, anyDone, anyMissing, missingReason });
    this.#completed = true;
    yield completed;
  }
}
