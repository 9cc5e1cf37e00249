/** SIGKILL, at any instant: what was accepted goes on or ends honestly, and what was seen stays true. */
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Json, recordedEvents, sse, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { newDataDir } from '../support/server.ts';
import {
  allOf,
  callDetails,
  collect,
  type Event,
  eventually,
  fetchBytes,
  firstOf,
  generate,
  openDatabase,
  picture,
  rawId,
  sha256,
  TERMINAL_TYPES,
  typesOf,
  watch,
  watchToEnd,
} from './steps.ts';
import { createsOf, startDevelopingUpstream, startProcessAt } from './upstreams.ts';

it('promises 5, 6: a queued call goes on, and one in the middle ends as OUTCOME_UNKNOWN without being asked again', async () => {
  const dataDir = await newDataDir();
  let isHeld = true;
  const never = new Promise<void>(() => undefined);
  const upstream = await startDevelopingUpstream({
    partials: 1,
    hold: (type) => (isHeld && type === 'response.image_generation_call.completed' ? never : undefined),
  });
  const env = { CONCURRENCY: '1' };
  let running: string;
  let waiting: string;
  let seen: Event[];
  {
    await using server = await startProcessAt(upstream, { dataDir, env });
    ({ id: running } = await generate(server.url, { prompt: 'the one that runs' }));
    seen = await collect(watch(server.url, running), 3);
    ({ id: waiting } = await generate(server.url, { prompt: 'the one that waits' }));
    expect(await callDetails(server.url, waiting)).toMatchObject({ status: 'QUEUED', attempts: 0 });
    await server.stop('SIGKILL');
  }
  isHeld = false;
  await using again = await startProcessAt(upstream, { dataDir, env });
  expect(typesOf(await watchToEnd(again.url, waiting))).toEqual([
    'GenerationQueued',
    'GenerationStarted',
    'PartialImageReceived',
    'ImageCompleted',
    'GenerationCompleted',
  ]);
  expect(await callDetails(again.url, running)).toMatchObject({
    status: 'FAILED',
    attempts: 1,
    failure: { code: 'OUTCOME_UNKNOWN', retryable: true },
  });
  // Whoever watched goes on behind the last event they saw.
  const rest = await watchToEnd(again.url, running, { after: seen.at(-1)?.cursor ?? null });
  expect(typesOf(rest)).toEqual(['GenerationFailed']);
  expect(rest[0]?.sequence).toBe(4);
  expect(createsOf(upstream).map(({ body }) => body['input'])).toEqual(['the one that runs', 'the one that waits']);
  await upstream.close();
  await rm(dataDir, { recursive: true });
});

it('promise 5: a picture that was stored before the end is not lost: its call completes', async () => {
  const dataDir = await newDataDir();
  const never = new Promise<void>(() => undefined);
  const upstream = await startDevelopingUpstream({
    partials: 0,
    hold: (type) => (type === 'response.completed' ? never : undefined),
  });
  let id: string;
  {
    await using server = await startProcessAt(upstream, { dataDir });
    ({ id } = await generate(server.url, { prompt: 'a boat' }));
    await collect(watch(server.url, id), 3);
    await server.stop('SIGKILL');
  }
  await using again = await startProcessAt(upstream, { dataDir });
  const events = await watchToEnd(again.url, id);
  expect(typesOf(events).slice(2)).toEqual(['ImageCompleted', 'GenerationCompleted']);
  expect(firstOf(events, 'GenerationCompleted').images).toHaveLength(1);
  expect(await callDetails(again.url, id)).toMatchObject({ status: 'COMPLETED', attempts: 1 });
  await upstream.close();
  await rm(dataDir, { recursive: true });
});

