/** Promise 9 on one socket: how large messages are cut, and how much is under way, follows how the reader takes them. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { SendWindow } from '../../src/graphql/transports/ws/send-window.ts';

const MESSAGE = Buffer.alloc(1024 * 1024, 'a');
const SLOW_MS = 300;

let close: () => void = () => undefined;
afterEach(() => close());

/** An sendWindow, and the reader at its other end, who answers each ping after so long. */
async function pair(answerAfterMs: () => number) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  // A server that listens on a port has an address of this kind.
  const reader = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { autoPong: false });
  // What the event is told with.
  const [socket, request] = (await once(server, 'connection')) as [WebSocket, IncomingMessage];
  await once(reader, 'open');
  close = () => {
    reader.terminate();
    server.close();
  };
  let pings = 0;
  reader.on('ping', (payload) => {
    pings += 1;
    const waitMs = answerAfterMs();
    if (waitMs === 0) reader.pong(payload);
    else setTimeout(() => reader.pong(payload), waitMs);
  });
  const sendWindow = new SendWindow(socket, {
    stream: request.socket,
    maxBufferedBytes: 64 * MESSAGE.length,
    onOverflow: () => undefined,
  });
  return {
    sendWindow,
    /** Sends a message; resolves with the pings that came with it, which is one behind each piece. */
    async pieces(): Promise<number> {
      const before = pings;
      const arrived = once(reader, 'message');
      await sendWindow.send([Buffer.from('<'), MESSAGE, Buffer.from('>')]);
      const [bytes]: Buffer[] = await arrived;
      expect(bytes?.equals(Buffer.concat([Buffer.from('<'), MESSAGE, Buffer.from('>')]))).toBe(true);
      // The last answer is on its way.
      await delay(50);
      return pings - before;
    },
  };
}

describe('promise 9: a reader', () => {
  it('who takes pieces as they come gets larger ones, and is back at small ones when it becomes slow', async () => {
    let waitMs = 0;
    const { pieces } = await pair(() => waitMs);
    expect(await pieces()).toBeGreaterThanOrEqual(3);
    await pieces();
    expect(await pieces()).toBe(2);
    waitMs = SLOW_MS;
    await pieces();
    await delay(2 * SLOW_MS);
    expect(await pieces()).toBe(8);
  });

  it('who is slow gets small ones from the first to the last', async () => {
    const { pieces } = await pair(() => SLOW_MS);
    for (let round = 0; round < 3; round += 1) {
      expect(await pieces()).toBe(8);
      await delay(2 * SLOW_MS);
    }
  });

  it('who has answered between messages only has not shown that it is fast', async () => {
    let waitMs = 0;
    const { sendWindow, pieces } = await pair(() => waitMs);
    for (let round = 0; round < 10; round += 1) {
      sendWindow.ping();
      await delay(5);
    }
    waitMs = SLOW_MS;
    expect(await pieces()).toBe(8);
  });
});
