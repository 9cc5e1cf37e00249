/**
 * The images of one response, by output item, in the order in which the items were first seen. Items are identified by id,
 * or by their position in the output where a service sends no ids.
 */
import type { KnownImage } from '../../image-provider.ts';

export interface TrackedImage {
  /** Index of the image within the response, from 0. */
  readonly index: number;
  itemId: string | null;
  readonly outputIndex: number | null;
  /** Indexes of the partial images that were delivered. */
  readonly partials: Set<number>;
  /** Whether the final image was delivered. */
  done: boolean;
  /** Whether the upstream said that the item has ended. */
  ended: boolean;
  /** Whether the item ended without an error, but also without the bytes of its image. */
  withoutBytes: boolean;
}

export class ImageTracker {
  readonly #images: TrackedImage[];

  /** @param known images that an earlier run of the same response delivered; new ones get the free indexes. */
  constructor(known: readonly KnownImage[] = []) {
    this.#images = known.map(({ itemId, imageIndex, stored }) => ({
      index: imageIndex,
      itemId,
      outputIndex: null,
      partials: new Set(),
      done: stored,
      ended: stored,
      withoutBytes: false,
    }));
  }

  get anyDone(): boolean {
    return this.#images.some((image) => image.done);
  }

  get allEnded(): boolean {
    return this.#images.length > 0 && this.#images.every((image) => image.ended);
  }

  get anyMissing(): boolean {
    return this.#images.some((image) => image.withoutBytes && !image.done);
  }

  /** Whether the final image of the item with this id was delivered. */
  isDone(itemId: string): boolean {
    return this.#images.some((image) => image.done && image.itemId === itemId);
  }

  /** The image of an item. It is added when the item is first seen. */
  of(itemId: string | null, outputIndex: number | null): TrackedImage {
    const known = this.#find(itemId, outputIndex);
    if (known !== undefined) {
      known.itemId ??= itemId;
      return known;
    }
    const image = {
      index: this.#nextIndex(),
      itemId,
      outputIndex,
      partials: new Set<number>(),
      done: false,
      ended: false,
      withoutBytes: false,
    };
    this.#images.push(image);
    return image;
  }

  #find(itemId: string | null, outputIndex: number | null): TrackedImage | undefined {
    const byId = itemId === null ? undefined : this.#images.find((image) => image.itemId === itemId);
    if (byId !== undefined || outputIndex === null) return byId;
    // Two different ids are two images, even where a service gives both the same position.
    return this.#images.find(
      (image) => image.outputIndex === outputIndex && (image.itemId === null || itemId === null),
    );
  }

  /** The lowest free index. An earlier run may have seen an item and delivered nothing of it, so there can be gaps. */
  #nextIndex(): number {
    const taken = new Set(this.#images.map((image) => image.index));
    let index = 0;
    while (taken.has(index)) index += 1;
    return index;
  }
}
