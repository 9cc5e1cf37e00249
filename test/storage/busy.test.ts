/**
 * Another process holds the database: readers notice nothing, writers wait, and the server goes on. The tests do little
 * but wait, each with a server of its own, so they run at the same time.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import {
  callDetails,
  countRows,
  eventually,
  generate,
  generateToEnd,
  TERMINAL_TYPES,
  typesOf,
  watchToEnd,
} from '../api/steps.ts';
import { startDevelopingUpstream, startProcessAt } from '../api/upstreams.ts';
import { data, execute } from '../support/client.ts';
import { GenerateImage, GenerationCalls } from '../support/documents.ts';
import { startServer } from '../support/server.ts';
import { holdDatabase, keepAsking, readiness } from './steps.ts';

const HELD_MS = 3_000;
/** Far below the time for which the database is held; far above what a busy machine needs for a query. */
const PROMPT_MS = 1_000;

it.concurrent('a write waits for a database that is held for seconds, while queries are answered as ever', async () => {
  await using server = await startServer();
  await generateToEnd(server.url, { prompt: 'before [sim:duration=0]' });
  const release = await holdDatabase(server.dataDir);
  const asking = keepAsking(() => data(server.url, GenerationCalls, { first: 10 }));
  const accepted = Promise.all(['one', 'two', 'three'].map((prompt) => generate(server.url, { prompt })));
  await delay(HELD_MS);
  expect((await readiness(server.url)).status).toBe(200);
  const { worstMs, count } = await asking.stop();
  expect(countRows(server.dataDir)['calls']).toBe(1);
  await release();
  const calls = await accepted;
  expect(count).toBeGreaterThan(20);
  expect(worstMs).toBeLessThan(PROMPT_MS);
  for (const { id } of calls) expect((await watchToEnd(server.url, id)).at(-1)?.__typename).toBe('GenerationCompleted');
});

it.concurrent('promises 1, 3: a call that runs meanwhile loses nothing', async () => {
  const released = Promise.withResolvers<void>();
  const upstream = await startDevelopingUpstream({ partials: 2, hold: () => released.promise });
  await using server = await startProcessAt(upstream);
  const { id } = await generate(server.url, { prompt: 'in the middle' });
  await eventually('the request', () => upstream.requests.at(0));
  const release = await holdDatabase(server.dataDir);
  released.resolve();
  await delay(HELD_MS);
  await release();
  const events = await watchToEnd(server.url, id);
  expect(typesOf(events)).toEqual([
    'GenerationQueued',
    'GenerationStarted',
    'PartialImageReceived',
    'PartialImageReceived',
    'ImageCompleted',
    'GenerationCompleted',
  ]);
  expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(upstream.requests).toHaveLength(1);
  await upstream.close();
});

it.concurrent('a write that waited in vain stores nothing and says so with an id, and the next one is accepted', async () => {
  await using server = await startServer({ env: { DATABASE_BUSY_TIMEOUT_MS: '500' } });
  const release = await holdDatabase(server.dataDir);
  const begun = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => execute(server.url, GenerateImage, { input: { prompt: 'a boat' } })),
  );
  // They wait beside each other, not one behind the other.
  expect(performance.now() - begun).toBeLessThan(2_000);
  for (const { data: nothing, errors } of answers) {
    expect(nothing).toBeNull();
    expect(errors).toEqual([
      expect.objectContaining({
        extensions: expect.objectContaining({ code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) }),
      }),
    ]);
  }
  const errorId = String(answers[0]?.errors?.[0]?.extensions?.['errorId']);
  const line = await eventually('the line in the log', () =>
    server
      .output()
      .split('\n')
      .find((text) => text.includes(errorId)),
  );
  expect(line).toContain('Another process has locked the database; nothing was written.');
  await release();
  expect(countRows(server.dataDir)).toMatchObject({ calls: 0, conversations: 0, events: 0 });
  const { events } = await generateToEnd(server.url, { prompt: 'a boat [sim:duration=0]' });
  expect(events.at(-1)?.__typename).toBe('GenerationCompleted');
});

it.concurrent('promise 3: a call whose records waited in vain ends honestly when the database is free again', async () => {
  const released = Promise.withResolvers<void>();
  const upstream = await startDevelopingUpstream({ partials: 1, hold: () => released.promise });
  await using server = await startProcessAt(upstream, { env: { DATABASE_BUSY_TIMEOUT_MS: '300' } });
  const { id } = await generate(server.url, { prompt: 'in the middle' });
  await eventually('the request', () => upstream.requests.at(0));
  const release = await holdDatabase(server.dataDir);
  released.resolve();
  await delay(2_000);
  await release();
  const events = await watchToEnd(server.url, id);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  expect(typesOf(events).filter((type) => TERMINAL_TYPES.includes(type))).toEqual(['GenerationFailed']);
  const { failure } = await callDetails(server.url, id);
  expect(['OUTCOME_UNKNOWN', 'INTERNAL']).toContain(failure?.code);
  // Nothing was bought twice for it.
  expect(upstream.requests).toHaveLength(1);
  await upstream.close();
});
