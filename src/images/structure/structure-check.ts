/**
 * Walks through the parts of a picture's file while it arrives, without decoding anything: a file of a few megabytes can
 * hold a million frames, which keep a decoder busy for half a minute. It also finds where the picture ends: decoders accept
 * many files that break off, and a picture may be followed by other bytes.
 */
import type { UploadFormat } from '../signature.ts';
import { walkGif } from './gif.ts';
import { walkJpeg } from './jpeg.ts';
import { walkPng } from './png.ts';
import type { Step, Walk, WalkEnd } from './walk.ts';
import { walkWebp } from './webp.ts';

export const DAMAGED_MESSAGE =
  'is damaged or breaks off: it cannot be decoded to its end. Open it in an image editor and save it again.';

export const WALKS: Readonly<Record<UploadFormat, () => Walk>> = {
  PNG: walkPng,
  JPEG: walkJpeg,
  GIF: walkGif,
  WEBP: walkWebp,
};

export class StructureCheck {
  readonly #walk: Walk;
  #step: Step;
  /** What has come of the bytes that the step asks for. */
  #held: Buffer = Buffer.alloc(0);
  /** Null as long as the walk goes on. */
  #end: WalkEnd | null = null;

  /** @param format by the file's signature, which is part of the bytes to push */
  constructor(format: UploadFormat) {
    this.#walk = WALKS[format]();
    // Nothing is needed for the first step.
    this.#step = { skip: 0 };
  }

  /** What is wrong with the file as far as it has come; null as long as nothing is. */
  push(bytes: Uint8Array): string | null {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; this.#end === null && at <= chunk.length; ) {
      const next = this.#take(chunk, at);
      if (next === null) break;
      at = next;
    }
    return this.#end?.problem ?? null;
  }

  /** What is wrong with the file, when all of its bytes were pushed. */
  problemAtEnd(): string | null {
    if (this.#end?.isWhole === true) return null;
    return this.#end?.problem ?? DAMAGED_MESSAGE;
  }

  /** Takes the bytes of one step and goes on to the next. Returns where that begins; null when more bytes are needed. */
  #take(chunk: Buffer, at: number): number | null {
    const step = this.#step;
    if ('skip' in step) {
      const left = chunk.length - at;
      if (step.skip > left) {
        this.#step = { skip: step.skip - left };
        return null;
      }
      this.#advance(EMPTY);
      return at + step.skip;
    }
    if ('until' in step) {
      const found = chunk.indexOf(step.until, at);
      if (found === -1) return null;
      this.#advance(EMPTY);
      return found + 1;
    }
    const end = at + step.read - this.#held.length;
    const piece = chunk.subarray(at, end);
    const whole = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    if (whole.length < step.read) {
      // A copy: the chunk belongs to whoever pushed it.
      this.#held = Buffer.from(whole);
      return null;
    }
    this.#held = EMPTY;
    this.#advance(whole);
    return end;
  }

  #advance(bytes: Buffer): void {
    const { done, value } = this.#walk.next(bytes);
    if (!done) this.#step = value;
    else this.#end = value;
  }
}

const EMPTY = Buffer.alloc(0);
