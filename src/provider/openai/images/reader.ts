/**
 * What the Image API answers, told as the provider's events: a stream with the partials of one picture, or one document
 * with all pictures. There are no ids and no numbers; a picture is known by its place. As in response-reader.ts, bytes
 * decide, and what comes twice is told once.
 */
import { type ImageSettings, NO_SETTINGS } from '../../../domain/options.ts';
import type { ProviderEvent, ProviderEventData } from '../../image-provider.ts';
import { defectivePicture, mapErrorEvent, NOTHING_KNOWN, noImage, type RunFacts } from '../errors/run-failure.ts';
import type { RequestFeatures } from '../errors/unsupported-features.ts';
import { asIndex, asList, asObject, asText, type JsonObject } from '../json-values.ts';
import { settingsOfImage } from '../reported-settings.ts';
import type { EventReader } from '../stream/event-body.ts';
import type { UpstreamEvent } from '../stream/event-decoder.ts';
import type { PictureCollector, PictureDefect } from '../stream/picture-collector.ts';
import { pictureNumber } from '../stream/picture-extractor.ts';
import type { BodyEnd } from '../stream/watched-body.ts';
import { usageOfImages } from '../usage/reported-usage.ts';

export interface ImagesReaderOptions {
  readonly requestId: string | null;
  readonly request: RequestFeatures;
  /** How many pictures were asked for. */
  readonly count: number;
}

export class ImagesReader<P> implements EventReader<P> {
  readonly resumed = false;
  readonly #collector: PictureCollector<P>;
  readonly #asked: ImagesReaderOptions;
  readonly #partials = new Set<string>();
  #pictures = 0;
  #defect: PictureDefect | null = null;
  #completed = false;
  #facts: RunFacts;

  constructor(collector: PictureCollector<P>, options: ImagesReaderOptions) {
    this.#collector = collector;
    this.#asked = options;
    this.#facts = { ...NOTHING_KNOWN, ...options.request, requestId: options.requestId };
  }

  get completed(): boolean {
    return this.#completed;
  }

  get heard(): boolean {
    return this.#facts.accepted;
  }

  get facts(): RunFacts {
    return this.#facts;
  }

  readonly shouldDecode = (): boolean => true;

  async *read(event: UpstreamEvent): AsyncGenerator<ProviderEvent<P>, void> {
    for await (const news of this.#tell(event)) yield { ...news, upstreamSequence: null };
  }

  /**
   * A connection that breaks inside a document has often brought some of its pictures whole: they are paid for, and
   * nothing can ever read on in this API. A stream that ends cleanly behind a picture only had fewer than were asked for.
   */
  async *readEnd(end: BodyEnd, form: 'stream' | 'json'): AsyncGenerator<ProviderEvent<P>, void> {
    const news = form === 'json' ? this.#tellWhole() : this.#tellEnd(end);
    for await (const piece of news) yield { ...piece, upstreamSequence: null };
  }

  async *#tellWhole(): AsyncGenerator<ProviderEventData<P>, void> {
    for (const picture of this.#collector.completePictures()) {
      yield* this.#accept();
      yield await this.#takePicture(picture, picture, {});
    }
  }

  async *#tellEnd(end: BodyEnd): AsyncGenerator<ProviderEventData<P>, void> {
    if (end.how === 'closed' && this.#pictures > 0) yield this.#complete();
  }

  async *#tell({ type, data }: UpstreamEvent): AsyncGenerator<ProviderEventData<P>, void> {
    if (type === 'error') throw mapErrorEvent(asObject(data['error']) ?? data, this.#facts);
    // One document is given as the event of a response, because that is what it mostly is.
    const document = asObject(data['response']) ?? (Array.isArray(data['data']) ? data : null);
    if (document !== null) yield* this.#tellDocument(document);
    else if (type.endsWith('.partial_image')) yield* this.#tellPartial(data);
    else if (type.endsWith('.completed')) yield* this.#tellPicture(data);
  }

  *#accept(): Generator<ProviderEventData<P>, void> {
    if (this.#facts.accepted) return;
    this.#facts = { ...this.#facts, accepted: true };
    yield { type: 'accepted', responseId: null, requestId: this.#facts.requestId, reported: null };
  }

  async *#tellDocument(document: JsonObject): AsyncGenerator<ProviderEventData<P>, void> {
    yield* this.#accept();
    this.#noteUsage(document);
    for (const [index, entry] of asList(document['data']).entries()) {
      const item = asObject(entry) ?? {};
      const picture = this.#usable(item);
      // What all pictures have in common stands beside them.
      if (picture !== null) yield await this.#takePicture(picture, index, { ...document, ...item });
    }
    yield this.#complete();
  }

  async *#tellPartial(data: JsonObject): AsyncGenerator<ProviderEventData<P>, void> {
    yield* this.#accept();
    const picture = pictureNumber(data['b64_json'] ?? data['partial_image_b64']);
    const imageIndex = this.#pictures;
    const partialIndex = asIndex(data['partial_image_index']) ?? this.#partials.size;
    const key = `${imageIndex}/${partialIndex}`;
    // A preview that was shown, or cannot be: neither is worth an error.
    if (picture === null || this.#partials.has(key) || this.#collector.defectOf(picture) !== null) return;
    const receipt = await this.#collector.take(picture);
    this.#partials.add(key);
    const actual = settingsOf(data);
    yield { type: 'partial', itemId: null, imageIndex, partialIndex, picture: receipt, actual };
  }

  async *#tellPicture(data: JsonObject): AsyncGenerator<ProviderEventData<P>, void> {
    yield* this.#accept();
    this.#noteUsage(data);
    const picture = this.#usable(data);
    if (picture !== null) yield await this.#takePicture(picture, this.#pictures, data);
    // Whoever streams several pictures, though that was not asked for, completes each of them.
    if (this.#pictures >= this.#asked.count || picture === null) yield this.#complete();
  }

  #noteUsage(holder: JsonObject): void {
    const usage = usageOfImages(holder['usage'], asText(holder['model'])) ?? this.#facts.usage;
    this.#facts = { ...this.#facts, usage };
  }

  #usable(item: JsonObject): number | null {
    const picture = pictureNumber(item['b64_json'] ?? item['result']);
    const defect = picture === null ? null : this.#collector.defectOf(picture);
    this.#defect ??= defect;
    return defect === null ? picture : null;
  }

  async #takePicture(picture: number, imageIndex: number, item: JsonObject): Promise<ProviderEventData<P>> {
    const receipt = await this.#collector.take(picture);
    this.#pictures += 1;
    return {
      type: 'image',
      itemId: null,
      imageIndex,
      picture: receipt,
      revisedPrompt: asText(item['revised_prompt']),
      actual: settingsOf(item),
    };
  }

  /** @throws {ProviderError} when no picture came. */
  #complete(): ProviderEventData<P> {
    if (this.#pictures === 0)
      throw this.#defect === null ? noImage(this.#facts) : defectivePicture(this.#defect, this.#facts);
    this.#completed = true;
    return { type: 'completed', responseId: null, text: null, usage: this.#facts.usage, imagesMissing: false };
  }
}

/** The upstream names no model here, though some services do; which one was asked for says nothing of the one used. */
function settingsOf(item: JsonObject): ImageSettings {
  return settingsOfImage(item, { ...NO_SETTINGS, model: asText(item['model']) });
}
