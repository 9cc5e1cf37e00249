/**
 * The images of one response, in the order in which their items were first seen. Ids alone do not identify them: some
 * services send no ids, and some give an item another id in each event. So an item without a known id is the image at its
 * place in the output, and a final picture is a repetition where the same bytes came from that place before.
 */
import type { KnownImage } from '../../image-provider.ts';

export interface TrackedImage {
  /** Index of the image within the response, from 0. */
  readonly index: number;
  /** Every id under which the item was seen. */
  readonly ids: Set<string>;
  /** The ids under which the final image came: it need not be decoded again. */
  readonly finalIds: Set<string>;
  /** The place in the output; null while no event named it. */
  outputIndex: number | null;
  /** Indexes of the partial images that were delivered. */
  readonly partials: Set<number>;
  /** Whether the final image was delivered. */
  done: boolean;
  /** The hash of the final image; null while there is none, or where the sink does not tell it. */
  sha256: string | null;
  /** Whether the upstream said that the item has ended. */
  ended: boolean;
  /** Whether the item ended without an error, but also without the bytes of its image. */
  withoutBytes: boolean;
  /** Whether an event of this run was about it. */
  seen: boolean;
  /** Whether the document that is being read has its final picture. */
  listed: boolean;
}

/** What an event says about which item it is about. */
export interface ItemPlace {
  readonly id: string | null;
  readonly outputIndex: number | null;
  /** Whether it is from the output of a response, which repeats the items of its stream. */
  readonly inDocument: boolean;
}

const NEW_IMAGE = { done: false, sha256: null, ended: false, withoutBytes: false, listed: false };

export class ImageTracker {
  readonly #images: TrackedImage[];
  /** The last id at each place. */
  readonly #lastIds = new Map<number, string>();
  /** Whether two events about one place named different ids. */
  #idsRotate = false;

  /** @param known images that an earlier run of the same response delivered; new ones get the free indexes. */
  constructor(known: readonly KnownImage[] = []) {
    this.#images = known.map(({ itemId, imageIndex, stored, sha256 = null }) => ({
      ...NEW_IMAGE,
      index: imageIndex,
      ids: new Set(itemId === null ? [] : [itemId]),
      finalIds: new Set(itemId === null || !stored ? [] : [itemId]),
      outputIndex: null,
      partials: new Set(),
      done: stored,
      sha256,
      ended: stored,
      seen: false,
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

  /** Whether the final image came under this id. */
  hasFinal(id: string): boolean {
    return this.#images.some((image) => image.finalIds.has(id));
  }

  /** Whether the item repeats an image whose final picture came under the same id. */
  repeats({ id }: ItemPlace): boolean {
    const image = this.#images.find(({ finalIds }) => id !== null && finalIds.has(id));
    if (image !== undefined) image.listed = true;
    return image !== undefined;
  }

  /** Call it before the items of a document are read. */
  beginDocument(ids: readonly string[]): void {
    for (const image of this.#images) {
      image.listed = false;
      image.seen ||= ids.some((id) => image.ids.has(id));
    }
  }

  /** Notes an event that is about an item and holds nothing of its image. */
  witness({ id, outputIndex }: ItemPlace): void {
    if (id === null || outputIndex === null) return;
    this.#idsRotate ||= (this.#lastIds.get(outputIndex) ?? id) !== id;
    this.#lastIds.set(outputIndex, id);
  }

  /** The image of an item that is announced. */
  announce(place: ItemPlace): TrackedImage {
    this.witness(place);
    return this.#note(this.#withId(place) ?? this.#unfinishedAt(place) ?? this.#add(place), place);
  }

  /** The image of an item of which something else than the final picture came. */
  of(place: ItemPlace): TrackedImage {
    this.witness(place);
    const image = this.#withId(place) ?? this.#unfinishedAt(place) ?? this.#doneAt(place) ?? this.#unseen(place);
    return this.#note(image ?? this.#add(place), place);
  }

  /** The image whose final picture these bytes are; null when they were delivered before. */
  finish(place: ItemPlace, sha256: string | null): TrackedImage | null {
    this.witness(place);
    const twin = this.#twinOf(place, sha256);
    const withId = this.#withId(place);
    const unfinished = withId?.done === false ? withId : undefined;
    if (twin !== undefined) {
      this.#forget(unfinished);
      this.#noteFinal(twin, place);
      return null;
    }
    const image = unfinished ?? this.#unfinishedAt(place) ?? this.#unseen(place) ?? this.#add(place);
    this.#noteFinal(image, place);
    image.done = true;
    image.sha256 = sha256;
    return image;
  }

  #noteFinal(image: TrackedImage, place: ItemPlace): void {
    this.#note(image, place);
    if (place.id !== null) image.finalIds.add(place.id);
    image.listed = true;
  }

