/** Subscribers over WebSocket that are slow, stuck or gone, against a server that looks for them often. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { collect, eventually, watchConversation, within } from '../api/steps.ts';
import type { TestServer } from '../support/server.ts';
import {
  CONVERSATION_WITH_BYTES,
  converse,
  cursorsOf,
  EVENTS_A_CALL,
  memoryOf,
  mostMemoryOf,
  openReader,
  readSlowly,
  startServerOfLargePictures,
} from './readers.ts';

const KEEP_ALIVE_MS = 400;
/** For what a machine under load adds to a timer. */
const LATE_MS = 1_500;
const MAX_OPERATIONS = 12;
const MIB = 1024 * 1024;

let server: TestServer;
/** A conversation with two calls: twelve megabytes to replay. */
let conversationId: string;
let cursors: string[];

beforeAll(async () => {
  const env = {
    KEEP_ALIVE_MS: String(KEEP_ALIVE_MS),
    MAX_BUFFERED_BYTES: String(4 * MIB),
    MAX_OPERATIONS_PER_SOCKET: String(MAX_OPERATIONS),
  };
  server = await startServerOfLargePictures(env);
  conversationId = await converse(server.url, 2);
  cursors = await cursorsOf(server.url, conversationId, 2);
});
afterAll(() => server[Symbol.asyncDispose]());

describe.concurrent('a subscriber who stops reading', () => {
  it('promise 9: is cut with 1013, keeps nobody waiting, and has everything without a gap when it is back', async () => {
    const own = await converse(server.url, 1);
    using stuck = await openReader(server.url);
    stuck.subscribe('1', CONVERSATION_WITH_BYTES, { conversationId: own });
    await stuck.until('the first event', () => stuck.cursors().length > 0);
    stuck.socket.pause();

    const quick = collect(watchConversation(server.url, own), 3 * EVENTS_A_CALL);
    const made = converse(server.url, 2, own);
    await delay(2 * KEEP_ALIVE_MS + LATE_MS);

    stuck.socket.resume();
    expect(await within(5_000, 'the close', () => stuck.closed)).toMatchObject({ code: 1013 });
    await made;
    const all = (await quick).map(({ cursor }) => cursor);
    const before = stuck.cursors();
    expect(before.length).toBeLessThan(all.length);
    using back = await openReader(server.url);
    back.subscribe('1', CONVERSATION_WITH_BYTES, { conversationId: own, after: before.at(-1) ?? null });
    await back.until('the rest', () => before.length + back.cursors().length >= all.length);
    expect([...before, ...back.cursors()]).toEqual(all);
  });

  it('promises 2, 9: is resumed by the graphql-ws client itself, behind the cursor that it was given last', async () => {
    const codes: number[] = [];
    const sockets: WebSocket[] = [];
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryWait: () => delay(10),
      on: {
        // The implementation that was given above.
        opened: (socket) => sockets.push(socket as WebSocket),
        // Only close events come here.
        closed: (event) => codes.push((event as CloseEvent).code),
      },
    });
    const variables: { conversationId: string; after: string | null } = { conversationId, after: null };
    const seen: string[] = [];
    client.subscribe<{ conversationEvents: { cursor: string } }>(
      { query: CONVERSATION_WITH_BYTES, variables },
      {
        next({ data }) {
          const cursor = data?.conversationEvents.cursor;
          if (cursor === undefined) return;
          seen.push(cursor);
          // The client reads its variables anew whenever it subscribes again.
          variables.after = cursor;
          if (seen.length === 3) sockets[0]?.pause();
        },
        error: () => undefined,
        complete: () => undefined,
      },
    );
    await eventually('three events', () => seen.length >= 3 || undefined);
    await delay(2 * KEEP_ALIVE_MS + LATE_MS);
    sockets[0]?.resume();
    await eventually('everything', () => seen.length >= cursors.length || undefined);
    expect(codes).toEqual([1013]);
    expect(seen).toEqual(cursors);
    await client.dispose();
  });

  it('promise 9: is cut at once when too much is waiting for it, whatever it asks for', async () => {
    using greedy = await openReader(server.url);
    greedy.socket.pause();
    for (let id = 0; id < MAX_OPERATIONS; id += 1) {
      greedy.subscribe(String(id), '{ images(first: 1) { edges { node { dataUri } } } }');
    }
    await delay(KEEP_ALIVE_MS / 2);
    greedy.socket.resume();
    const { code, reason } = await within(5_000, 'the close', () => greedy.closed);
    expect({ code, reason }).toEqual({ code: 1013, reason: expect.stringContaining('Too much') });
  });

  it('promise 9: costs one event and not its backlog, however many subscriptions it has', {
    concurrent: false,
  }, async () => {
    // None is cut while memory is looked at.
    await using patient = await startServerOfLargePictures({ KEEP_ALIVE_MS: '60000' });
    const own = await converse(patient.url, 2);
    await cursorsOf(patient.url, own, 2);
    const before = memoryOf(patient);
    const readers = await Promise.all(Array.from({ length: 10 }, () => openReader(patient.url)));
    for (const stuck of readers) {
      for (let id = 0; id < 50; id += 1) {
        stuck.subscribe(String(id), CONVERSATION_WITH_BYTES, { conversationId: own });
      }
      stuck.socket.pause();
    }
    // The backlog of all five hundred is six gigabytes, and one event of each more than half a gigabyte.
    expect((await mostMemoryOf(patient, 3_000)) - before).toBeLessThan(150);
    // Nor was it cut for having many: all of them go on when it reads again, the small events and some large ones.
    const [reader] = readers;
    reader?.socket.resume();
    await reader?.until('its events', () => reader.cursors().length > 50 * 2 + 10);
  });
});

