/**
 * The events of one upstream response, told as the provider's events.
 *
 * Two rules make it safe to read what proxies and compatible services send:
 * - Bytes decide. A picture that arrived whole is the picture, whatever `status` or the missing events around it say.
 * - Every event is taken for what it is about (this item, that stage), and a second one about the same changes nothing.
 *   So an event that is sent twice is harmless, and `sequence_number` is not consulted at all: some services leave it
 *   out or send 0 throughout, and a filter on it would lose pictures there.
 */
import { NO_SETTINGS } from '../../domain/options.ts';
import type { ProviderError, ProviderEvent } from '../image-provider.ts';
import type { Verdict } from './error-table.ts';
import { fromErrorReport, fromIncomplete, noImage, type RunFacts, runFailure } from './errors.ts';
import type { UpstreamEvent } from './event-decoder.ts';
import { ImageSlots } from './image-slots.ts';
import { asIndex, asList, asObject, asText, type JsonObject } from './json-values.ts';
import { type PicturePlace, pictureNumber } from './picture-extractor.ts';
import type { PictureFlaw, PictureIntake } from './picture-intake.ts';
import { settingsOfImage, settingsOfTool } from './reported-settings.ts';

const FLAWS: Readonly<Record<PictureFlaw, Verdict>> = {
  damaged: {
    code: 'UPSTREAM_UNAVAILABLE',
    retryable: true,
    message: 'The upstream sent a picture whose bytes are damaged.',
  },
  'too-large': {
    code: 'INTERNAL',
    retryable: false,
    message: 'The upstream sent a picture that is larger than this server takes.',
  },
};

export interface ResponseReaderOptions {
  readonly requestId: string | null;
  /** Whether the request built on an upstream response or item. */
  readonly usesContext: boolean;
}

export class ResponseReader<P> {
  readonly #intake: PictureIntake<P>;
  readonly #options: ResponseReaderOptions;
  readonly #slots = new ImageSlots();
  readonly #texts = new Map<unknown, string>();
  #tool = NO_SETTINGS;
  #accepted = false;
  #completed = false;
  /** Why a picture did not come, in case none comes at all. */
  #missing: ProviderError | null = null;

  constructor(intake: PictureIntake<P>, options: ResponseReaderOptions) {
    this.#intake = intake;
    this.#options = options;
  }

  /** True once the response has completed: there is nothing more to read. */
  get completed(): boolean {
    return this.#completed;
  }

  get facts(): RunFacts {
    return { ...this.#options, accepted: this.#accepted };
  }

  /** A picture is worth decoding unless it is known already, as in the repetition of all items at the end. */
  wants(place: PicturePlace): boolean {
    return place.objectId === null || !this.#slots.isDone(place.objectId);
  }

  /**
   * Takes the pictures of the event that count, and tells what happened.
   * @throws {ProviderError} when the event says that the response ended, and not well.
   */
  async *read({ type, data }: UpstreamEvent): AsyncGenerator<ProviderEvent<P>, void> {
    if (type === 'error') throw fromErrorReport(asObject(data['error']) ?? data, this.facts);
    if (!type.startsWith('response.')) return;
    const response = asObject(data['response']);
    if (response !== null) this.#tool = settingsOfTool(response) ?? this.#tool;
    yield* this.#accept(response);
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
        yield* this.#readEnd(type, response ?? {});
        break;
      default:
    }
  }

  *#accept(response: JsonObject | null): Generator<ProviderEvent<P>, void> {
    if (this.#accepted) return;
    this.#accepted = true;
    yield { type: 'accepted', responseId: asText(response?.['id']), requestId: this.#options.requestId };
  }

  #noteItem(data: JsonObject): void {
    const item = asObject(data['item']);
    if (item?.['type'] === 'image_generation_call') this.#slots.of(asText(item['id']), asIndex(data['output_index']));
  }

  async *#readPartial(data: JsonObject): AsyncGenerator<ProviderEvent<P>, void> {
    const picture = pictureNumber(data['partial_image_b64'] ?? data['b64_json']);
    const slot = this.#slots.of(asText(data['item_id']), asIndex(data['output_index']));
    const partialIndex = asIndex(data['partial_image_index']) ?? slot.partials.size;
    // A preview behind its picture, one that was shown, one that cannot be shown: none is worth an error.
    if (picture === null || slot.done || slot.partials.has(partialIndex)) return;
    if (this.#intake.flawOf(picture) !== null) return;
    const receipt = await this.#intake.take(picture);
    slot.partials.add(partialIndex);
    yield {
      type: 'partial',
      itemId: slot.itemId,
      imageIndex: slot.index,
      partialIndex,
      picture: receipt,
      actual: settingsOfImage(data, this.#tool),
    };
  }

  async *#readItem(item: JsonObject, outputIndex: number | null): AsyncGenerator<ProviderEvent<P>, void> {
    if (item['type'] === 'message') this.#noteText(item, outputIndex);
    if (item['type'] !== 'image_generation_call') return;
    const slot = this.#slots.of(asText(item['id']), outputIndex);
    const picture = pictureNumber(item['result'] ?? item['b64_json']);
    if (slot.done) return;
    const flaw = picture === null ? null : this.#intake.flawOf(picture);
    if (picture === null || flaw !== null) {
      this.#noteMissing(item, flaw);
      return;
    }
    const receipt = await this.#intake.take(picture);
    slot.done = true;
    yield {
      type: 'image',
      itemId: slot.itemId,
      imageIndex: slot.index,
      picture: receipt,
      revisedPrompt: asText(item['revised_prompt']),
      actual: settingsOfImage(item, this.#tool),
    };
  }

  #noteMissing(item: JsonObject, flaw: PictureFlaw | null): void {
    const report = asObject(item['error']);
    if (flaw !== null) this.#missing = runFailure(FLAWS[flaw], this.facts);
    else if (report !== null) this.#missing = fromErrorReport(report, this.facts);
    else if (item['status'] === 'failed') this.#missing ??= fromErrorReport({ code: 'server_error' }, this.facts);
  }

  #noteText(item: JsonObject, outputIndex: number | null): void {
    const text = asList(item['content'])
      .map((part) => asText(asObject(part)?.['text']) ?? asText(asObject(part)?.['refusal']))
      .filter((part) => part !== null)
      .join('\n');
    if (text.trim() !== '') this.#texts.set(asText(item['id']) ?? outputIndex, text);
  }

  async *#readEnd(type: string, response: JsonObject): AsyncGenerator<ProviderEvent<P>, void> {
    for (const [index, item] of asList(response['output']).entries())
      yield* this.#readItem(asObject(item) ?? {}, index);
    if (type === 'response.failed') throw this.#failed(asObject(response['error']));
    if (type !== 'response.completed') {
      throw fromIncomplete(asText(asObject(response['incomplete_details'])?.['reason']), this.facts);
    }
    const text = this.#texts.size === 0 ? null : [...this.#texts.values()].join('\n');
    if (!this.#slots.anyDone) throw this.#missing ?? noImage(text, this.facts);
    this.#completed = true;
    yield {
      type: 'completed',
      responseId: asText(response['id']),
      text,
      usage: response['usage'] ?? null,
      toolUsage: response['tool_usage'] ?? null,
    };
  }

  /** A block by the safety system is told with its details in the image item, and only in general in the response. */
  #failed(report: JsonObject | null): ProviderError {
    if (this.#missing?.failure.code === 'MODERATION_BLOCKED' || report === null) {
      return this.#missing ?? fromErrorReport({ code: 'server_error' }, this.facts);
    }
    return fromErrorReport(report, this.facts);
  }
}
