/**
 * The events of one upstream response, told as the provider's events.
 *
 * Two rules make it safe to read what proxies and compatible services send:
 * - Bytes decide. A picture that arrived whole is the picture, whatever `status` or the missing events around it say.
 * - Every event is taken for what it is about (this item, that stage), and a second one about the same changes nothing.
 *   So an event that is sent twice is harmless, and nothing is left out by its `sequence_number`: some services leave
 *   it out or send 0 throughout, and a filter on it would lose pictures there. It only serves to say where to resume.
 */
import { type ImageSettings, NO_SETTINGS } from '../../../domain/options.ts';
import type { KnownImage, ProviderError, ProviderEvent, ProviderEventData } from '../../image-provider.ts';
import {
  cancelled,
  defectivePicture,
  failedPicture,
  mapErrorEvent,
  mapFailedReport,
  mapIncomplete,
  NOTHING_KNOWN,
  noImage,
  type RunFacts,
} from '../errors/run-failure.ts';
import type { RequestFeatures } from '../errors/unsupported-features.ts';
import { asIndex, asList, asObject, asText, type JsonObject } from '../json-values.ts';
import { settingsOfImage, settingsOfResponse } from '../reported-settings.ts';
import type { EventReader } from '../stream/event-body.ts';
import type { UpstreamEvent } from '../stream/event-decoder.ts';
import type { PictureCollector, PictureDefect } from '../stream/picture-collector.ts';
import { type PictureLocation, pictureNumber } from '../stream/picture-extractor.ts';
import { usageOfResponse } from '../usage/reported-usage.ts';
import { ImageTracker, type TrackedImage } from './image-tracker.ts';
import { MessageTexts } from './message-texts.ts';
import { ResumeCursor, withResumeCursor } from './resume-cursor.ts';

export interface ResponseReaderOptions {
  readonly requestId: string | null;
  /** The request whose answer this is; null where a response is read that was created earlier. */
  readonly request: RequestFeatures | null;
  /** The response that is read; null while it has no name yet. */
  readonly responseId: string | null;
  /** The number behind which its stream was asked for. */
  readonly after: number | null;
  readonly known: readonly KnownImage[];
}

export class ResponseReader<P> implements EventReader<P> {
  readonly #collector: PictureCollector<P>;
  readonly #slots: ImageTracker;
  readonly #mark: ResumeCursor;
  readonly #texts = new MessageTexts();
  readonly #resumed: boolean;
  #facts: RunFacts;
  #reported: ImageSettings | null = null;
  #heard = false;
  #completed = false;
  /** False once the event that is being read held something that it has to be read again for after a break. */
  #told = true;
  /** Why a picture did not come, in case none comes at all. */
  #missing: ((facts: RunFacts) => ProviderError) | null = null;

  constructor(collector: PictureCollector<P>, options: ResponseReaderOptions) {
    const { requestId, request, responseId } = options;
    this.#collector = collector;
    this.#slots = new ImageTracker(options.known);
    this.#mark = new ResumeCursor(options.after);
    this.#resumed = request === null;
    // A response that was created earlier was accepted then, and is not accepted again.
    this.#facts = { ...NOTHING_KNOWN, ...request, requestId, responseId, accepted: this.#resumed };
  }

  /** True once the response has completed: there is nothing more to read. */
  get completed(): boolean {
    return this.#completed;
  }

  /** Whether any event of a response came. */
  get heard(): boolean {
    return this.#heard;
  }

  get facts(): RunFacts {
    return this.#facts;
  }

  /** Whether it reads on in a response that was created earlier. */
  get resumed(): boolean {
    return this.#resumed;
  }

