/** Calls with a completion window: they wait at the upstream for hours, which here are moments. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { CancelGeneration } from '../support/call-documents.ts';
import { data } from '../support/client.ts';
import { errorReply, jsonReply, type RecordedRequest } from '../support/scripted-upstream.ts';
import { newDataDir, type TestServer } from '../support/server.ts';
import { openShopProcess, order, orderedCall } from './orders.ts';
import {
  allOf,
  callDetails,
  collect,
  eventually,
  firstOf,
  generate,
  generateToEnd,
  rawId,
  refine,
  typesOf,
  watch,
  watchToEnd,
} from './steps.ts';
import { startProcessAt, startServerAt } from './upstreams.ts';
import { documentOf, startWindowUpstream, type WindowUpstream, type WindowUpstreamOptions } from './window-upstream.ts';

const WITHIN_2_HOURS = { completionWindow: 'WITHIN_2_HOURS' } as const;
/** The schedule of looks, in moments. */
const ENV = {
  COMPLETION_POLL_FIRST_MS: '30',
  COMPLETION_POLL_MAX_MS: '60',
  RETRY_BASE_DELAY_MS: '20',
  CONCURRENCY: '1',
};
const RATE_LIMITED = errorReply(429, { code: 'rate_limit_exceeded', message: 'slow down' });

interface Bench extends AsyncDisposable {
  readonly url: string;
  readonly upstream: WindowUpstream;
}

interface ProcessBench extends Bench {
  readonly server: TestServer;
  /** Starts the next server on the same data; the one before must have stopped. */
  restart(env?: Readonly<Record<string, string>>): Promise<TestServer>;
}

async function open(options: WindowUpstreamOptions = {}, env: Readonly<Record<string, string>> = {}): Promise<Bench> {
  const upstream = await startWindowUpstream(options);
  const server = await startServerAt(upstream, { env: { ...ENV, ...env } });
  return {
    url: server.url,
    upstream,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await upstream.close();
    },
  };
}

