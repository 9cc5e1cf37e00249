/**
 * The pictures of one response by the output item they belong to, in the order in which the items were first heard of.
 * Items are told apart by id; by their place in the output only where a service leaves ids out.
 */
import type { KnownImage } from '../../image-provider.ts';

export interface TrackedImage {
  /** Which picture of the response, from 0. */
  readonly index: number;
  itemId: string | null;
  readonly outputIndex: number | null;
  /** Which stages of the picture were given out. */
  readonly partials: Set<number>;
  /** Whether the final picture was given out. */
  done: boolean;
  /** Whether the item ended as if all were well, but without the bytes of its picture. */
  empty: boolean;
}

export class ImageTracker {
  readonly #slots: TrackedImage[];

  /** @param known what an earlier reading of the same response gave out: indexes go on behind it. */
  constructor(known: readonly KnownImage[] = []) {
    this.#slots = known.map(({ itemId, imageIndex, stored }) => ({
      index: imageIndex,
      itemId,
      outputIndex: null,
      partials: new Set(),
      done: stored,
      empty: false,
    }));
  }

  get anyDone(): boolean {
    return this.#slots.some((slot) => slot.done);
  }

  get anyMissing(): boolean {
    return this.#slots.some((slot) => slot.empty && !slot.done);
  }

  /** Whether the final picture of the item with this id was given out already. */
  isDone(itemId: string): boolean {
    return this.#slots.some((slot) => slot.done && slot.itemId === itemId);
  }

  /** The slot of an item, made at the first mention of the item. */
  of(itemId: string | null, outputIndex: number | null): TrackedImage {
    const known = this.#find(itemId, outputIndex);
    if (known !== undefined) {
      known.itemId ??= itemId;
      return known;
    }
    const slot = {
      index: this.#nextIndex(),
      itemId,
      outputIndex,
      partials: new Set<number>(),
      done: false,
      empty: false,
    };
    this.#slots.push(slot);
    return slot;
  }

  #find(itemId: string | null, outputIndex: number | null): TrackedImage | undefined {
    const byId = itemId === null ? undefined : this.#slots.find((slot) => slot.itemId === itemId);
    if (byId !== undefined || outputIndex === null) return byId;
    // Two different ids are two pictures, even where a service gives both the same place.
    return this.#slots.find((slot) => slot.outputIndex === outputIndex && (slot.itemId === null || itemId === null));
  }

  /** The lowest that is free: of what an earlier reading only heard of, nothing was given out. */
  #nextIndex(): number {
    const taken = new Set(this.#slots.map((slot) => slot.index));
    let index = 0;
    while (taken.has(index)) index += 1;
    return index;
  }
}
