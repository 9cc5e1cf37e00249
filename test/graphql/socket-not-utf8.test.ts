/** A WebSocket that sends text which is not UTF-8 is closed, and nobody else notices. */
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { generate, watchToEnd, within } from '../api/steps.ts';
import { startServer, type TestServer } from '../support/server.ts';

const LIMIT_MS = 10_000;
const INVALID_PAYLOAD = 1007;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ env: { SIMULATOR_DURATION_MS: '3000' } });
});
afterAll(() => server?.[Symbol.asyncDispose]());

async function open(): Promise<WebSocket> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  return socket;
}

async function acknowledged(): Promise<WebSocket> {
  const socket = await open();
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  return socket;
}

/** Sends these bytes as one text message, in one frame or in two. @returns the close code */
async function closeCodeOf(socket: WebSocket, bytes: Buffer, splitAt?: number): Promise<number> {
  const closed = once(socket, 'close');
  if (splitAt !== undefined) socket.send(bytes.subarray(0, splitAt), { binary: false, fin: false });
  socket.send(bytes.subarray(splitAt ?? 0), { binary: false });
  const [code] = await within(LIMIT_MS, 'the end of the socket', () => closed);
  return code;
}

const prompt = (letter: Buffer) =>
  Buffer.concat([
    Buffer.from('{"id":"1","type":"subscribe","payload":{"query":"{ viewer { principal } }","variables":{"a":"'),
    letter,
    Buffer.from('"}}}'),
  ]);

const INVALID: readonly (readonly [string, Buffer])[] = [
  ['bytes that are in no text', Buffer.from([0xff, 0xfe])],
  ['a letter of Latin-1 within JSON', prompt(Buffer.from([0xe9]))],
  ['half a letter', prompt(Buffer.from([0xf0, 0x9f]))],
  ['half of a surrogate pair', prompt(Buffer.from([0xed, 0xa0, 0x80]))],
  ['an overlong slash', prompt(Buffer.from([0xc0, 0xaf]))],
];

describe('a text message that is not UTF-8', () => {
  it.each(INVALID)('closes its socket with 1007: %s', async (_, bytes) => {
    expect(await closeCodeOf(await open(), bytes)).toBe(INVALID_PAYLOAD);
    expect(await closeCodeOf(await acknowledged(), bytes)).toBe(INVALID_PAYLOAD);
    expect(await closeCodeOf(await acknowledged(), bytes, 1)).toBe(INVALID_PAYLOAD);
  });

  it('is no letter that is divided between two frames', async () => {
    const socket = await acknowledged();
    const bytes = prompt(Buffer.from('🦦'));
    const answered = once(socket, 'message');
    const splitAt = bytes.indexOf(0xf0) + 2;
    socket.send(bytes.subarray(0, splitAt), { binary: false, fin: false });
    socket.send(bytes.subarray(splitAt), { binary: false });
    const [data] = await within(LIMIT_MS, 'the answer', () => answered);
    expect(JSON.parse(String(data))).toMatchObject({ type: 'next', payload: { data: { viewer: {} } } });
    socket.terminate();
  });

  it('harms neither the subscriptions of other sockets nor the server, and is no error of the log', async () => {
    const call = await generate(server.url, { prompt: 'a boat' });
    let hasEnded = false;
    const events = watchToEnd(server.url, call.id).finally(() => {
      hasEnded = true;
    });
    // Its own subscription ends with its socket.
    const broken = await acknowledged();
    const query = `subscription { generationEvents(callId: "${call.id}") { sequence } }`;
    broken.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    await once(broken, 'message');
    expect(await closeCodeOf(broken, Buffer.from([0xff]))).toBe(INVALID_PAYLOAD);
    for (let times = 0; times < 50; times += 1) {
      expect(await closeCodeOf(await acknowledged(), Buffer.from([0xff]))).toBe(INVALID_PAYLOAD);
    }
    expect(hasEnded).toBe(false);
    const followed = await events;
    expect(followed.map(({ sequence }) => sequence)).toEqual(followed.map((_, index) => index + 1));
    expect(followed.at(-1)?.__typename).toBe('GenerationCompleted');
    expect(server.process.exitCode).toBeNull();
    expect(server.output()).not.toMatch(/"level":(?:40|50|60)/u);
  });
});
