/** What the walks through the formats share: how they ask for bytes, and what a file may have. */
import { MAX_UPLOAD_PIXELS } from '../upload-limits.ts';

/** What a walk needs next: some bytes, to leave some out, or to go on behind the next byte with this value. */
export type Step = { readonly read: number } | { readonly skip: number } | { readonly until: number };

/** Yields steps, receives the bytes that it asked for, and returns what is wrong with the file, or null. */
export type Walk = Generator<Step, string | null, Buffer>;

/** More than any animation that is a source image has: the upstream uses the first frame of one. */
export const MAX_UPLOAD_FRAMES = 1_000;
/** Cameras and editors write profiles, previews and histories; most files have less than one megabyte of them. */
export const MAX_METADATA_BYTES = 16_000_000;

/** Counts the frames of an animation and their pixels. */
export class FrameCount {
  #frames = 0;
  #pixels = 0;

  /** Returns what is wrong, if this frame is one too many. */
  add(width: number, height: number): string | null {
    this.#frames += 1;
    this.#pixels += width * height;
    if (this.#frames > MAX_UPLOAD_FRAMES) {
      return `must have at most ${MAX_UPLOAD_FRAMES} frames; it has more. Send one picture of the animation.`;
    }
    if (this.#pixels > MAX_UPLOAD_PIXELS) {
      return `must have at most ${MAX_UPLOAD_PIXELS} pixels in all; its first ${this.#frames} frames have ${this.#pixels}.`;
    }
    return null;
  }
}

/** Counts the bytes that are not pixels. */
export class MetadataCount {
  #bytes = 0;

  /** Returns what is wrong, if these are too many. */
  add(byteLength: number): string | null {
    this.#bytes += byteLength;
    if (this.#bytes <= MAX_METADATA_BYTES) return null;
    return `must have at most ${MAX_METADATA_BYTES} bytes of metadata; it has more. Save it without metadata.`;
  }
}
