/** Promise 9 on one socket: how much is sent ahead of a reader's answers follows how fast it answers. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { SendWindow } from '../../src/graphql/transports/ws/send-window.ts';

const MIB = 1024 * 1024;
const MESSAGE = Buffer.alloc(5 * MIB, 'a');
const SLOW_MS = 300;
/** What a slow reader gets ahead of its answers: a window of 1 MiB, and the piece that fills it. */
const SMALL_WINDOW_BYTES = 1.25 * MIB;

let close: () => void = () => undefined;
afterEach(() => close());

/** A send window, and the reader at its other end. */
async function pair() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  // A server that listens on a port has an address of this kind.
  const reader = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { autoPong: false });
  // The arguments of the event.
  const [socket, request] = (await once(server, 'connection')) as [WebSocket, IncomingMessage];
  await once(reader, 'open');
  close = () => {
    reader.terminate();
    server.close();
  };
  let answers: 'at once' | 'late' | 'never' = 'at once';
  const unanswered: Buffer[] = [];
  let pings = 0;
  reader.on('ping', (payload) => {
    pings += 1;
    if (answers === 'at once') reader.pong(payload);
    else if (answers === 'late') setTimeout(() => reader.pong(payload), SLOW_MS);
    else unanswered.push(payload);
  });
  const sendWindow = new SendWindow(socket, {
    stream: request.socket,
    maxBufferedBytes: 64 * MIB,
    onOverflow: () => undefined,
  });

  /** Sends a message that must arrive as it is. */
  async function message(text: Buffer = MESSAGE): Promise<void> {
    const arrived = once(reader, 'message');
    await sendWindow.send([Buffer.from('<'), text, Buffer.from('>')]);
    const [bytes]: Buffer[] = await arrived;
    expect(bytes?.equals(Buffer.concat([Buffer.from('<'), text, Buffer.from('>')]))).toBe(true);
  }

  return {
    sendWindow,
    /** A message to a reader who takes it as fast as it comes. @returns how many pings it came with */
    async takeAtOnce(text?: Buffer): Promise<number> {
      answers = 'at once';
      const before = pings;
      await message(text);
      // The last answer is on its way.
      await delay(50);
      return pings - before;
    },
    /** The bytes of a message that come ahead of the reader's first answer, which comes late, as do the others. */
    async bytesAheadOfAnswers(): Promise<number> {
      // The socket below the reader counts what has come over it.
      const { _socket: stream } = reader as unknown as { readonly _socket: { readonly bytesRead: number } };
      const before = stream.bytesRead;
      answers = 'never';
      const sent = message();
      await delay(SLOW_MS);
      const bytes = stream.bytesRead - before;
      answers = 'late';
      for (const payload of unanswered.splice(0)) reader.pong(payload);
      await sent;
      // The last answers are on their way.
      await delay(2 * SLOW_MS);
      return bytes;
    },
  };
}

describe('promise 9: a reader', () => {
  it('who takes pieces as they come gets larger ones, and is back at small ones when it becomes slow', async () => {
    const { takeAtOnce, bytesAheadOfAnswers } = await pair();
    for (let round = 0; round < 3; round += 1) await takeAtOnce();
    expect(await bytesAheadOfAnswers()).toBeGreaterThan(3 * MIB);
    expect(await bytesAheadOfAnswers()).toBeLessThan(SMALL_WINDOW_BYTES);
  });

  it('who is fast is asked once for a message with an image of a megabyte', async () => {
    const { takeAtOnce } = await pair();
    for (let round = 0; round < 3; round += 1) await takeAtOnce();
    expect(await takeAtOnce(Buffer.alloc(Math.ceil((1_000_000 * 4) / 3), 'a'))).toBe(1);
  });

  it('who is slow gets small ones from the first to the last', async () => {
    const { bytesAheadOfAnswers } = await pair();
    for (let round = 0; round < 3; round += 1) {
      expect(await bytesAheadOfAnswers()).toBeLessThan(SMALL_WINDOW_BYTES);
    }
  });

  it('who has answered between messages only has not shown that it is fast', async () => {
    const { sendWindow, bytesAheadOfAnswers } = await pair();
    for (let round = 0; round < 10; round += 1) {
      sendWindow.ping();
      await delay(5);
    }
    expect(await bytesAheadOfAnswers()).toBeLessThan(SMALL_WINDOW_BYTES);
  });
});
