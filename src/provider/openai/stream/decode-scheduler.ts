/**
 * Who decodes next, where many streams have brought bytes at the same time.
 *
 * The event loop reads all sockets that are readable before it comes to anything else, and what is read is decoded right
 * away: with thirty streams that was fifty milliseconds in which no picture that had come whole was stored, and all of them
 * were told of at the end (docs/decisions). So each round of the loop decodes only so much; the rest waits, and the picture
 * that began first comes first. One after the other, half of them are there in half of the time, and the last no later.
 */

/** What one read of a connection brings, a third of a millisecond's work. */
const ROUND_BYTES = 64 * 1024;
/** The same where nobody else waits: going around the loop for nothing costs time as well. */
const ALONE_BYTES = 512 * 1024;

export class DecodeScheduler {
  /** What waits for a later round, each with the number of its picture. */
  readonly #waiting = new Set<Waiting>();
  /** Spent in this round, and by whom alone; null when there were several. */
  #spentBytes = 0;
  #only: number | null = null;
  #isRoundOpen = false;
  #pictures = 0;

  /** To be called once for each body that is read. */
  join(): DecodeSlot {
    let picture: number | null = null;
    return {
      take: (byteLength) => {
        if (picture === null) {
          this.#pictures += 1;
          picture = this.#pictures;
        }
        return this.#take(byteLength, picture);
      },
      end: () => {
        picture = null;
      },
    };
  }

  #take(byteLength: number, picture: number): Promise<void> | null {
    const isAlone = this.#waiting.size === 0 && (this.#only === picture || this.#spentBytes === 0);
    if (this.#spentBytes < (isAlone ? ALONE_BYTES : ROUND_BYTES)) {
      this.#spend(byteLength, picture);
      return null;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add({ byteLength, picture, goOn: resolve });
    return promise;
  }

  #spend(byteLength: number, picture: number): void {
    this.#only = this.#spentBytes === 0 || this.#only === picture ? picture : null;
    this.#spentBytes += byteLength;
    if (this.#isRoundOpen) return;
    this.#isRoundOpen = true;
    setImmediate(() => {
      this.#isRoundOpen = false;
      this.#spentBytes = 0;
      this.#goOn();
    });
  }

  #goOn(): void {
    while (this.#spentBytes < ROUND_BYTES && this.#waiting.size > 0) {
      const first = [...this.#waiting].reduce((one, other) => (other.picture < one.picture ? other : one));
      this.#waiting.delete(first);
      this.#spend(first.byteLength, first.picture);
      first.goOn();
    }
  }
}

interface Waiting {
  readonly byteLength: number;
  readonly picture: number;
  readonly goOn: () => void;
}

export interface DecodeSlot {
  /** To be asked for before bytes are decoded. Null when that may be at once. */
  take(byteLength: number): Promise<void> | null;
  /** What was decoded so far is a whole: what follows is behind all that has begun by then. */
  end(): void;
}

/** Those of this process, which has one event loop. */
export const decodeScheduler = new DecodeScheduler();
