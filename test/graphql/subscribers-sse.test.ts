/** Subscribers over server-sent events that are slow or stuck, against a server that looks for them often. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, eventually, watchConversation, within } from '../api/steps.ts';
import { overSse } from '../support/client.ts';
import type { TestServer } from '../support/server.ts';
import {
  CONVERSATION_WITH_BYTES,
  converse,
  cursorsOf,
  EVENTS_A_CALL,
  memoryOf,
  mostMemoryOf,
  openSse,
  startServerOfLargePictures,
} from './readers.ts';

const KEEP_ALIVE_MS = 400;
/** For what a machine under load adds to a timer. */
const LATE_MS = 1_500;

let server: TestServer;

beforeAll(async () => {
  server = await startServerOfLargePictures({ KEEP_ALIVE_MS: String(KEEP_ALIVE_MS) });
});
afterAll(() => server[Symbol.asyncDispose]());

describe.concurrent('a subscriber over SSE who stops reading', () => {
  it('promise 9: is cut, keeps nobody waiting, and has everything without a gap when it is back', async () => {
    const conversationId = await converse(server.url, 2);
    using stuck = await openSse(server.url, CONVERSATION_WITH_BYTES, { conversationId });
    await eventually('the first event', () => stuck.cursors().length > 0 || undefined);
    stuck.response.pause();

    const quick = collect(watchConversation(server.url, conversationId, { over: overSse }), 4 * EVENTS_A_CALL);
    await converse(server.url, 2, conversationId);
    const all = (await quick).map(({ cursor }) => cursor);
    await delay(2 * KEEP_ALIVE_MS + LATE_MS);

    stuck.response.resume();
    await within(5_000, 'the end of the response', () => stuck.ended);
    expect(stuck.text()).not.toContain('event: complete');
    const before = stuck.cursors();
    expect(before.length).toBeLessThan(all.length);
    const after = before.at(-1) ?? null;
    using back = await openSse(server.url, CONVERSATION_WITH_BYTES, { conversationId, after });
    await eventually('the rest', () => before.length + back.cursors().length >= all.length || undefined);
    expect([...before, ...back.cursors()]).toEqual(all);
  });

  it('promise 9: costs one event and not its backlog', async () => {
    await using patient = await startServerOfLargePictures({ KEEP_ALIVE_MS: '60000' });
    const conversationId = await converse(patient.url, 8);
    await cursorsOf(patient.url, conversationId, 8);
    const before = memoryOf(patient);
    for (let nth = 0; nth < 30; nth += 1) {
      const stuck = await openSse(patient.url, CONVERSATION_WITH_BYTES, { conversationId });
      stuck.response.pause();
    }
    // The backlog of all of them is 1,440 MB; what making thirty large events leaves as garbage is a quarter of that.
    expect((await mostMemoryOf(patient, 2_000)) - before).toBeLessThan(550);
  });
});

describe('a silent subscription over SSE', () => {
  it('promise 9: gets a sign of life with every keep-alive, so that nothing in between closes it', async () => {
    const conversationId = await converse(server.url, 1);
    const after = (await cursorsOf(server.url, conversationId, 1)).at(-1) ?? null;
    using silent = await openSse(server.url, CONVERSATION_WITH_BYTES, { conversationId, after });
    expect(silent.response.headers).toMatchObject({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    await delay(3.5 * KEEP_ALIVE_MS);
    const comments = silent.text().split(':\n\n').length - 1;
    expect(comments).toBeGreaterThanOrEqual(3);
    expect(comments).toBeLessThanOrEqual(5);
  });
});
