/**
 * What waits to be sent over one WebSocket (promise 9). Messages go one behind the other, and large ones in pieces, each
 * followed by a ping whose answer says how far the reader has come. So
 * - no more than a window is under way, whatever the buffers of the kernel and of proxies would take;
 * - a reader who is slow is told from one who is gone: the former confirms piece after piece;
 * - the pings that keep the connection alive do not stand behind megabytes.
 */
import { WebSocket } from 'ws';

/** Also the least that a reader has to take within a keep-alive to stay. */
const PIECE_BYTES = 128 * 1024;
/** Sent and not confirmed: at a round trip of 100 ms still 10 MB a second. */
const WINDOW_BYTES = 1024 * 1024;

export interface Outbox {
  /** Bytes of the messages that are not sent, or not wholly. */
  readonly waitingBytes: number;
  /**
   * Sends a message, given whole or in parts; the same bytes may go out over many connections. Resolves when it was handed
   * to the connection, or when there is no use in waiting; never rejects.
   */
  send(message: string | readonly Buffer[]): Promise<void>;
  /** Asks the reader to confirm everything that was sent. */
  ping(): void;
  /** Whether the reader has answered anything since this was last called; at first it has. */
  hasConfirmed(): boolean;
}

export interface OutboxOptions {
  /** More than this does not wait together; a single message may be larger. */
  readonly maxBufferedBytes: number;
  /** Called instead of queueing what would be too much; the connection is then to be ended. */
  readonly onOverflow: () => void;
}

export function createOutbox(socket: WebSocket, { maxBufferedBytes, onOverflow }: OutboxOptions): Outbox {
  let waitingBytes = 0;
  /** Places in the stream of everything that was ever sent. */
  let sent = 0;
  let askedAt = 0;
  let confirmed = 0;
  /** Of the pings that were not answered, by their number: how far the stream was when each was sent. */
  const asked = new Map<number, number>();
  let lastPing = 0;
  let news = true;
  let goOn: () => void = () => undefined;
  let last = Promise.resolve();

  socket.on('pong', (payload) => {
    const ping = Number(String(payload));
    const place = asked.get(ping);
    // An answer that came before, or that nobody asked for, says nothing.
    if (place === undefined) return;
    // A reader may answer the newest of several only (RFC 6455, 5.5.3).
    for (const earlier of asked.keys()) if (earlier <= ping) asked.delete(earlier);
    confirmed = place;
    news = true;
    goOn();
  });
  socket.once('close', () => goOn());

  function ping(): void {
    askedAt = sent;
    lastPing += 1;
    asked.set(lastPing, sent);
    if (socket.readyState === WebSocket.OPEN) socket.ping(String(lastPing));
  }

  function hand(piece: Buffer, fin: boolean, onTaken: () => void): void {
    sent += piece.length;
    // An error ends the connection, which is told elsewhere.
    socket.send(piece, { binary: false, fin }, onTaken);
    if (sent - askedAt >= PIECE_BYTES) ping();
  }

  const isWindowFull = () => sent - confirmed > WINDOW_BYTES;

  async function transmit(pieces: readonly Buffer[]): Promise<void> {
    for (const [index, piece] of pieces.entries()) {
      while (isWindowFull() && socket.readyState === WebSocket.OPEN) {
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
      }
      if (socket.readyState !== WebSocket.OPEN) return;
      await new Promise<void>((resolve) => hand(piece, index === pieces.length - 1, resolve));
    }
  }

  return {
    get waitingBytes() {
      return waitingBytes;
    },
    send(message) {
      // Cut as bytes: in the middle of a character a string must not be.
      const parts = typeof message === 'string' ? [Buffer.from(message)] : message;
      const byteSize = parts.reduce((sum, { length }) => sum + length, 0);
      if (waitingBytes > 0 && waitingBytes + byteSize > maxBufferedBytes) {
        onOverflow();
        return NOTHING_TO_WAIT_FOR;
      }
      if (waitingBytes === 0 && byteSize <= PIECE_BYTES && !isWindowFull()) {
        // What most events are, on what most connections are: there is nothing to wait for.
        if (socket.readyState !== WebSocket.OPEN) return NOTHING_TO_WAIT_FOR;
        waitingBytes = byteSize;
        hand(inOnePiece(parts, byteSize), true, () => {
          waitingBytes -= byteSize;
        });
        return NOTHING_TO_WAIT_FOR;
      }
      waitingBytes += byteSize;
      last = last
        .then(() => transmit(piecesOf(parts, byteSize)))
        .finally(() => {
          waitingBytes -= byteSize;
        });
      return last;
    },
    ping,
    hasConfirmed() {
      const had = news;
      news = false;
      return had;
    },
  };
}

const NOTHING_TO_WAIT_FOR = Promise.resolve();

function inOnePiece(parts: readonly Buffer[], byteSize: number): Buffer {
  const [first] = parts;
  return first !== undefined && parts.length === 1 ? first : Buffer.concat(parts, byteSize);
}

/** A small message in one piece, a large one in several, none of which is a copy. */
function piecesOf(parts: readonly Buffer[], byteSize: number): readonly Buffer[] {
  if (byteSize <= PIECE_BYTES) return [inOnePiece(parts, byteSize)];
  return parts.flatMap((part) =>
    Array.from({ length: Math.ceil(part.length / PIECE_BYTES) }, (_, index) =>
      part.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES),
    ),
  );
}
