/** Clients that send to their WebSocket without end, and read nothing: what they cost is bounded (promise 9). */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../api/steps.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { memoryOf, openReader } from './readers.ts';

const WARM_UP_MS = 4_000;
const FLOOD_MS = 6_000;
const MAX_GROWTH_MB = 100;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ env: { KEEP_ALIVE_MS: '60000' } });
});
afterAll(() => server?.[Symbol.asyncDispose]());

/** A frame of a client, masked with zeros. */
function frame(opcode: number, payload: Uint8Array): Buffer {
  const length = payload.length < 126 ? [0x80 | payload.length] : [0xfe, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...length, 0, 0, 0, 0]), payload]);
}

/** Opens a WebSocket by hand, says `connection_init`, and reads nothing from then on. */
async function openDeaf(): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => undefined);
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
  );
  await once(socket, 'data');
  socket.write(frame(1, Buffer.from('{"type":"connection_init"}')));
  await once(socket, 'data');
  return socket.pause();
}

/** @returns by how many MB the server grows while it is sent the same bytes for a while, or until it closes */
async function growthUnder(bytes: Buffer): Promise<number> {
  const socket = await openDeaf();
  // The first seconds fill what V8 collects late. What is kept for the client grows for as long as the flood lasts.
  const before = await peakUnder(socket, bytes, WARM_UP_MS);
  const most = await peakUnder(socket, bytes, FLOOD_MS);
  socket.destroy();
  return most - before;
}

/** Sends the same bytes for a while, or until the server closes. @returns the most memory of the server, in MB */
async function peakUnder(socket: Socket, bytes: Buffer, durationMs: number): Promise<number> {
  let most = memoryOf(server);
  for (const end = performance.now() + durationMs; performance.now() < end && !socket.destroyed; ) {
    socket.write(bytes);
    if (socket.writableLength > 1_000_000) {
      // The server may close the connection, which can be an error of the socket.
      const room = once(socket, 'drain').catch(() => undefined);
      await Promise.race([room, delay(200)]);
    }
    most = Math.max(most, memoryOf(server));
  }
  return most;
}

const times = (count: number, bytes: Buffer) => Buffer.concat(Array.from({ length: count }, () => bytes));
const text = (message: object) => frame(1, Buffer.from(JSON.stringify(message)));

describe('a client that reads nothing', () => {
  it.each([
    ['pings with full payloads', times(500, frame(9, Buffer.alloc(125, 'x')))],
    ['empty pings', times(5_000, frame(9, Buffer.alloc(0)))],
    ['pongs that nobody asked for', times(500, frame(10, Buffer.alloc(125, 'x')))],
    ['pings of the protocol', times(2_000, text({ type: 'ping' }))],
    ['queries', times(200, text({ id: 'x', type: 'subscribe', payload: { query: '{ models { name } }' } }))],
    ['documents with an error', times(500, text({ id: 'x', type: 'subscribe', payload: { query: '{ nothing }' } }))],
  ])('and sends %s costs a bounded amount of memory', async (_, flood) => {
    const growth = await growthUnder(flood);
    console.log(`the server grew by ${Math.round(growth)} MB`);
    expect(growth).toBeLessThan(MAX_GROWTH_MB);
    await eventually('the server to answer', async () => (await fetch(`${server.url}/health/live`)).ok || undefined);
  });
});

it('a client that reads has each ping answered', async () => {
  using reader = await openReader(server.url);
  const pongs: string[] = [];
  reader.socket.on('pong', (payload) => pongs.push(String(payload)));
  const sent = Array.from({ length: 50 }, (_, number) => `ping ${number}`);
  for (const payload of sent) reader.socket.ping(payload);
  await eventually('fifty pongs', () => pongs.length === sent.length || undefined);
  expect(pongs).toEqual(sent);
});
