/**
 * The pictures of one run by the output item they belong to, in the order in which the items were first heard of.
 * Items are told apart by id; by their place in the output only where a service leaves ids out.
 */

export interface ImageSlot {
  /** Which picture of the run, from 0. */
  readonly index: number;
  itemId: string | null;
  readonly outputIndex: number | null;
  /** Which stages of the picture were given out. */
  readonly partials: Set<number>;
  /** Whether the final picture was given out. */
  done: boolean;
}

export class ImageSlots {
  readonly #slots: ImageSlot[] = [];

  get anyDone(): boolean {
    return this.#slots.some((slot) => slot.done);
  }

  /** Whether the final picture of the item with this id was given out already. */
  isDone(itemId: string): boolean {
    return this.#slots.some((slot) => slot.done && slot.itemId === itemId);
  }

  /** The slot of an item, made at the first mention of the item. */
  of(itemId: string | null, outputIndex: number | null): ImageSlot {
    const known = this.#find(itemId, outputIndex);
    if (known !== undefined) {
      known.itemId ??= itemId;
      return known;
    }
    const slot = { index: this.#slots.length, itemId, outputIndex, partials: new Set<number>(), done: false };
    this.#slots.push(slot);
    return slot;
  }

  #find(itemId: string | null, outputIndex: number | null): ImageSlot | undefined {
    const byId = itemId === null ? undefined : this.#slots.find((slot) => slot.itemId === itemId);
    if (byId !== undefined || outputIndex === null) return byId;
    // Two different ids are two pictures, even where a service gives both the same place.
    return this.#slots.find((slot) => slot.outputIndex === outputIndex && (slot.itemId === null || itemId === null));
  }
}
