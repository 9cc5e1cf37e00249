/**
 * Decides which stream decodes next when many have received bytes at the same time.
 *
 * The event loop reads every readable socket before it does anything else. If each chunk were decoded at once, thirty
 * streams would block the loop for fifty milliseconds, and no complete picture could be stored in that time
 * (docs/decisions/2026-11-26-pictures-in-turn.md). So each iteration of the event loop decodes a limited number of bytes.
 * The rest waits, and the picture that began first continues first: half of the pictures are complete in half of the
 * time, and the last is no later.
 */

/** Decoded per loop iteration: one read of a connection, about a third of a millisecond of work. */
const ITERATION_BYTES = 64 * 1024;
/** The same while only one picture is decoded: an iteration of the loop that does nothing else costs time as well. */
const SINGLE_PICTURE_BYTES = 512 * 1024;

export class DecodeScheduler {
  /** Chunks that wait for a later iteration. */
  readonly #waiting = new Set<WaitingChunk>();
  #decodedBytes = 0;
  /** The only picture that was decoded in this iteration; null when there were several. */
  #onlyPicture: number | null = null;
  #isIterationOpen = false;
  #pictures = 0;

  /** Call once for each body that is read. */
  register(): DecodeSlot {
    let picture: number | null = null;
    return {
      acquire: (byteLength) => {
        if (picture === null) {
          this.#pictures += 1;
          picture = this.#pictures;
        }
        return this.#acquire(byteLength, picture);
      },
      endPicture: () => {
        picture = null;
      },
    };
  }

  #acquire(byteLength: number, picture: number): Promise<void> | null {
    const isAlone = this.#waiting.size === 0 && (this.#onlyPicture === picture || this.#decodedBytes === 0);
    if (this.#decodedBytes < (isAlone ? SINGLE_PICTURE_BYTES : ITERATION_BYTES)) {
      this.#count(byteLength, picture);
      return null;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add({ byteLength, picture, proceed: resolve });
    return promise;
  }

  #count(byteLength: number, picture: number): void {
    this.#onlyPicture = this.#decodedBytes === 0 || this.#onlyPicture === picture ? picture : null;
    this.#decodedBytes += byteLength;
    if (this.#isIterationOpen) return;
    this.#isIterationOpen = true;
    setImmediate(() => {
      this.#isIterationOpen = false;
      this.#decodedBytes = 0;
      this.#proceed();
    });
  }

  #proceed(): void {
    while (this.#decodedBytes < ITERATION_BYTES && this.#waiting.size > 0) {
      const first = [...this.#waiting].reduce((one, other) => (other.picture < one.picture ? other : one));
      this.#waiting.delete(first);
      this.#count(first.byteLength, first.picture);
      first.proceed();
    }
  }
}

interface WaitingChunk {
  readonly byteLength: number;
  /** Pictures are numbered in the order in which they began. */
  readonly picture: number;
  readonly proceed: () => void;
}

export interface DecodeSlot {
  /** Call before decoding bytes. Null when they may be decoded at once; else resolves when they may. */
  acquire(byteLength: number): Promise<void> | null;
  /** The picture is complete: the next one queues behind every picture that has begun by then. */
  endPicture(): void;
}

/** The scheduler of this process, which has one event loop. */
export const decodeScheduler = new DecodeScheduler();
