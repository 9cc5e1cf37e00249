/**
 * Where the pictures of one upstream event go while it arrives: each into a sink of its own, opened at its first byte.
 * When the event is whole, the pictures that count are taken; the sinks of all others are discarded. No sink outlives
 * the event it was opened for, whatever way the run ends. While the pictures of one event are taken, those of the next may
 * arrive.
 */
import type { PictureSink } from '../../image-provider.ts';
import type { PictureStep } from './picture-extractor.ts';

export type PictureDefect = 'damaged' | 'too-large';

/** The pictures of one event. */
export type Pictures<P> = Map<number, Entry<P>>;

type Entry<P> = { sink: PictureSink<P>; byteLength: number; whole: boolean } | { defect: PictureDefect };

export class PictureCollector<P> {
  readonly #openSink: () => PictureSink<P>;
  readonly #maxPictureBytes: number;
  /** Those of the event that arrives, and those that can be taken; the same where events are not sealed. */
  #arriving: Pictures<P> = new Map();
  #entries = this.#arriving;
  readonly #sealed = new Set<Pictures<P>>();

  constructor(openSink: () => PictureSink<P>, maxPictureBytes: number) {
    this.#openSink = openSink;
    this.#maxPictureBytes = maxPictureBytes;
  }

  /** Resolves when the sink can take more. Rejects with what the sink rejects with. */
  async accept(step: PictureStep): Promise<void> {
    if (step.kind === 'picture-damaged') return this.#spoil(step.picture, 'damaged');
    if (step.kind === 'picture-whole') return this.#noteWhole(step.picture);
    const entry = this.#entryOf(step.picture);
    if ('defect' in entry) return;
    entry.byteLength += step.bytes.length;
    if (entry.byteLength > this.#maxPictureBytes) return this.#spoil(step.picture, 'too-large');
    await entry.sink.write(step.bytes);
  }

  /** The event has arrived: what comes now belongs to the next one. */
  endEvent(): Pictures<P> {
    const pictures = this.#arriving;
    this.#arriving = new Map();
    this.#sealed.add(pictures);
    return pictures;
  }

  /** Makes the pictures of an event those that can be taken; without one, those of the event that is still arriving. */
  select(pictures: Pictures<P> = this.#arriving): void {
    this.#entries = pictures;
  }

  /** Why the picture is of no use, or null when it is whole. */
  defectOf(picture: number): PictureDefect | null {
    const entry = this.#entries.get(picture);
    return entry === undefined ? 'damaged' : 'defect' in entry ? entry.defect : null;
  }

  /** Makes the picture durable and gives its receipt. To be asked only for a picture without a defect. */
  async take(picture: number): Promise<P> {
    const entry = this.#entries.get(picture);
    if (entry === undefined || 'defect' in entry) throw new Error(`Picture ${picture} cannot be taken`);
    // It stays in the map until it is durable: if `finish` rejects, `discardUntaken` still has the sink.
    const receipt = await entry.sink.finish();
    this.#entries.delete(picture);
    return receipt;
  }

  /** The pictures that arrived whole, whether or not their event did. */
  completePictures(): number[] {
    return [...this.#entries].flatMap(([picture, entry]) => ('sink' in entry && entry.whole ? [picture] : []));
  }

  /** Discards every picture of the event that was not taken. Harmless to call again. */
  async discardUntaken(): Promise<void> {
    this.#sealed.delete(this.#entries);
    await discard(this.#entries);
  }

  /** The same for all events. */
  async discardAll(): Promise<void> {
    for (const pictures of [this.#entries, this.#arriving, ...this.#sealed]) await discard(pictures);
    this.#sealed.clear();
  }

  #entryOf(picture: number): Entry<P> {
    const known = this.#arriving.get(picture);
    if (known !== undefined) return known;
    const entry = { sink: this.#openSink(), byteLength: 0, whole: false };
    this.#arriving.set(picture, entry);
    return entry;
  }

  /** What had no bytes at all has no entry, and is no picture. */
  #noteWhole(picture: number): void {
    const entry = this.#arriving.get(picture);
    if (entry !== undefined && 'sink' in entry) entry.whole = true;
  }

  async #spoil(picture: number, defect: PictureDefect): Promise<void> {
    const entry = this.#arriving.get(picture);
    this.#arriving.set(picture, { defect });
    if (entry !== undefined && 'sink' in entry) await entry.sink.discard();
  }
}

/** Whether every one of them could be taken. */
export function areComplete<P>(pictures: Pictures<P>): boolean {
  return [...pictures.values()].every((entry) => 'sink' in entry && entry.whole);
}

async function discard<P>(pictures: Pictures<P>): Promise<void> {
  const left = [...pictures.values()];
  pictures.clear();
  for (const entry of left) if ('sink' in entry) await entry.sink.discard();
}
