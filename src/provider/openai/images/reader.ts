/**
 * Turns an answer of the Image API (a stream with the partials of one image, or one document with all images) into the
 * provider's events. There are no ids and no sequence numbers: an image is identified by its position. As in
 * responses/reader.ts, bytes decide, and repeated pictures are delivered once.
 */
import { type ImageSettings, NO_SETTINGS } from '../../../domain/generation/options.ts';
import type { ProviderError, ProviderEvent, ProviderEventData } from '../../image-provider.ts';
import { NOTHING_KNOWN, type RunFacts } from '../errors/run-failure.ts';
import { defectivePicture, filteredImage, mapErrorEvent, noImage } from '../errors/stream-errors.ts';
import type { RequestFeatures } from '../errors/unsupported-features.ts';
import { asIndex, asList, asObject, asText, type JsonObject } from '../json-values.ts';
import { settingsOfImage } from '../reported-settings.ts';
import { type EventReader, endedCleanly } from '../stream/event-body.ts';
import type { UpstreamEvent } from '../stream/event-decoder.ts';
import type { PictureCollector, PictureDefect } from '../stream/pictures/picture-collector.ts';
import { pictureNumber } from '../stream/pictures/picture-extractor.ts';
import type { BodyEnd } from '../stream/watched-body.ts';
import { reportsOf } from '../usage/item-reports.ts';
import { usageOfImages } from '../usage/reported-usage.ts';

/** OpenAI's is `completed`. */
const ENDINGS = /\.(?:completed|done)$/u;

export interface ImagesReaderOptions {
  readonly requestId: string | null;
  readonly request: RequestFeatures;
  /** How many images were requested. */
  readonly count: number;
}

export class ImagesReader<P> implements EventReader<P> {
  readonly resumed = false;
  readonly #collector: PictureCollector<P>;
  readonly #count: number;
  readonly #partials = new Set<string>();
  /** The events of a stream that each end an image. */
  readonly #ended: JsonObject[] = [];
  #images = 0;
  #defect: PictureDefect | null = null;
  /** Set when a content filter took an image out of the answer. */
  #filtered: ProviderError | null = null;
  #completed = false;
  #facts: RunFacts;

  constructor(collector: PictureCollector<P>, { requestId, request, count }: ImagesReaderOptions) {
    this.#collector = collector;
    this.#count = count;
    this.#facts = { ...NOTHING_KNOWN, ...request, requestId };
  }

  get completed(): boolean {
    return this.#completed;
  }

  get hasEvents(): boolean {
    return this.#facts.accepted;
  }

  get facts(): RunFacts {
    return this.#facts;
  }

  readonly shouldDecode = (): boolean => true;