  /** Frees the index of an item that was announced a second time, under another id. */
  #forget(image: TrackedImage | undefined): void {
    if (image !== undefined && image.partials.size === 0) this.#images.splice(this.#images.indexOf(image), 1);
  }

  #withId({ id }: ItemPlace): TrackedImage | undefined {
    return id === null ? undefined : this.#images.find((image) => image.ids.has(id));
  }

  #unfinishedAt({ id, outputIndex }: ItemPlace): TrackedImage | undefined {
    const unfinished = this.#images.filter(({ done }) => !done);
    const there = unfinished.find((image) => outputIndex !== null && image.outputIndex === outputIndex);
    if (there !== undefined) return there;
    // Without a place, only an id could tell the two apart.
    const isNameless = (image: TrackedImage) => id === null || image.ids.size === 0 || this.#idsRotate;
    return unfinished.find(
      (image) => image.seen && (image.outputIndex === null || outputIndex === null) && isNameless(image),
    );
  }

  #doneAt({ outputIndex }: ItemPlace): TrackedImage | undefined {
    return this.#images.findLast((image) => outputIndex !== null && image.done && image.outputIndex === outputIndex);
  }

  /**
   * The image of which an earlier run saw the beginning, if there is one only and its id may have changed since. In a
   * document, its own id would have been found.
   */
  #unseen({ inDocument }: ItemPlace): TrackedImage | undefined {
    if (!inDocument && !this.#idsRotate) return undefined;
    const unseen = this.#images.filter((image) => !image.seen && !image.done);
    return unseen.length === 1 ? unseen[0] : undefined;
  }

  /** The same bytes at the same place; in a document, which may count its places in another way, at any place. */
  #twinOf({ outputIndex, inDocument }: ItemPlace, sha256: string | null): TrackedImage | undefined {
    const same = this.#images.filter((image) => sha256 !== null && image.done && image.sha256 === sha256);
    const isHere = (image: TrackedImage) => (image.outputIndex ?? outputIndex) === (outputIndex ?? image.outputIndex);
    return same.find(isHere) ?? (inDocument ? same.find(({ listed }) => !listed) : undefined);
  }

  #add({ outputIndex }: ItemPlace): TrackedImage {
    const image = {
      ...NEW_IMAGE,
      index: this.#nextIndex(),
      ids: new Set<string>(),
      finalIds: new Set<string>(),
      outputIndex,
      partials: new Set<number>(),
      seen: true,
    };
    this.#images.push(image);
    return image;
  }

  #note(image: TrackedImage, { id, outputIndex }: ItemPlace): TrackedImage {
    if (id !== null) image.ids.add(id);
    image.outputIndex ??= outputIndex;
    image.seen = true;
    return image;
  }

  /** The lowest free index. An earlier run may have seen an item and delivered nothing of it, so there can be gaps. */
  #nextIndex(): number {
    const taken = new Set(this.#images.map((image) => image.index));
    let index = 0;
    while (taken.has(index)) index += 1;
    return index;
  }
}
