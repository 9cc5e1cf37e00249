/**
 * How far a WebSocket client has read, and how fast it reads. Each large piece is followed by a ping; its pong says that
 * everything before it was read. So the server knows how much is on its way, whatever the kernel and proxies buffer, and
 * tells a slow client, which confirms piece after piece, from a stalled one (promise 9).
 */

/** The size of a piece. A client that reads less within a keep-alive is disconnected, unless it was fast before. */
const MIN_PIECE_BYTES = 128 * 1024;
/** The largest piece, for clients that read pieces as fast as they come: each piece costs both sides something. */
const MAX_PIECE_BYTES = 1024 * 1024;
/** How much may be on its way to a client that reads the largest pieces. */
const MAX_WINDOW_BYTES = 4 * 1024 * 1024;
/** Pong latency below which a client counts as fast; milliseconds. */
const FAST_MS = 250;
/** How many unconfirmed pieces may be on their way: with the smallest and a round trip of 100 ms, 10 MB per second. */
const WINDOW_PIECES = 8;

const NONE: readonly never[] = [];

interface OpenPing {
  readonly id: number;
  /** Position in the stream when it was sent. */
  readonly position: number;
  readonly sentAtMs: number;
}

export class ReadingPace {
  /** Positions in the stream of everything that was ever sent. */
  #sent = 0;
  #pinged = 0;
  #confirmed = 0;
  /** Pings without a pong, in the order in which they were sent. */
  #open: readonly OpenPing[] = NONE;
  #lastPing = 0;
  #hasConfirmed = true;
  #pieceBytes = MIN_PIECE_BYTES;

  /** How much to send in one piece. */
  get pieceBytes(): number {
    return this.#pieceBytes;
  }

  get isWindowFull(): boolean {
    return this.#sent - this.#confirmed > Math.min(WINDOW_PIECES * this.#pieceBytes, MAX_WINDOW_BYTES);
  }

  /** To be called for every piece. @returns whether a ping should follow it */
  sent(byteLength: number, isEndOfMessage: boolean): boolean {
    this.#sent += byteLength;
    const unasked = this.#sent - this.#pinged;
    // A ping costs both sides a write: a fast client is not asked in the middle of a message if its end is near.
    const canWait = this.#pieceBytes === MAX_PIECE_BYTES && !isEndOfMessage && unasked < 2 * MAX_PIECE_BYTES;
    return unasked >= this.#pieceBytes && !canWait;
  }

  /** @returns the id of a ping that the caller sends now */
  ping(): number {
    this.#pinged = this.#sent;
    this.#lastPing += 1;
    this.#open = [...this.#open, { id: this.#lastPing, position: this.#sent, sentAtMs: performance.now() }];
    return this.#lastPing;
  }

  /** To be called for every pong. @returns false when it confirms nothing: it came before, or nobody asked for it */
  pong(id: number): boolean {
    const answered = this.#open.find((ping) => ping.id === id);
    if (answered === undefined) return false;
    // A client may answer only the newest of several pings (RFC 6455, section 5.5.3).
    const open = this.#open.filter((ping) => ping.id > id);
    this.#open = open.length === 0 ? NONE : open;
    if (performance.now() - answered.sentAtMs >= FAST_MS) this.#pieceBytes = MIN_PIECE_BYTES;
    else if (answered.position - this.#confirmed >= MIN_PIECE_BYTES) {
      // A pong for less than a piece, as between events, does not show that the client reads fast.
      this.#pieceBytes = Math.min(2 * this.#pieceBytes, MAX_PIECE_BYTES);
    }
    this.#confirmed = answered.position;
    this.#hasConfirmed = true;
    return true;
  }

  /** Whether the client has confirmed anything since the last call; true for the first call. */
  takeConfirmed(): boolean {
    const had = this.#hasConfirmed;
    this.#hasConfirmed = false;
    return had;
  }
}
