/**
 * What waits to be sent over one WebSocket (promise 9). Messages go one behind the other, and large ones in pieces, each
 * followed by a ping whose answer says how far the reader has come. So
 * - no more than a window is under way, whatever the buffers of the kernel and of proxies would take;
 * - a reader who is slow is told from one who is gone: the former confirms piece after piece;
 * - the pings that keep the connection alive do not stand behind megabytes.
 */
import type { Writable } from 'node:stream';
import { WebSocket } from 'ws';

/** Also the least that a reader has to take within a keep-alive to stay, unless it was fast a moment ago. */
const PIECE_BYTES = 128 * 1024;
/** What a reader gets at once who takes the pieces as fast as they come: each piece costs both sides something. */
const LARGEST_PIECE_BYTES = 512 * 1024;
/** So fast is a reader who needs no small pieces, in milliseconds from a piece to its answer. */
const FAST_MS = 250;
/** So many pieces are sent and not confirmed: at a round trip of 100 ms, of the smallest still 10 MB a second. */
const WINDOW_PIECES = 8;
/** So much is copied sooner than sent by itself. */
const SMALL_BYTES = 1024;
const TAKEN = Promise.resolve(true);
const LEFT = Promise.resolve(false);

export interface SendWindowOptions {
  /** What the socket writes to. */
  readonly stream: Pick<Writable, 'cork' | 'uncork'>;
  /** More than this does not wait together; a single message may be larger. */
  readonly maxBufferedBytes: number;
  /** Called instead of queueing what would be too much; the connection is then to be ended. */
  readonly onOverflow: () => void;
}

const NONE: readonly never[] = [];

/** A ping that was not answered. */
interface Asked {
  readonly ping: number;
  /** How far the stream was when it was sent. */
  readonly place: number;
  readonly at: number;
}

export class SendWindow {
  readonly #socket: WebSocket;
  readonly #stream: SendWindowOptions['stream'];
  readonly #options: SendWindowOptions;
  #waitingBytes = 0;
  /** Places in the stream of everything that was ever sent. */
  #sent = 0;
  #askedAt = 0;
  #confirmed = 0;
  /** In the order in which they were sent. */
  #asked: readonly Asked[] = NONE;
  #lastPing = 0;
  #hasNews = true;
  #pieceBytes = PIECE_BYTES;
  #goOn: (() => void) | null = null;
  #last = TAKEN;