  async *read(event: UpstreamEvent): AsyncGenerator<ProviderEvent<P>, void> {
    for await (const item of this.#readEvent(event)) yield { ...item, upstreamSequence: null };
  }

  /**
   * A connection that fails in the middle of a document has often delivered some of its images completely, which were read
   * with what came of the document. A stream that ends cleanly after an image only had fewer images than requested.
   */
  async *readEnd(end: BodyEnd, form: 'stream' | 'json'): AsyncGenerator<ProviderEvent<P>, void> {
    if (form === 'json') return;
    for await (const item of this.#readCleanEnd(end)) yield { ...item, upstreamSequence: null };
  }

  async *#readCleanEnd(end: BodyEnd): AsyncGenerator<ProviderEventData<P>, void> {
    if (endedCleanly(end) && this.#images > 0) yield this.#complete();
  }

  async *#readEvent({ type, data, isCut = false }: UpstreamEvent): AsyncGenerator<ProviderEventData<P>, void> {
    if (type === 'error') throw mapErrorEvent(asObject(data['error']) ?? data, this.#facts);
    // The decoder wraps a document in a response event, because most documents are responses.
    const document = asObject(data['response']) ?? (Array.isArray(data['data']) ? data : null);
    if (document !== null) yield* this.#readDocument(document, isCut);
    else if (type.endsWith('.partial_image')) yield* this.#readPartial(data, isCut);
    else if (ENDINGS.test(type)) yield* this.#readImage(data, isCut);
  }

  *#accept(): Generator<ProviderEventData<P>, void> {
    if (this.#facts.accepted) return;
    this.#facts = { ...this.#facts, accepted: true };
    yield { type: 'accepted', responseId: null, requestId: this.#facts.requestId, reported: null };
  }

  async *#readDocument(document: JsonObject, isCut: boolean): AsyncGenerator<ProviderEventData<P>, void> {
    yield* this.#accept();
    this.#noteUsage(document, itemsOf(document));
    for (const [index, item] of itemsOf(document).entries()) {
      const picture = this.#usablePicture(item);
      // The document holds the settings that all images share.
      if (picture !== null) yield await this.#takeImage(picture, index, { ...document, ...item });
    }
    if (!isCut) yield this.#complete();
  }

  async *#readPartial(data: JsonObject, isCut: boolean): AsyncGenerator<ProviderEventData<P>, void> {
    yield* this.#accept();
    // Its index comes behind its bytes, and it is only a preview.
    if (isCut) return;
    const picture = pictureNumber(data['b64_json'] ?? data['partial_image_b64']);
    const imageIndex = this.#images;
    const partialIndex = asIndex(data['partial_image_index']) ?? this.#partials.size;
    const key = `${imageIndex}/${partialIndex}`;
    // A partial that is repeated or unusable is skipped: it is only a preview.
    if (picture === null || this.#partials.has(key) || this.#collector.defectOf(picture) !== null) return;
    const receipt = await this.#collector.takePartial(picture);
    this.#partials.add(key);
    const actual = settingsOf(data);
    yield { type: 'partial', itemId: null, imageIndex, partialIndex, picture: receipt, actual };
  }

  async *#readImage(data: JsonObject, isCut: boolean): AsyncGenerator<ProviderEventData<P>, void> {
    yield* this.#accept();
    this.#ended.push(data);
    if (this.#ended.length > 1) this.#noteUsage({ model: data['model'] }, this.#ended);
    else this.#noteUsage(data);
    const picture = this.#usablePicture(data);
    if (picture !== null) yield await this.#takeImage(picture, this.#images, data);
    // A service that streams several images, although that is not requested, completes each of them.
    if (!isCut && (this.#images >= this.#count || picture === null)) yield this.#complete();
  }

  /** @param items the parts of the answer, which may each report their own usage */
  #noteUsage(holder: JsonObject, items: readonly JsonObject[] = []): void {
    const whole = asObject(holder['svg_usage']);
    const reports = reportsOf(items);
    const svgUsage = whole === null ? reports.svgUsage : [whole];
    const model = asText(holder['model']);
    const usage = usageOfImages(holder['usage'], model, { ...reports, svgUsage });
    this.#facts = { ...this.#facts, usage };
  }

  #usablePicture(item: JsonObject): number | null {
    const { picture, defect } = this.#collector.pictureOf(item);
    this.#defect ??= defect;
    if (picture === null) this.#filtered ??= filteredImage(item, this.#facts);
    return defect === null ? picture : null;
  }

  async #takeImage(picture: number, imageIndex: number, item: JsonObject): Promise<ProviderEventData<P>> {
    const receipt = await this.#collector.take(picture);
    this.#images += 1;
    return {
      type: 'image',
      itemId: null,
      imageIndex,
      picture: receipt,
      revisedPrompt: asText(item['revised_prompt']),
      actual: settingsOf(item),
    };
  }

  /** @throws {ProviderError} when no image came. */
  #complete(): ProviderEventData<P> {
    if (this.#images === 0) {
      if (this.#defect !== null) throw defectivePicture(this.#defect, this.#facts);
      throw this.#filtered ?? noImage(this.#facts);
    }
    this.#completed = true;
    // An image whose bytes cannot be used was made all the same, and is paid for.
    const imagesMissing = this.#defect !== null;
    return { type: 'completed', responseId: null, text: null, usage: this.#facts.usage, imagesMissing };
  }
}

/** OpenAI does not report the model here, though some services do. The requested model may not be the one used. */
function settingsOf(item: JsonObject): ImageSettings {
  return settingsOfImage(item, { ...NO_SETTINGS, model: asText(item['model']) });
}

/** Some services leave out the list around their only image. */
function itemsOf(document: JsonObject): readonly JsonObject[] {
  const data = document['data'];
  return (asObject(data) === null ? asList(data) : [data]).map((item) => asObject(item) ?? {});
}
