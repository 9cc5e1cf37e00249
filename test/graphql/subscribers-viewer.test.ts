/** Subscribers to everything of a viewer who are slow or stuck, or very many. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, eventually, generate, watchViewer, within } from '../api/steps.ts';
import type { TestServer } from '../support/server.ts';
import {
  converse,
  EVENTS_A_CALL,
  memoryOf,
  mostMemoryOf,
  openReader,
  openSse,
  readSlowly,
  startServerOfLargePictures,
  VIEWER_WITH_BYTES,
} from './readers.ts';

const KEEP_ALIVE_MS = 400;
/** For what a machine under load adds to a timer. */
const LATE_MS = 1_500;
const MIB = 1024 * 1024;

let server: TestServer;
beforeAll(async () => {
  server = await startServerOfLargePictures({
    KEEP_ALIVE_MS: String(KEEP_ALIVE_MS),
    MAX_BUFFERED_BYTES: String(4 * MIB),
  });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Everything so far, as a subscriber gets it who reads at once. */
async function everything(calls: number): Promise<readonly string[]> {
  const all: string[] = [];
  let completed = 0;
  await within(20_000, 'everything', async () => {
    for await (const { cursor, __typename } of watchViewer(server.url)) {
      all.push(cursor);
      if (__typename === 'GenerationCompleted') completed += 1;
      if (completed === calls) break;
    }
  });
  return all;
}

describe('a subscriber of viewerEvents', () => {
  it('promise 9: who stops reading is cut with 1013, keeps nobody waiting, and loses nothing', async () => {
    using stuck = await openReader(server.url);
    stuck.subscribe('1', VIEWER_WITH_BYTES);
    const begun = converse(server.url, 1);
    await stuck.until('the first event', () => stuck.cursors().length > 0);
    stuck.socket.pause();
    const quick = collect(watchViewer(server.url), 1 + 3 * EVENTS_A_CALL);
    await converse(server.url, 2, await begun);
    await within(5_000, 'a subscriber beside it', () => quick);
    await delay(2 * KEEP_ALIVE_MS + LATE_MS);
    stuck.socket.resume();
    expect(await within(5_000, 'the close', () => stuck.closed)).toMatchObject({ code: 1013 });
    const all = await everything(3);
    const before = stuck.cursors();
    expect(before.length).toBeLessThan(all.length);
    using back = await openReader(server.url);
    back.subscribe('1', VIEWER_WITH_BYTES, { after: before.at(-1) ?? null });
    await back.until('the rest', () => before.length + back.cursors().length >= all.length);
    expect([...before, ...back.cursors()]).toEqual(all);
  });

  it('promise 9: who reads slowly is not cut, and has everything in order', async () => {
    using slow = await openReader(server.url);
    readSlowly(slow);
    slow.subscribe('1', VIEWER_WITH_BYTES);
    const all = await everything(3);
    await slow.until('everything', () => slow.cursors().length >= all.length);
    expect(slow.cursors()).toEqual(all);
  });

  it('promise 9: over server-sent events, who stops reading is cut, and loses nothing', async () => {
    using stuck = await openSse(server.url, VIEWER_WITH_BYTES, {});
    await eventually('the first event', () => stuck.cursors().length > 0 || undefined);
    stuck.response.pause();
    await delay(2 * KEEP_ALIVE_MS + LATE_MS);
    stuck.response.resume();
    await within(5_000, 'the end of the response', () => stuck.ended);
    const all = await everything(3);
    const before = stuck.cursors();
    using back = await openSse(server.url, VIEWER_WITH_BYTES, { after: before.at(-1) ?? null });
    await eventually('the rest', () => before.length + back.cursors().length >= all.length || undefined);
    expect([...before, ...back.cursors()]).toEqual(all);
  });
});

it('promise 9: five hundred subscribers of one viewer cost little memory, and all have an event at once', async () => {
  await using many = await startServerOfLargePictures({ KEEP_ALIVE_MS: '60000' });
  await converse(many.url, 1);
  const readers = await Promise.all(Array.from({ length: 10 }, () => openReader(many.url)));
  const before = memoryOf(many);
  for (const reader of readers) {
    for (let id = 0; id < 50; id += 1) {
      reader.subscribe(String(id), 'subscription { viewerEvents { __typename cursor } }');
    }
  }
  const replayed = 50 * (1 + EVENTS_A_CALL);
  for (const reader of readers) await reader.until('the replay', () => reader.cursors().length === replayed);
  const most = mostMemoryOf(many, 2_000);
  const begun = performance.now();
  await generate(many.url, { prompt: 'for all of them' });
  for (const reader of readers) {
    await reader.until('the new call', () => reader.cursors().length >= replayed + 50);
  }
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect((await most) - before).toBeLessThan(120);
  for (const reader of readers) reader[Symbol.dispose]();
});