  constructor(socket: WebSocket, options: SendWindowOptions) {
    this.#socket = socket;
    this.#stream = options.stream;
    this.#options = options;
    socket.on('pong', (payload) => this.#confirm(Number(String(payload))));
  }

  /** Bytes of the messages that are not sent, or not wholly. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /**
   * Sends a message, given whole or in parts; the same bytes may go out over many connections. Resolves with true when
   * the connection has taken it and the bytes are free, with false when there is no use in waiting; never rejects.
   */
  send(message: string | readonly Buffer[]): Promise<boolean> {
    // Cut as bytes: in the middle of a character a string must not be.
    const parts = typeof message === 'string' ? [Buffer.from(message)] : message;
    const byteSize = parts.reduce((sum, { length }) => sum + length, 0);
    if (this.#waitingBytes > 0 && this.#waitingBytes + byteSize > this.#options.maxBufferedBytes) {
      this.#options.onOverflow();
      return LEFT;
    }
    const done = () => {
      this.#waitingBytes -= byteSize;
    };
    if (this.#waitingBytes === 0 && byteSize <= PIECE_BYTES && !this.#isWindowFull()) {
      // What most events are, on what most connections are: there is nothing to wait for.
      if (this.#socket.readyState !== WebSocket.OPEN) return LEFT;
      this.#waitingBytes = byteSize;
      this.#hand(inOnePiece(parts, byteSize), true, done);
      return TAKEN;
    }
    this.#waitingBytes += byteSize;
    this.#last = this.#last.then(() => this.#transmit(parts, byteSize)).finally(done);
    return this.#last;
  }

  /** Asks the reader to confirm everything that was sent. */
  ping(): void {
    this.#askedAt = this.#sent;
    this.#lastPing += 1;
    this.#asked = [...this.#asked, { ping: this.#lastPing, place: this.#sent, at: performance.now() }];
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping(String(this.#lastPing));
  }

  /** Whether the reader has answered anything since this was last called; at first it has. */
  hasConfirmed(): boolean {
    const had = this.#hasNews;
    this.#hasNews = false;
    return had;
  }

  /** To be called when the connection has closed: nobody is waited for any more. */
  closed(): void {
    this.#goOn?.();
  }

  #confirm(ping: number): void {
    const answered = this.#asked.find((asked) => asked.ping === ping);
    // An answer that came before, or that nobody asked for, says nothing.
    if (answered === undefined) return;
    // A reader may answer the newest of several only (RFC 6455, 5.5.3).
    const open = this.#asked.filter((asked) => asked.ping > ping);
    this.#asked = open.length === 0 ? NONE : open;
    if (performance.now() - answered.at >= FAST_MS) this.#pieceBytes = PIECE_BYTES;
    else if (answered.place - this.#confirmed >= PIECE_BYTES) {
      // Who had nothing to take, as between events, would not have shown how fast it takes anything.
      this.#pieceBytes = Math.min(2 * this.#pieceBytes, LARGEST_PIECE_BYTES);
    }
    this.#confirmed = answered.place;
    this.#hasNews = true;
    this.#goOn?.();
  }

  #isWindowFull(): boolean {
    return this.#sent - this.#confirmed > WINDOW_PIECES * this.#pieceBytes;
  }

  async #transmit(parts: readonly Buffer[], byteSize: number): Promise<boolean> {
    // A small message goes in one piece, a large one in several, of which the large ones are no copies.
    const whole = byteSize <= PIECE_BYTES ? [inOnePiece(parts, byteSize)] : joinSmall(parts);
    const { promise: isTaken, resolve } = Promise.withResolvers<boolean>();
    const onTaken = (error?: Error) => resolve(error == null);
    let left = byteSize;
    // As many as the window has room for go to the system in one write.
    this.#stream.cork();
    try {
      for (const part of whole) {
        for (let at = 0; at < part.length; ) {
          while (this.#isWindowFull() && this.#socket.readyState === WebSocket.OPEN) await this.#confirmation();
          if (this.#socket.readyState !== WebSocket.OPEN) return false;
          const piece = part.subarray(at, at + this.#pieceBytes);
          at += piece.length;
          left -= piece.length;
          this.#hand(piece, left === 0, left === 0 ? onTaken : undefined);
        }
      }
    } finally {
      this.#stream.uncork();
    }
    return isTaken;
  }

  async #confirmation(): Promise<void> {
    this.#stream.uncork();
    await new Promise<void>((resolve) => {
      this.#goOn = resolve;
    });
    this.#stream.cork();
  }

  #hand(piece: Buffer, fin: boolean, onTaken?: (error?: Error) => void): void {
    this.#sent += piece.length;
    // An error ends the connection, which is told elsewhere.
    this.#socket.send(piece, { binary: false, fin }, onTaken);
    if (this.#sent - this.#askedAt >= this.#pieceBytes) this.ping();
  }
}

/** Puts what is short together with what stands beside it and is short, too: each part is a frame of its own. */
function joinSmall(parts: readonly Buffer[]): readonly Buffer[] {
  const joined: Buffer[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last === undefined || part.length > SMALL_BYTES || last.length > SMALL_BYTES) joined.push(part);
    else joined[joined.length - 1] = Buffer.concat([last, part]);
  }
  return joined;
}

function inOnePiece(parts: readonly Buffer[], byteSize: number): Buffer {
  const [first] = parts;
  return first !== undefined && parts.length === 1 ? first : Buffer.concat(parts, byteSize);
}
