/**
 * How long a call may take in total: from its first start, with all attempts and the waits between them. The tests do
 * little but wait, so they run at the same time.
 */
import { expect, it } from 'vitest';
import {
  errorReply,
  type Reply,
  recordedEvents,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { order, orderedCall } from './orders.ts';
import { allOf, callDetails, collect, generate, generateToEnd, picture, typesOf, watch, watchToEnd } from './steps.ts';
import { createsOf, startServerAt } from './upstreams.ts';

const BYTES = await picture('teal');
const LIMIT_MS = 4_000;
const HANG: Reply = { ending: 'hang' };
const busy = (retryAfter: number | null = null) =>
  errorReply(
    429,
    { code: 'rate_limit_exceeded', message: 'slow down' },
    retryAfter === null ? {} : { 'retry-after': String(retryAfter) },
  );
const made = (nth: number) =>
  streamReply(
    recordedEvents({ responseId: `resp_${nth}`, pictures: [{ bytes: BYTES, partials: [], itemId: `ig_${nth}` }] }),
  );
const later = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(resolve, ms, value));

/** A server at an upstream of its own; both end together. */
async function serve(script: (prompt: string, nth: number) => Reply | Promise<Reply>) {
  const upstream = await startScriptedUpstream(({ body }, nth) => script(String(body['input']), nth));
  const env = { CONCURRENCY: '1', GENERATION_TIMEOUT_MS: String(LIMIT_MS), RETRY_BASE_DELAY_MS: '20' };
  const server = await startServerAt(upstream, { env });
  return {
    url: server.url,
    upstream,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await upstream.close();
    },
  };
}

function took({ startedAt, endedAt }: { startedAt: string | null; endedAt: string | null }): number {
  return Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '');
}

/** Starts a call that is turned away at first, and another one that has the only place until the first one's time is over. */
async function overtaken(url: string, refused: () => Promise<string>): Promise<string> {
  const id = await refused();
  for await (const { __typename: type } of watch(url, id)) if (type === 'GenerationRetrying') break;
  const other = await generate(url, { prompt: 'takes the place' });
  await collect(watch(url, other.id), 2);
  return id;
}

it.concurrent('a second attempt has what the first one left', async () => {
  await using server = await serve((_, nth) => (nth === 0 ? later(LIMIT_MS / 2, busy()) : HANG));
  const { id } = await generateToEnd(server.url, { prompt: 'a kite' });
  const call = await callDetails(server.url, id);
  expect(call).toMatchObject({ status: 'FAILED', attempts: 2, failure: { code: 'TIMED_OUT' } });
  expect(took(call)).toBeGreaterThanOrEqual(LIMIT_MS);
  expect(took(call)).toBeLessThan(LIMIT_MS * 1.5);
});

it.concurrent('the wait for the first turn takes nothing from it', async () => {
  await using server = await serve((prompt, nth) => (prompt === 'before' ? HANG : nth === 2 ? busy() : made(nth)));
  for (let before = 0; before < 2; before += 1) await generate(server.url, { prompt: 'before' });
  const { id } = await generateToEnd(server.url, { prompt: 'waits for longer than it may take' });
  expect(await callDetails(server.url, id)).toMatchObject({ status: 'COMPLETED', attempts: 2 });
});

it.concurrent('a call whose time is over when its turn comes again ends as it was refused, and is not asked for again', async () => {
  await using server = await serve((prompt) => (prompt === 'refused' ? busy(2) : HANG));
  const id = await overtaken(server.url, async () => (await generate(server.url, { prompt: 'refused' })).id);
  expect(typesOf(await watchToEnd(server.url, id))).toEqual([
    'GenerationQueued',
    'GenerationStarted',
    'GenerationRetrying',
    'GenerationFailed',
  ]);
  expect(await callDetails(server.url, id)).toMatchObject({ attempts: 1, failure: { code: 'RATE_LIMITED' } });
  expect(createsOf(server.upstream).filter(({ body }) => body['input'] === 'refused')).toHaveLength(1);
});

it.concurrent('of several pictures, what came is kept then, and what did not is told', async () => {
  await using server = await serve((prompt, nth) => (prompt === 'two' ? (nth === 0 ? made(nth) : busy(2)) : HANG));
  const id = await overtaken(server.url, async () => {
    const accepted = await order(server.url, { prompt: 'two', count: 2, options: { partialImages: 1 } });
    if (accepted.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(accepted));
    return accepted.call.id;
  });
  const events = await watchToEnd(server.url, id);
  expect(typesOf(events).slice(-3)).toEqual(['GenerationRetrying', 'ImageFailed', 'GenerationCompleted']);
  expect(allOf(events, 'ImageFailed')).toMatchObject([{ failure: { code: 'RATE_LIMITED' } }]);
  const call = await orderedCall(server.url, id);
  expect(call).toMatchObject({ status: 'COMPLETED', attempts: 1, failures: [{ failure: { code: 'RATE_LIMITED' } }] });
  expect(call.images).toHaveLength(1);
});
