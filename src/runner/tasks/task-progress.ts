/** How far one request is: the images and partial images that are stored, and what the upstream said of it. */
import type { TokenUsage } from '../../domain/cost/usage.ts';
import type { ImageSettings } from '../../domain/generation/options.ts';
import type { Image } from '../../domain/images/image.ts';
import type { KnownImage } from '../../provider/image-provider.ts';

/** Which images of its call a request asks for. */
export interface ImageRange {
  /** The index of its first image. */
  readonly task: number;
  /** The distance between two of its images: tasks that run at the same time share the indexes of the call. */
  readonly step: number;
}

/** What an earlier process stored of a request. */
export interface StoredProgress {
  readonly responseId: string | null;
  readonly upstreamSequence: number | null;
  readonly reported: ImageSettings | null;
  readonly images: readonly Image[];
  readonly partials: readonly PartialPlace[];
}

export interface PartialPlace {
  readonly itemId: string | null;
  readonly imageIndex: number;
  /** Which partial image of its image, from 0. */
  readonly index: number;
}

/** Only the EventRecorder of the request changes it. Image indexes are those of the call. */
export class TaskProgress {
  readonly images: Image[];
  readonly partials: PartialPlace[];
  /** The id that the upstream gave its response; null until it did. */
  responseId: string | null;
  /** The position in the stream after which to resume. */
  upstreamSequence: number | null;
  /** The settings that the upstream repeated at the start. */
  reported: ImageSettings | null;
  /** The upstream has ended and says that it made an image, but its bytes did not arrive. */
  imagesMissing = false;
  /** An image arrived whose bytes are not a picture. */
  imageUnreadable = false;
  /** The usage that the upstream reported; null until it did. */
  usage: TokenUsage | null = null;
  /** What the mainline model said, once the upstream has ended well; null when it said nothing. */
  text: string | null = null;
  readonly #range: ImageRange;

  /** @param stored null for a new request; its images and partial images may be those of the whole call */
  constructor(range: ImageRange, stored: StoredProgress | null) {
    this.#range = range;
    const isOurs = ({ imageIndex }: { readonly imageIndex: number }) =>
      imageIndex % range.step === range.task % range.step;
    this.images = stored === null ? [] : stored.images.filter(isOurs);
    this.partials = stored === null ? [] : stored.partials.filter(isOurs);
    this.responseId = stored?.responseId ?? null;
    this.upstreamSequence = stored?.upstreamSequence ?? null;
    this.reported = stored?.reported ?? null;
  }

  /** The index in the call of an image of the request. */
  indexInCall(indexInRequest: number): number {
    return this.#range.task + indexInRequest * this.#range.step;
  }

  hasImage(imageIndex: number): boolean {
    return this.images.some((image) => image.imageIndex === imageIndex);
  }

  hasPartial(imageIndex: number, index: number): boolean {
    return this.partials.some((partial) => partial.imageIndex === imageIndex && partial.index === index);
  }

  /** What is stored, in the provider's terms: images, and images of which only partial images are stored. */
  knownPictures(): readonly KnownImage[] {
    const { task, step } = this.#range;
    const inRequest = (imageIndex: number) => (imageIndex - task) / step;
    const stored = this.images.map(({ itemId, imageIndex, sha256 }) => ({
      itemId,
      sha256,
      imageIndex: inRequest(imageIndex),
      stored: true,
    }));
    const unfinished = this.partials
      .filter(({ imageIndex, index }) => index === 0 && !this.hasImage(imageIndex))
      .map(({ itemId, imageIndex }) => ({ itemId, imageIndex: inRequest(imageIndex), stored: false }));
    return [...stored, ...unfinished];
  }
}
