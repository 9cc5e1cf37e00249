/** What the walks through the formats share: how they ask for bytes, and what a file may have. */
import { MAX_UPLOAD_PIXELS } from '../upload-limits.ts';

/** What a walk needs next: some bytes, to leave some out, or to go on behind the next byte with this value. */
export type Step =
  | { readonly read: number }
  | { readonly skip: number; readonly extra?: Extra }
  | { readonly until: number };

/** Says of skipped bytes that the first picture can be shown without them. */
export interface Extra {
  /** `ANIMATION`: the frames behind the first one, and when they are shown. */
  readonly kind: 'METADATA' | 'ANIMATION';
  /** How many bytes before the skipped ones belong to the same part: its header. */
  readonly leadBytes: number;
}

/** How a walk ended. */
export interface WalkEnd {
  /** Whether it reached the end of the picture. More bytes may follow: a motion photo has a film there. */
  readonly isWhole: boolean;
  /** What is wrong with the file, for the client; null when nothing is, or when the decoder has to find out. */
  readonly problem: string | null;
}

export const WHOLE: WalkEnd = { isWhole: true, problem: null };
/** The file is not built as its format requires. */
export const MALFORMED: WalkEnd = { isWhole: false, problem: null };

export function refused(problem: string): WalkEnd {
  return { isWhole: false, problem };
}

/** Yields steps, and receives the bytes that it asked for. */
export type Walk = Generator<Step, WalkEnd, Buffer>;

/** More than any animation that is a source image has: the upstream uses the first frame of one. */
export const MAX_UPLOAD_FRAMES = 1_000;
/** Cameras and editors write profiles, previews and histories; most files have less than one megabyte of them. */
export const MAX_METADATA_BYTES = 16_000_000;
/** Editors write some dozens. A decoder has to look at each. */
const MAX_METADATA_CHUNKS = 1_000;

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

/** Counts what is not pixels. */
export class MetadataCount {
  #bytes = 0;
  #chunks = 0;

  /** Counts bytes. Returns what is wrong, if these are too many. */
  add(byteLength: number): string | null {
    this.#bytes += byteLength;
    if (this.#bytes <= MAX_METADATA_BYTES) return null;
    return `must have at most ${MAX_METADATA_BYTES} bytes of metadata; it has more. Save it without metadata.`;
  }

  /** Counts a chunk and its bytes. Returns what is wrong, if it is one too many. */
  addChunk(byteLength: number): string | null {
    this.#chunks += 1;
    if (this.#chunks <= MAX_METADATA_CHUNKS) return this.add(byteLength);
    return `must have at most ${MAX_METADATA_CHUNKS} blocks of metadata; it has more. Save it without metadata.`;
  }
}
