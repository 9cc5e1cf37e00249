/**
 * Collects the pictures of upstream events while they arrive, each in a sink of its own that is opened at the first
 * byte. Once an event is complete, its reader takes the pictures that count; the sinks of the others are discarded. No
 * sink outlives its event, however the run ends. The pictures of the next event may arrive while those of the current one
 * are taken.
 */
import type { Durability } from '../../../../domain/durability.ts';
import type { PictureSink } from '../../../image-provider.ts';
import type { JsonObject } from '../../json-values.ts';
import { hasLink, type PictureStep, pictureIn } from './picture-extractor.ts';
import type { OpeningDefect } from './picture-opening.ts';

export type PictureDefect = OpeningDefect | 'too-large';

/** The pictures of one event, by their number within it. */
export type EventPictures<P> = Map<number, Entry<P>>;

type Entry<P> = { sink: PictureSink<P>; byteLength: number; complete: boolean } | { defect: PictureDefect };

/** What a sink gave for a picture. */
export interface Taken<P> {
  readonly receipt: P;
  /** Null where the sink does not tell it. */
  readonly sha256: string | null;
}

export class PictureCollector<P> {
  readonly #openSink: () => PictureSink<P>;
  readonly #maxPictureBytes: number;
  /** The pictures of the event that is arriving. */
  #arriving: EventPictures<P> = new Map();
  /** The pictures that can be taken. Where nothing is read ahead, these are the arriving ones. */
  #current = this.#arriving;
  /** Every event that has arrived and whose pictures were not discarded yet. */
  readonly #arrived = new Set<EventPictures<P>>();

  constructor(openSink: () => PictureSink<P>, maxPictureBytes: number) {
    this.#openSink = openSink;
    this.#maxPictureBytes = maxPictureBytes;
  }

  /** Resolves when the sink accepts more bytes. Rejects with what the sink rejects with. */
  async accept(step: PictureStep): Promise<void> {
    if (step.kind === 'picture-damaged') return this.#reject(step.picture, step.defect);
    if (step.kind === 'picture-complete') return this.#markComplete(step.picture);
    const entry = this.#entryOf(step.picture);
    if ('defect' in entry) return;
    entry.byteLength += step.bytes.length;
    if (entry.byteLength > this.#maxPictureBytes) return this.#reject(step.picture, 'too-large');
    await entry.sink.write(step.bytes);
  }

  /** The event has arrived: pictures that come now belong to the next one. */
  endEvent(): EventPictures<P> {
    const pictures = this.#arriving;
    this.#arriving = new Map();
    this.#arrived.add(pictures);
    return pictures;
  }

  /** Selects the event whose pictures can be taken. Default: the event that is still arriving. */
  select(pictures: EventPictures<P> = this.#arriving): void {
    this.#current = pictures;
  }

  /** Why the picture cannot be taken; null when it can. */
  defectOf(picture: number): PictureDefect | null {
    const entry = this.#current.get(picture);
    return entry === undefined ? 'damaged' : 'defect' in entry ? entry.defect : null;
  }

  /** The picture of an item, and why it cannot be taken; both null where the item has none. */
  pictureOf(item: JsonObject): { readonly picture: number | null; readonly defect: PictureDefect | null } {
    const picture = pictureIn(item);
    if (picture !== null) return { picture, defect: this.defectOf(picture) };
    return { picture, defect: hasLink(item) ? 'link' : null };
  }

  /** Stores a partial picture and returns its receipt. Call it only for a picture without a defect. */
  async takePartial(picture: number): Promise<P> {
    return (await this.#take(picture, 'UNSYNCED')).receipt;
  }

  /** The same of a picture, which survives a power cut from then on. */
  async take(picture: number): Promise<P> {
    return (await this.takeWithHash(picture)).receipt;
  }

  /** As `take`, with the hash of the bytes; null where the sink does not tell it. */
  takeWithHash(picture: number): Promise<Taken<P>> {
    return this.#take(picture, 'SYNCED');
  }

  async #take(picture: number, durability: Durability): Promise<Taken<P>> {
    const entry = this.#current.get(picture);
    if (entry === undefined || 'defect' in entry) throw new Error(`Picture ${picture} cannot be taken`);
    // It stays in the map until it is stored: if `finish` rejects, `discardUntaken` still finds the sink.
    const receipt = await entry.sink.finish(durability);
    this.#current.delete(picture);
    return { receipt, sha256: entry.sink.sha256 ?? null };
  }

  /** Discards every picture of the selected event that was not taken. Can be repeated. */
  async discardUntaken(): Promise<void> {
    this.#arrived.delete(this.#current);
    await discard(this.#current);
  }

  /** Discards the pictures of all events. */
  async discardAll(): Promise<void> {
    for (const pictures of [this.#current, this.#arriving, ...this.#arrived]) await discard(pictures);
    this.#arrived.clear();
  }

  #entryOf(picture: number): Entry<P> {
    const known = this.#arriving.get(picture);
    if (known !== undefined) return known;
    const entry = { sink: this.#openSink(), byteLength: 0, complete: false };
    this.#arriving.set(picture, entry);
    return entry;
  }

  /** A picture without any bytes has no entry and does not count as a picture. */
  #markComplete(picture: number): void {
    const entry = this.#arriving.get(picture);
    if (entry !== undefined && 'sink' in entry) entry.complete = true;
  }

  async #reject(picture: number, defect: PictureDefect): Promise<void> {
    const entry = this.#arriving.get(picture);
    this.#arriving.set(picture, { defect });
    if (entry !== undefined && 'sink' in entry) await entry.sink.discard();
  }
}

/** Whether every one of the pictures can be taken. */
export function areComplete<P>(pictures: EventPictures<P>): boolean {
  return [...pictures.values()].every((entry) => 'sink' in entry && entry.complete);
}

async function discard<P>(pictures: EventPictures<P>): Promise<void> {
  const remaining = [...pictures.values()];
  pictures.clear();
  for (const entry of remaining) if ('sink' in entry) await entry.sink.discard();
}