it('a call that goes on behind a restart does so at once, and what is new waits for its place', async () => {
  const dataDir = await newDataDir();
  const ended = Promise.withResolvers<void>();
  const bytes = await picture('teal');
  const upstream = await startScriptedUpstream(({ method }) => {
    const events = recordedEvents({ pictures: [{ bytes, partials: [] }] });
    const writes = method === 'POST' ? events.slice(0, 2) : events;
    return { writes: heldAtPicture(writes, ended.promise), ending: method === 'POST' ? 'hang' : 'end' };
  });
  const env = { CONCURRENCY: '1', UPSTREAM_BACKGROUND: 'on' };
  let running: string;
  let waiting: string;
  {
    await using server = await startProcessAt(upstream, { dataDir, env });
    ({ id: running } = await generate(server.url, { prompt: 'the one that runs' }));
    await eventually('its name', async () => (await callDetails(server.url, running)).responseId ?? undefined);
    ({ id: waiting } = await generate(server.url, { prompt: 'the one that waits' }));
    await server.stop('SIGKILL');
  }
  await using again = await startProcessAt(upstream, { dataDir, env });
  await eventually('the stream to be read on', () => upstream.requests.find(({ method }) => method === 'GET'));
  await delay(500);
  expect(await callDetails(again.url, waiting)).toMatchObject({ status: 'QUEUED', attempts: 0 });
  ended.resolve();
  expect(typesOf(await watchToEnd(again.url, running)).at(-1)).toBe('GenerationCompleted');
  await eventually('the one that waited to start', async () =>
    (await callDetails(again.url, waiting)).attempts === 1 ? true : undefined,
  );
  await upstream.close();
  await rm(dataDir, { recursive: true });
});

async function* heldAtPicture(events: readonly Json[], release: Promise<void>): AsyncGenerator<string> {
  for (const event of events) {
    if (event['type'] === 'response.image_generation_call.completed') await release;
    yield sse(event);
  }
}

it.each([1, 2])(
  'promises 1, 3, 4, 5, 6: killed at a random moment, and again (round %i): every log is whole and ends once',
  async () => {
    const dataDir = await newDataDir();
    const upstream = await startDevelopingUpstream({ partials: 3, gapMs: () => Math.random() * 30 });
    const env = { CONCURRENCY: '3' };
    const seen = new Map<string, Event[]>();

    /** Starts calls, watches them all, and kills the server in the middle of it. */
    async function live(calls: number): Promise<void> {
      await using server = await startProcessAt(upstream, { dataDir, env });
      for (let number = 0; number < calls; number += 1) {
        const { id } = await generate(server.url, { prompt: `number ${seen.size}` });
        seen.set(id, []);
      }
      const watching = Promise.allSettled(
        [...seen].map(async ([id, events]) => {
          const after = events.at(-1)?.cursor ?? null;
          for await (const event of watch(server.url, id, { after })) events.push(event);
        }),
      );
      await delay(Math.random() * 500);
      await server.stop('SIGKILL');
      await watching;
    }

    await live(6);
    await live(2);
    await using last = await startProcessAt(upstream, { dataDir, env });
    let attempts = 0;
    for (const [id, before] of seen) {
      const events = await watchToEnd(last.url, id);
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
      expect(typesOf(events).filter((type) => TERMINAL_TYPES.includes(type))).toEqual([events.at(-1)?.__typename]);
      // What anybody saw before the end is what stands there now.
      expect(events.slice(0, before.length).map(({ cursor }) => cursor)).toEqual(before.map(({ cursor }) => cursor));
      const call = await callDetails(last.url, id);
      expect(call.status).toBe(events.at(-1)?.__typename === 'GenerationCompleted' ? 'COMPLETED' : 'FAILED');
      if (call.failure !== null) expect(call.failure.code).toBe('OUTCOME_UNKNOWN');
      for (const { image } of allOf(events, 'ImageCompleted')) {
        expect(sha256(await fetchBytes(image.url))).toBe(image.sha256);
      }
      for (const { partial } of allOf(events, 'PartialImageReceived')) {
        expect(await fetchBytes(partial.url)).toHaveLength(partial.byteSize);
      }
      using database = openDatabase(dataDir);
      const rows = database.prepare('select count(*) from attempts where call_id = ?').pluck().get(rawId(id));
      expect(rows).toBe(call.attempts);
      attempts += call.attempts;
    }
    expect(createsOf(upstream).length).toBeLessThanOrEqual(attempts);
    const prompts = createsOf(upstream).map(({ body }) => body['input']);
    expect(new Set(prompts).size).toBe(prompts.length);
    await upstream.close();
    await rm(dataDir, { recursive: true });
  },
);