describe.concurrent('a subscriber who reads slowly', () => {
  it('promise 9: is not cut as long as it reads, though a single event takes it many keep-alives', async () => {
    using slow = await openReader(server.url);
    readSlowly(slow);
    const startedAt = performance.now();
    const [firstCall, secondCall] = [cursors.slice(0, EVENTS_A_CALL), cursors.slice(EVENTS_A_CALL)];
    slow.subscribe('1', CONVERSATION_WITH_BYTES, { conversationId, after: firstCall.at(-1) ?? null });
    await slow.until('everything', () => slow.cursors().length >= secondCall.length);
    expect(slow.cursors()).toEqual(secondCall);
    // A test that reads too fast shows nothing.
    expect(performance.now() - startedAt).toBeGreaterThan(4 * KEEP_ALIVE_MS);
  });
});

describe.concurrent('a subscriber who has vanished', () => {
  it('promise 9: is cut within two keep-alives, since it does not answer', async () => {
    using vanished = await openReader(server.url, { autoPong: false });
    vanished.subscribe('1', CONVERSATION_WITH_BYTES, { conversationId, after: cursors.at(-1) ?? null });
    const startedAt = performance.now();
    expect(await vanished.closed).toMatchObject({ code: 1013 });
    expect(performance.now() - startedAt).toBeLessThan(2 * KEEP_ALIVE_MS + LATE_MS);
  });

  it('is told from one whose answer crosses with an event on its way', async () => {
    using far = await openReader(server.url, { autoPong: false });
    let asked = 0;
    far.socket.on('ping', (payload) => {
      asked += 1;
      // Now and then, behind the ping and before its answer is there, the server sends something.
      if (asked % 2 === 0) far.send({ id: `q${asked}`, type: 'subscribe', payload: { query: '{ __typename }' } });
      setTimeout(() => far.socket.pong(payload), KEEP_ALIVE_MS / 4);
    });
    await delay(6 * KEEP_ALIVE_MS);
    expect(far.socket.readyState).toBe(WebSocket.OPEN);
    expect(asked).toBeGreaterThan(2);
  });

  it('is told from one who is silent and answers: that one stays', async () => {
    using silent = await openReader(server.url);
    await delay(4 * KEEP_ALIVE_MS);
    expect(silent.socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe('a connection', () => {
  it('runs so many operations at once and refuses the next in words, without harm to the others', async () => {
    using reader = await openReader(server.url);
    const variables = { conversationId, after: cursors.at(-2) ?? null };
    for (let id = 0; id <= MAX_OPERATIONS; id += 1) reader.subscribe(String(id), CONVERSATION_WITH_BYTES, variables);
    const last = String(MAX_OPERATIONS);
    await reader.until('the end of the last one', (got) =>
      got.some(({ type, id }) => type === 'complete' && id === last),
    );
    const [refused] = reader.messages.filter(({ payload }) => payload?.errors !== undefined);
    expect(refused).toMatchObject({ id: last, payload: { errors: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }] } });
    await reader.until('an event of each other one', () => reader.cursors().length >= MAX_OPERATIONS);

    // One that has ended makes room for another.
    reader.send({ id: '0', type: 'complete' });
    await delay(50);
    reader.subscribe('another', CONVERSATION_WITH_BYTES, variables);
    await reader.until('its event', (got) => got.some(({ id, type }) => id === 'another' && type === 'next'));
  });

  it('that sends much before connection_init is closed: nobody has let it in', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { padding: 'x'.repeat(500_000) } }));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1009);
  });
});