/** A server that can be stopped and killed. */
async function openProcess(env: Readonly<Record<string, string>> = {}): Promise<ProcessBench> {
  const upstream = await startWindowUpstream();
  const dataDir = await newDataDir();
  const servers: TestServer[] = [];
  const start = async (more: Readonly<Record<string, string>> = {}) => {
    const server = await startProcessAt(upstream, { dataDir, env: { ...ENV, ...env, ...more } });
    servers.push(server);
    return server;
  };
  const server = await start();
  return {
    url: server.url,
    server,
    upstream,
    restart: start,
    async [Symbol.asyncDispose]() {
      for (const each of servers) await each[Symbol.asyncDispose]();
      await upstream.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

const atLeast = (count: number, requests: () => readonly RecordedRequest[]) =>
  eventually(`${count} requests`, () => (requests().length >= count ? true : undefined));

const startWindowed = (url: string, prompt = 'a kite') => generate(url, { prompt, options: WITHIN_2_HOURS });

async function waitsAtUpstream(url: string, id: string): Promise<void> {
  await collect(watch(url, id), 2);
  expect(await callDetails(url, id)).toMatchObject({ status: 'IN_PROGRESS', attempts: 1 });
}

it('is in progress until the upstream has the image, which a look then brings', async () => {
  await using bench = await open();
  const { url, upstream } = bench;
  const { id } = await startWindowed(url);
  await atLeast(3, upstream.looks);
  await waitsAtUpstream(url, id);
  upstream.finish();
  expect(typesOf(await watchToEnd(url, id))).toEqual([
    'GenerationQueued',
    'GenerationStarted',
    'ImageCompleted',
    'GenerationCompleted',
  ]);
  expect(await callDetails(url, id)).toMatchObject({ status: 'COMPLETED', attempts: 1 });
  expect(upstream.creates().map(({ body }) => body)).toMatchObject([
    { background: true, store: true, background_options: { completion_window: '2h' } },
  ]);
  expect(upstream.looks().every(({ path }) => !path.includes('stream'))).toBe(true);
});

it('promises 5, 6: goes on after two SIGKILLs, and is asked for once', async () => {
  await using bench = await openProcess();
  const { upstream } = bench;
  const { id } = await startWindowed(bench.url);
  await atLeast(1, upstream.looks);
  await bench.server.stop('SIGKILL');
  const second = await bench.restart();
  const looks = upstream.looks().length;
  await atLeast(looks + 2, upstream.looks);
  await waitsAtUpstream(second.url, id);
  await second.stop('SIGKILL');
  upstream.finish();
  const third = await bench.restart();
  expect(typesOf(await watchToEnd(third.url, id)).slice(2)).toEqual(['ImageCompleted', 'GenerationCompleted']);
  expect(upstream.creates()).toHaveLength(1);
});

it('takes no place among the calls that run: ten of them hold up nobody', async () => {
  await using bench = await open();
  const { url, upstream } = bench;
  const calls = await Promise.all(Array.from({ length: 10 }, (_, nth) => startWindowed(url, `kite ${nth}`)));
  await atLeast(10, upstream.creates);
  const { id } = await generateToEnd(url, { prompt: 'a boat, now' });
  expect(await callDetails(url, id)).toMatchObject({ status: 'COMPLETED' });
  for (const call of calls) await waitsAtUpstream(url, call.id);
  upstream.finish();
  for (const call of calls) expect(typesOf(await watchToEnd(url, call.id)).at(-1)).toBe('GenerationCompleted');
  expect(upstream.creates()).toHaveLength(11);
});

it('takes no place after a restart either', async () => {
  await using bench = await openProcess();
  const { upstream } = bench;
  const calls = await Promise.all(Array.from({ length: 3 }, (_, nth) => startWindowed(bench.url, `kite ${nth}`)));
  await atLeast(3, upstream.creates);
  for (const call of calls) await waitsAtUpstream(bench.url, call.id);
  await bench.server.stop('SIGKILL');
  const next = await bench.restart();
  const { id } = await generateToEnd(next.url, { prompt: 'a boat, now' });
  expect(await callDetails(next.url, id)).toMatchObject({ status: 'COMPLETED' });
});

it('is cancelled at the upstream at once, however long the next look would take', async () => {
  await using bench = await open({}, { COMPLETION_POLL_FIRST_MS: '600000', COMPLETION_POLL_MAX_MS: '600000' });
  const { url, upstream } = bench;
  const { id } = await startWindowed(url);
  await atLeast(1, upstream.creates);
  await waitsAtUpstream(url, id);
  const { cancelGeneration } = await data(url, CancelGeneration, { input: { callId: id } });
  expect(cancelGeneration).toMatchObject({ call: { status: 'CANCELLED' } });
  expect(upstream.cancels()).toHaveLength(1);
});

it('lets a stopping server go at once, and goes on with the next one', async () => {
  await using bench = await openProcess({ COMPLETION_POLL_FIRST_MS: '600000', COMPLETION_POLL_MAX_MS: '600000' });
  const { upstream } = bench;
  const { id } = await startWindowed(bench.url);
  await atLeast(1, upstream.creates);
  await waitsAtUpstream(bench.url, id);
  const startedAt = performance.now();
  expect(await bench.server.stop('SIGTERM')).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  upstream.finish();
  const next = await bench.restart({ COMPLETION_POLL_FIRST_MS: '30' });
  expect(typesOf(await watchToEnd(next.url, id)).at(-1)).toBe('GenerationCompleted');
  expect(upstream.creates()).toHaveLength(1);
});

it('fails where the upstream refuses the window, and is not asked for at another price', async () => {
  const message = "Unknown parameter: 'background_options'.";
  await using bench = await open({
    answer: () => errorReply(400, { type: 'invalid_request_error', code: 'unknown_parameter', message, param: null }),
  });
  const { id } = await generateToEnd(bench.url, { prompt: 'a kite', options: WITHIN_2_HOURS });
  const call = await callDetails(bench.url, id);
  expect(call).toMatchObject({ status: 'FAILED', attempts: 1, failure: { code: 'INVALID_REQUEST', retryable: false } });
  expect(call.failure?.message).toContain('options.completionWindow');
  expect(bench.upstream.creates()).toHaveLength(1);
});

it('keeps its window when it is tried again', async () => {
  await using bench = await open({ answer: (_, nth) => (nth === 0 ? RATE_LIMITED : null) });
  const { url, upstream } = bench;
  upstream.finish();
  const { id } = await generateToEnd(url, { prompt: 'a kite', options: WITHIN_2_HOURS });
  expect(await callDetails(url, id)).toMatchObject({ status: 'COMPLETED', attempts: 2 });
  expect(upstream.creates().map(({ body }) => body['background_options'])).toEqual([
    { completion_window: '2h' },
    { completion_window: '2h' },
  ]);
});

it('asks again for the one of two images that was refused, once the other is there', async () => {
  await using bench = await open({ answer: (_, nth) => (nth === 0 ? RATE_LIMITED : null) });
  const { url, upstream } = bench;
  const accepted = await order(url, { prompt: 'two kites', count: 2, options: WITHIN_2_HOURS });
  if (accepted.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(accepted));
  await atLeast(2, upstream.looks);
  // Its place is free although one of its requests was refused.
  await generateToEnd(url, { prompt: 'a boat, now' });
  upstream.finish();
  const events = await watchToEnd(url, accepted.call.id);
  expect(allOf(events, 'GenerationRetrying')).toHaveLength(1);
  expect(allOf(events, 'ImageCompleted')).toHaveLength(2);
  expect((await orderedCall(url, accepted.call.id)).status).toBe('COMPLETED');
  expect(upstream.creates()).toHaveLength(4);
});

it('looks no earlier than the upstream asks it to', async () => {
  const wait = { headers: { 'content-type': 'application/json', 'retry-after': '1' } };
  const times: number[] = [];
  await using bench = await open({
    look(nth) {
      times.push(performance.now());
      return nth === 0 ? { ...jsonReply(documentOf('resp_0', 'queued')), ...wait } : null;
    },
  });
  bench.upstream.finish();
  await generateToEnd(bench.url, { prompt: 'a kite', options: WITHIN_2_HOURS });
  expect(times).toHaveLength(2);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900);
});

it('outlives looks that fail, and two that do not find it', async () => {
  const gone = errorReply(404, { message: 'Response not found.' });
  const busy = errorReply(503, { message: 'overloaded' });
  await using bench = await open({ look: (nth) => [gone, gone, busy, RATE_LIMITED][nth] ?? null });
  bench.upstream.finish();
  const { id } = await generateToEnd(bench.url, { prompt: 'a kite', options: WITHIN_2_HOURS });
  expect(await callDetails(bench.url, id)).toMatchObject({ status: 'COMPLETED', attempts: 1 });
});

it('ends a while after its window with an unknown outcome, and keeps the image that is found later', async () => {
  await using bench = await openProcess();
  const { upstream } = bench;
  const { id } = await startWindowed(bench.url);
  await atLeast(1, upstream.looks);
  await bench.server.stop('SIGKILL');
  const shift = (dataDir: string, minutes: number) => {
    const database = new SQLite(join(dataDir, 'darkroom.sqlite'));
    const at = new Date(Date.now() - minutes * 60_000).toISOString();
    database.prepare('update calls set started_at = ? where id = ?').run(at, rawId(id));
    database.prepare('update attempts set started_at = ? where call_id = ?').run(at, rawId(id));
    database.close();
  };
  // The window is over, the time limit of a call (15 minutes) behind it is not.
  shift(bench.server.dataDir, 130);
  const second = await bench.restart();
  const looks = upstream.looks().length;
  await atLeast(looks + 2, upstream.looks);
  await waitsAtUpstream(second.url, id);
  await second.stop('SIGKILL');
  shift(bench.server.dataDir, 136);
  const third = await bench.restart();
  expect(typesOf(await watchToEnd(third.url, id)).at(-1)).toBe('GenerationFailed');
  expect(await callDetails(third.url, id)).toMatchObject({ failure: { code: 'OUTCOME_UNKNOWN' } });
  await third.stop();
  upstream.finish();
  const fourth = await bench.restart();
  const found = await eventually('the image that was found', async () => {
    const call = await callDetails(fourth.url, id);
    return call.images.length > 0 ? call : undefined;
  });
  expect(found).toMatchObject({ status: 'FAILED', failure: { retryable: false } });
  expect(upstream.creates()).toHaveLength(1);
});

it('passes sooner at the simulator: a conversation with a window each, and a kill in each', async () => {
  await using shop = await openShopProcess(ENV, { durationMs: 300 });
  const options = { partialImages: 0, completionWindow: 'WITHIN_2_HOURS' } as const;
  const first = await generate(shop.url, { prompt: 'a kite', options });
  await waitsAtUpstream(shop.url, first.id);
  await shop.server.stop('SIGKILL');
  await using second = await shop.restart();
  const made = firstOf(await watchToEnd(second.url, first.id), 'ImageCompleted').image;
  const longer = { ...options, completionWindow: 'WITHIN_8_HOURS' } as const;
  const then = await refine(second.url, { imageId: made.id, prompt: 'now at dusk', options: longer });
  await waitsAtUpstream(second.url, then.id);
  await second.stop('SIGKILL');
  await using third = await shop.restart();
  expect(typesOf(await watchToEnd(third.url, then.id)).slice(2)).toEqual(['ImageCompleted', 'GenerationCompleted']);
  expect(shop.creates()).toMatchObject([
    { body: { background_options: { completion_window: '2h' } } },
    { body: { background_options: { completion_window: '8h' } } },
  ]);
  expect(shop.simulator.requests).toMatchObject({ creates: 2, pictures: 2 });
});

it('promises 5, 6: killed at any instant, each of many calls is asked for once an attempt and ends', async () => {
  await using bench = await openProcess({ CONCURRENCY: '2' });
  const { upstream } = bench;
  const ids: string[] = [];
  let { server } = bench;
  for (const killAfterMs of [0, 15, 60]) {
    const prompts = Array.from({ length: 4 }, (_, nth) => `kite ${ids.length + nth}`);
    ids.push(...(await Promise.all(prompts.map(async (prompt) => (await startWindowed(server.url, prompt)).id))));
    await sleep(killAfterMs);
    await server.stop('SIGKILL');
    server = await bench.restart();
  }
  upstream.finish();
  let completed = 0;
  for (const [nth, id] of ids.entries()) {
    await watchToEnd(server.url, id);
    const call = await callDetails(server.url, id);
    const creates = upstream.creates().filter(({ body }) => body['input'] === `kite ${nth}`);
    expect(call.attempts).toBe(1);
    expect(creates.length).toBeLessThanOrEqual(1);
    // Only a request without an answer cannot be found again.
    if (call.status === 'COMPLETED') {
      expect(creates).toHaveLength(1);
      completed += 1;
    } else expect(call).toMatchObject({ status: 'FAILED', failure: { code: 'OUTCOME_UNKNOWN' } });
  }
  // Two at a time have no answer yet.
  expect(completed).toBeGreaterThanOrEqual(ids.length - 2 * 3);
});