  get #settings(): ImageSettings {
    return this.#reported ?? NO_SETTINGS;
  }

  /** A picture is worth decoding unless it is known already, as in the repetition of all items at the end. */
  readonly shouldDecode = (place: PictureLocation): boolean =>
    place.objectId === null || !this.#slots.isDone(place.objectId);

  /**
   * Takes the pictures of the event that count, and tells what happened and how far the stream is told by it.
   * @throws {ProviderError} when the event says that the response ended, and not well.
   */
  read(event: UpstreamEvent): AsyncGenerator<ProviderEvent<P>, void> {
    this.#told = true;
    return withResumeCursor(event, this.tell(event), this.#mark, () => this.#told);
  }

  /** A response says itself that it has ended; a body that just ends says nothing. */
  async *readEnd(): AsyncGenerator<ProviderEvent<P>, void> {}

  /** As `read`, for an event that is no part of a stream. */
  async *tell({ type, data }: UpstreamEvent): AsyncGenerator<ProviderEventData<P>, void> {
    if (type === 'error') throw mapErrorEvent(asObject(data['error']) ?? data, this.#facts);
    if (!type.startsWith('response.')) return;
    this.#heard = true;
    const response = asObject(data['response']);
    if (response !== null) this.#noteResponse(response);
    yield* this.#accept();
    switch (type) {
      case 'response.output_item.added':
        this.#noteItem(data);
        break;
      case 'response.image_generation_call.partial_image':
        yield* this.#readPartial(data);
        break;
      case 'response.output_item.done':
        yield* this.#readItem(asObject(data['item']) ?? {}, asIndex(data['output_index']));
        break;
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
      case 'response.cancelled':
        this.#noteUsage(response ?? {});
        yield* this.tellOutput(response ?? {});
        yield this.#readEnd(type, response ?? {});
        break;
      default:
    }
  }

  /** Takes the pictures that stand in the response itself. */
  async *tellOutput(response: JsonObject): AsyncGenerator<ProviderEventData<P>, void> {
    for (const [index, item] of asList(response['output']).entries())
      yield* this.#readItem(asObject(item) ?? {}, index);
  }

  #noteResponse(response: JsonObject): void {
    this.#reported = settingsOfResponse(response, this.#reported);
    this.#facts = { ...this.#facts, responseId: this.#facts.responseId ?? asText(response['id']) };
  }

  /** Of a response that has ended: before that it counts zeros, which would make whatever it drew free. */
  #noteUsage(response: JsonObject): void {
    const usage = usageOfResponse({
      usage: response['usage'],
      toolUsage: response['tool_usage'],
      mainlineModel: this.#reported?.mainlineModel ?? null,
      imageModel: this.#reported?.model ?? null,
    });
    this.#facts = { ...this.#facts, usage };
  }

  *#accept(): Generator<ProviderEventData<P>, void> {
    if (this.#facts.accepted) return;
    this.#facts = { ...this.#facts, accepted: true };
    const { responseId, requestId } = this.#facts;
    yield { type: 'accepted', responseId, requestId, reported: this.#reported };
  }

  #noteItem(data: JsonObject): void {
    const item = asObject(data['item']);
    if (item?.['type'] === 'image_generation_call') this.#slots.of(asText(item['id']), asIndex(data['output_index']));
  }

  async *#readPartial(data: JsonObject): AsyncGenerator<ProviderEventData<P>, void> {
    const picture = pictureNumber(data['partial_image_b64'] ?? data['b64_json']);
    const slot = this.#slots.of(asText(data['item_id']), asIndex(data['output_index']));
    const partialIndex = asIndex(data['partial_image_index']) ?? slot.partials.size;
    // A preview behind its picture, one that was shown, one that cannot be shown: none is worth an error.
    if (picture === null || slot.done || slot.partials.has(partialIndex)) return;
    if (this.#collector.defectOf(picture) !== null) return;
    const receipt = await this.#collector.take(picture);
    slot.partials.add(partialIndex);
    yield {
      type: 'partial',
      itemId: slot.itemId,
      imageIndex: slot.index,
      partialIndex,
      picture: receipt,
      actual: settingsOfImage(data, this.#settings),
    };
  }

  async *#readItem(item: JsonObject, outputIndex: number | null): AsyncGenerator<ProviderEventData<P>, void> {
    if (item['type'] === 'message') this.#noteText(item, outputIndex);
    if (item['type'] !== 'image_generation_call') return;
    const slot = this.#slots.of(asText(item['id']), outputIndex);
    const picture = pictureNumber(item['result'] ?? item['b64_json']);
    if (slot.done) return;
    const defect = picture === null ? null : this.#collector.defectOf(picture);
    if (picture === null || defect !== null) {
      this.#noteMissing(slot, item, defect);
      return;
    }
    const receipt = await this.#collector.take(picture);
    slot.done = true;
    yield {
      type: 'image',
      itemId: slot.itemId,
      imageIndex: slot.index,
      picture: receipt,
      revisedPrompt: asText(item['revised_prompt']),
      actual: settingsOfImage(item, this.#settings),
    };
  }

  #noteMissing(slot: TrackedImage, item: JsonObject, defect: PictureDefect | null): void {
    const report = asObject(item['error']);
    if (defect !== null) this.#missing = (facts) => defectivePicture(defect, facts);
    else if (report !== null) this.#missing = (facts) => mapFailedReport(report, facts);
    else if (item['status'] === 'failed') this.#missing ??= failedPicture;
    else {
      slot.empty = item['status'] !== 'in_progress';
      return;
    }
    // Read again after a break, a damaged picture may come whole; and why a picture failed stands nowhere else.
    this.#told = false;
  }

  #noteText(message: JsonObject, outputIndex: number | null): void {
    this.#texts.note(message, outputIndex);
    this.#facts = { ...this.#facts, text: this.#texts.whole };
  }

  /** @throws {ProviderError} when the response did not end well, or without a picture. */
  #readEnd(type: string, response: JsonObject): ProviderEventData<P> {
    if (type === 'response.failed') throw this.#failed(asObject(response['error']));
    if (type === 'response.cancelled') throw cancelled(this.#facts);
    if (type === 'response.incomplete') throw this.#blocked() ?? mapIncomplete(response, this.#facts);
    const imagesMissing = this.#slots.anyMissing;
    if (!this.#slots.anyDone && this.#missing !== null) throw this.#missing(this.#facts);
    if (!this.#slots.anyDone && !imagesMissing) throw noImage(this.#facts);
    this.#completed = true;
    const { responseId, usage, text } = this.#facts;
    return { type: 'completed', responseId, text, usage, imagesMissing };
  }

  #failed(report: JsonObject | null): ProviderError {
    const otherwise = report === null ? this.#missing?.(this.#facts) : mapFailedReport(report, this.#facts);
    return this.#blocked() ?? otherwise ?? mapFailedReport({ code: 'server_error' }, this.#facts);
  }

  /** A block by the safety system is told with its details in the image item, and only in general in the response. */
  #blocked(): ProviderError | null {
    const missing = this.#missing?.(this.#facts);
    return missing?.failure.code === 'MODERATION_BLOCKED' ? missing : null;
  }
}
