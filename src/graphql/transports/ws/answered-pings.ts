/**
 * Answers the pings of a client. While earlier output waits for the client to read, only the newest ping is kept, and
 * answered when there is room again; RFC 6455 (section 5.5.3) allows that. A client that sends pings and reads nothing would
 * otherwise fill the memory with answers.
 */
import type { Writable } from 'node:stream';
import { WebSocket } from 'ws';

/** Unsent bytes above which answers wait. */
const MAX_WAITING_BYTES = 64 * 1024;

/** @param stream what the socket writes to */
export function answerPings(socket: WebSocket, stream: Pick<Writable, 'writableLength' | 'once'>): void {
  let newest: Buffer | null = null;

  function answer(): void {
    const payload = newest;
    newest = null;
    if (payload !== null && socket.readyState === WebSocket.OPEN) socket.pong(payload);
  }

  socket.on('ping', (payload) => {
    const isWaiting = newest !== null;
    newest = payload;
    if (isWaiting) return;
    if (stream.writableLength > MAX_WAITING_BYTES) stream.once('drain', answer);
    else answer();
  });
}
