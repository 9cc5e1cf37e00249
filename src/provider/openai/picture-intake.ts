/**
 * Where the pictures of one upstream event go while it arrives: each into a sink of its own, opened at its first byte.
 * When the event is whole, the pictures that count are taken; the sinks of all others are discarded. No sink outlives
 * the event it was opened for, whatever way the run ends.
 */
import type { PictureSink } from '../image-provider.ts';
import type { PictureStep } from './picture-extractor.ts';

export type PictureFlaw = 'damaged' | 'too-large';

type Entry<P> = { sink: PictureSink<P>; byteLength: number; whole: boolean } | { flaw: PictureFlaw };

export class PictureIntake<P> {
  readonly #openSink: () => PictureSink<P>;
  readonly #maxPictureBytes: number;
  readonly #entries = new Map<number, Entry<P>>();

  constructor(openSink: () => PictureSink<P>, maxPictureBytes: number) {
    this.#openSink = openSink;
    this.#maxPictureBytes = maxPictureBytes;
  }

  /** Resolves when the sink can take more. Rejects with what the sink rejects with. */
  async accept(step: PictureStep): Promise<void> {
    if (step.kind === 'picture-damaged') return this.#spoil(step.picture, 'damaged');
    if (step.kind === 'picture-whole') return this.#noteWhole(step.picture);
    const entry = this.#entryOf(step.picture);
    if ('flaw' in entry) return;
    entry.byteLength += step.bytes.length;
    if (entry.byteLength > this.#maxPictureBytes) return this.#spoil(step.picture, 'too-large');
    await entry.sink.write(step.bytes);
  }

  /** Why the picture is of no use, or null when it is whole. */
  flawOf(picture: number): PictureFlaw | null {
    const entry = this.#entries.get(picture);
    return entry === undefined ? 'damaged' : 'flaw' in entry ? entry.flaw : null;
  }

  /** Makes the picture durable and gives its receipt. To be asked only for a picture without a flaw. */
  async take(picture: number): Promise<P> {
    const entry = this.#entries.get(picture);
    if (entry === undefined || 'flaw' in entry) throw new Error(`Picture ${picture} cannot be taken`);
    // It stays in the map until it is durable: if `finish` rejects, `discardRest` still has the sink.
    const receipt = await entry.sink.finish();
    this.#entries.delete(picture);
    return receipt;
  }

  /** The pictures that arrived whole, whether or not their event did. */
  wholePictures(): number[] {
    return [...this.#entries].flatMap(([picture, entry]) => ('sink' in entry && entry.whole ? [picture] : []));
  }

  /** Discards every picture that was not taken. Harmless to call again. */
  async discardRest(): Promise<void> {
    const left = [...this.#entries.values()];
    this.#entries.clear();
    for (const entry of left) if ('sink' in entry) await entry.sink.discard();
  }

  #entryOf(picture: number): Entry<P> {
    const known = this.#entries.get(picture);
    if (known !== undefined) return known;
    const entry = { sink: this.#openSink(), byteLength: 0, whole: false };
    this.#entries.set(picture, entry);
    return entry;
  }

  /** What had no bytes at all has no entry, and is no picture. */
  #noteWhole(picture: number): void {
    const entry = this.#entries.get(picture);
    if (entry !== undefined && 'sink' in entry) entry.whole = true;
  }

  async #spoil(picture: number, flaw: PictureFlaw): Promise<void> {
    const entry = this.#entries.get(picture);
    this.#entries.set(picture, { flaw });
    if (entry !== undefined && 'sink' in entry) await entry.sink.discard();
  }
}
