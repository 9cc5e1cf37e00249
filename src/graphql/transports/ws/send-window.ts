/**
 * What waits to be sent over one WebSocket (promise 9). Messages are sent one after another, large ones in pieces, and
 * never more than a window ahead of what the client has confirmed (reading-pace.ts). So the pings that keep a connection
 * alive do not wait behind megabytes.
 */
import type { Writable } from 'node:stream';
import { WebSocket } from 'ws';
import { ReadingPace } from './reading-pace.ts';

/** Messages up to this size are sent in one piece. */
const SMALL_MESSAGE_BYTES = 128 * 1024;
/** Parts up to this size are joined with their neighbours: copying them is cheaper than a frame of their own. */
const SMALL_PART_BYTES = 1024;
/** What a message that waits costs besides its bytes. Many tiny answers, which nobody reads, are mostly this. */
const WAITING_MESSAGE_BYTES = 4096;
const TAKEN = Promise.resolve(true);
const LOST = Promise.resolve(false);

export interface SendWindowOptions {
  /** What the socket writes to. */
  readonly stream: Pick<Writable, 'cork' | 'uncork'>;
  /** How many bytes may wait; a single message may be larger. */
  readonly maxBufferedBytes: number;
  /** Called instead of queueing a message that does not fit. The connection must then be ended. */
  readonly onOverflow: () => void;
}

export class SendWindow {
  readonly #socket: WebSocket;
  readonly #stream: SendWindowOptions['stream'];
  readonly #options: SendWindowOptions;
  readonly #pace = new ReadingPace();
  #waitingBytes = 0;
  /** Continues a message that waits for a confirmation. */
  #resume: (() => void) | null = null;
  #lastMessage = TAKEN;

  constructor(socket: WebSocket, options: SendWindowOptions) {
    this.#socket = socket;
    this.#stream = options.stream;
    this.#options = options;
    socket.on('pong', (payload) => {
      if (this.#pace.pong(Number(String(payload)))) this.#resume?.();
    });
  }

  /** The bytes of messages that are not sent completely, and of the memory for each. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /**
   * Sends a message, given whole or in parts; several connections may send the same bytes. Resolves with true when the
   * connection has taken it and the bytes may change, with false when the connection is lost. Never rejects.
   */
  send(message: string | readonly Buffer[]): Promise<boolean> {
    // As bytes: a string could be cut in the middle of a character.
    const parts = typeof message === 'string' ? [Buffer.from(message)] : message;
    const byteSize = parts.reduce((sum, { length }) => sum + length, 0);
    const cost = byteSize + WAITING_MESSAGE_BYTES;
    if (this.#waitingBytes > 0 && this.#waitingBytes + cost > this.#options.maxBufferedBytes) {
      this.#options.onOverflow();
      return LOST;
    }
    const done = () => {
      this.#waitingBytes -= cost;
    };
    if (this.#waitingBytes === 0 && byteSize <= SMALL_MESSAGE_BYTES && !this.#pace.isWindowFull) {
      // Most messages: nothing is ahead of them, so there is no need to wait.
      if (this.#socket.readyState !== WebSocket.OPEN) return LOST;
      this.#waitingBytes = cost;
      this.#sendPiece(inOnePiece(parts, byteSize), true, done);
      return TAKEN;
    }
    this.#waitingBytes += cost;
    this.#lastMessage = this.#lastMessage.then(() => this.#transmit(parts, byteSize)).finally(done);
    return this.#lastMessage;
  }

  /** Asks the client to confirm everything that was sent. */
  ping(): void {
    const id = this.#pace.ping();
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping(String(id));
  }

  /** Whether the client has confirmed anything since the last call; true for the first call. */
  hasConfirmed(): boolean {
    return this.#pace.takeConfirmed();
  }

  /** Must be called when the connection has closed: what waits for a confirmation ends. */
  closed(): void {
    this.#resume?.();
  }

  async #transmit(parts: readonly Buffer[], byteSize: number): Promise<boolean> {
    // The large parts are not copied: other connections send them as well.
    const whole = byteSize <= SMALL_MESSAGE_BYTES ? [inOnePiece(parts, byteSize)] : joinSmall(parts);
    const { promise: isTaken, resolve } = Promise.withResolvers<boolean>();
    const onTaken = (error?: Error) => resolve(error == null);
    let left = byteSize;
    // All pieces that fit into the window go to the system in one write.
    this.#stream.cork();
    try {
      for (const part of whole) {
        for (let at = 0; at < part.length; ) {
          while (this.#pace.isWindowFull && this.#socket.readyState === WebSocket.OPEN) await this.#confirmation();
          if (this.#socket.readyState !== WebSocket.OPEN) return false;
          const piece = part.subarray(at, at + this.#pace.pieceBytes);
          at += piece.length;
          left -= piece.length;
          this.#sendPiece(piece, left === 0, left === 0 ? onTaken : undefined);
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
      this.#resume = resolve;
    });
    this.#stream.cork();
  }

  #sendPiece(piece: Buffer, fin: boolean, onTaken?: (error?: Error) => void): void {
    const needsPing = this.#pace.sent(piece.length, fin);
    // An error closes the connection, which `closed` is called for.
    this.#socket.send(piece, { binary: false, fin }, onTaken);
    if (needsPing) this.ping();
  }
}

/** Joins neighbours that are both small: each part is sent as a frame of its own. */
function joinSmall(parts: readonly Buffer[]): readonly Buffer[] {
  const joined: Buffer[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last === undefined || part.length > SMALL_PART_BYTES || last.length > SMALL_PART_BYTES) joined.push(part);
    else joined[joined.length - 1] = Buffer.concat([last, part]);
  }
  return joined;
}

function inOnePiece(parts: readonly Buffer[], byteSize: number): Buffer {
  const [first] = parts;
  return first !== undefined && parts.length === 1 ? first : Buffer.concat(parts, byteSize);
}
