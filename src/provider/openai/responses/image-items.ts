/**
 * Delivers the images and partial images of one response, each once. Bytes decide: a picture that arrived completely is
 * the image, whatever `status` or missing events around it say.
 */
import type { ImageSettings } from '../../../domain/generation/options.ts';
import type { KnownImage, ProviderEventData } from '../../image-provider.ts';
import { defectivePicture, failedImage, mapFailedReport } from '../errors/stream-errors.ts';
import { asIndex, asObject, asText, type JsonObject } from '../json-values.ts';
import { settingsOfImage } from '../reported-settings.ts';
import type { PictureCollector, PictureDefect } from '../stream/pictures/picture-collector.ts';
import { type PictureLocation, pictureNumber } from '../stream/pictures/picture-extractor.ts';
import { ImageTracker, type ItemPlace, type TrackedImage } from './image-tracker.ts';
import type { MissingReason } from './outcome.ts';

export class ImageItems<P> {
  readonly #collector: PictureCollector<P>;
  readonly #images: ImageTracker;
  #missingReason: MissingReason | null = null;
  #needsReread = false;

  constructor(collector: PictureCollector<P>, known: readonly KnownImage[]) {
    this.#collector = collector;
    this.#images = new ImageTracker(known);
  }

  get anyDone(): boolean {
    return this.#images.anyDone;
  }

  get anyMissing(): boolean {
    return this.#images.anyMissing;
  }

  /** Whether there are images, and the item of each has ended, with its bytes or without. */
  get allEnded(): boolean {
    return this.#images.allEnded;
  }

  /** Why an image is missing, in case no other comes. */
  get missingReason(): MissingReason | null {
    return this.#missingReason;
  }

  /** Whether the current event must be read again after a reconnect. */
  get needsReread(): boolean {
    return this.#needsReread;
  }

  beginEvent(): void {
    this.#needsReread = false;
  }

  /** A picture is decoded unless its image is known: the end of a response repeats all of them. */
  shouldDecode({ objectId }: PictureLocation): boolean {
    return objectId === null || !this.#images.hasFinal(objectId);
  }

  /** Reserves the index of an image when its item is announced. */
  announce(data: JsonObject): void {
    const item = asObject(data['item']);
    if (item?.['type'] === 'image_generation_call') this.#images.announce(placeOf(item['id'], data['output_index']));
  }

  /** Notes an event about an item that holds nothing of its image. */
  witness(data: JsonObject): void {
    this.#images.witness(placeOf(data['item_id'], data['output_index']));
  }

  /** Call it before the items of the output of a response are read. */
  beginDocument(output: readonly unknown[]): void {
    const ids = output.map((item) => asText(asObject(item)?.['id']));
    this.#images.beginDocument(ids.filter((id) => id !== null));
  }

  async *readPartial(data: JsonObject, settings: ImageSettings): AsyncGenerator<ProviderEventData<P>, void> {
    const picture = pictureNumber(data['partial_image_b64'] ?? data['b64_json']);
    const image = this.#images.of(placeOf(data['item_id'], data['output_index']));
    const partialIndex = asIndex(data['partial_image_index']) ?? image.partials.size;
    // A partial that is late, repeated or unusable is skipped: it is only a preview.
    if (picture === null || image.done || image.partials.has(partialIndex)) return;
    if (this.#collector.defectOf(picture) !== null) return;
    const receipt = await this.#collector.takePartial(picture);
    image.partials.add(partialIndex);
    yield {
      type: 'partial',
      itemId: asText(data['item_id']) ?? firstId(image),
      imageIndex: image.index,
      partialIndex,
      picture: receipt,
      actual: settingsOfImage(data, settings),
    };
  }

  /** @param item an `image_generation_call` */
  async *readItem(
    item: JsonObject,
    place: ItemPlace,
    settings: ImageSettings,
  ): AsyncGenerator<ProviderEventData<P>, void> {
    if (this.#images.repeats(place)) return;
    const { picture, defect } = this.#collector.pictureOf(item);
    if (picture === null || defect !== null) {
      const image = this.#images.of(place);
      image.ended = true;
      if (!image.done) this.#noteMissing(image, item, defect);
      return;
    }
    // Taken before it is known whether it came before: only its bytes tell.
    const { receipt, sha256 } = await this.#collector.takeWithHash(picture);
    const image = this.#images.finish(place, sha256);
    if (image === null) return;
    image.ended = true;
    yield {
      type: 'image',
      itemId: place.id ?? firstId(image),
      imageIndex: image.index,
      picture: receipt,
      revisedPrompt: asText(item['revised_prompt']),
      actual: settingsOfImage(item, settings),
    };
  }

  #noteMissing(image: TrackedImage, item: JsonObject, defect: PictureDefect | null): void {
    const report = asObject(item['error']);
    if (defect !== null) this.#missingReason = (facts) => defectivePicture(defect, facts);
    else if (report !== null) this.#missingReason = (facts) => mapFailedReport(report, facts);
    else if (item['status'] === 'failed') this.#missingReason ??= failedImage;
    else {
      image.withoutBytes = item['status'] !== 'in_progress';
      return;
    }
    // After a reconnect a damaged picture may arrive complete, and nothing else reports why an image failed.
    this.#needsReread = true;
  }
}

function placeOf(id: unknown, outputIndex: unknown): ItemPlace {
  return { id: asText(id), outputIndex: asIndex(outputIndex), inDocument: false };
}

function firstId({ ids }: TrackedImage): string | null {
  const [first = null] = ids;
  return first;
}
