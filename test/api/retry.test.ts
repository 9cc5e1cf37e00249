/** What is tried again by itself: only what surely bought nothing and passes by itself; visible, and bounded. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  errorReply,
  type Reply,
  recordedEvents,
  type ScriptedUpstream,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import type { RunningServer } from '../support/server.ts';
import { allOf, callDetails, firstOf, generateToEnd, picture, typesOf } from './steps.ts';
import { createsOf, startServerAt } from './upstreams.ts';

/** What the upstream answers, one after the other; then it makes the picture. */
let answers: Reply[] = [];
let upstream: ScriptedUpstream;
let server: RunningServer;
let url: string;

beforeAll(async () => {
  const bytes = await picture('teal');
  upstream = await startScriptedUpstream(
    () => answers.shift() ?? streamReply(recordedEvents({ pictures: [{ bytes, partials: [] }] })),
  );
  server = await startServerAt(upstream, { env: { MAX_ATTEMPTS: '3', RETRY_BASE_DELAY_MS: '20' } });
  ({ url } = server);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await upstream.close();
});

const busy = (headers: Readonly<Record<string, string>> = {}) =>
  errorReply(429, { code: 'rate_limit_exceeded', message: 'slow down' }, headers);
const unavailable = () => errorReply(503, { code: 'server_error', type: 'server_error', message: 'overloaded' });

async function run(script: Reply[]) {
  answers = script;
  const before = createsOf(upstream).length;
  const { id, events } = await generateToEnd(url, { prompt: 'a boat' });
  answers = [];
  return { call: await callDetails(url, id), events, creates: createsOf(upstream).length - before };
}

describe('a refusal that bought nothing', () => {
  it.each([
    ['429', busy],
    ['503', unavailable],
  ])('with %s is tried again, and whoever watches sees it', async (_, refusal) => {
    const { call, events, creates } = await run([refusal(), refusal()]);
    expect(typesOf(events)).toEqual([
      'GenerationQueued',
      'GenerationStarted',
      'GenerationRetrying',
      'GenerationStarted',
      'GenerationRetrying',
      'GenerationStarted',
      'ImageCompleted',
      'GenerationCompleted',
    ]);
    expect(allOf(events, 'GenerationRetrying').map(({ attempt }) => attempt)).toEqual([2, 3]);
    expect(call).toMatchObject({ status: 'COMPLETED', attempts: 3 });
    expect(creates).toBe(3);
  });

  it('with Retry-After is not tried before that', async () => {
    const startedAt = Date.now();
    const { events } = await run([busy({ 'retry-after': '1' })]);
    const { retryAt } = firstOf(events, 'GenerationRetrying');
    expect(Date.parse(retryAt) - startedAt).toBeGreaterThanOrEqual(900);
    const [, second] = allOf(events, 'GenerationStarted');
    expect(Date.parse(second?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(retryAt));
  });

  it('ends the call when it was tried as often as it may be', async () => {
    const { call, events, creates } = await run([busy(), busy(), busy(), busy()]);
    expect(call).toMatchObject({ status: 'FAILED', attempts: 3, failure: { code: 'RATE_LIMITED', retryable: true } });
    expect(typesOf(events).filter((type) => type === 'GenerationRetrying')).toHaveLength(2);
    expect(creates).toBe(3);
  });
});

describe('promise 6: what may have bought something, or would fail again, is not tried again', () => {
  it.each([
    ['500', errorReply(500, { code: 'server_error', type: 'server_error', message: 'oops' })],
    ['a quota that is used up', errorReply(429, { code: 'insufficient_quota', message: 'no credit' })],
    ['a wrong request', errorReply(400, { code: 'invalid_value', type: 'invalid_request_error', message: 'no' })],
    ['a connection lost before the answer', { beforeHeaders: 'destroy', writes: [] } satisfies Reply],
  ])('%s', async (_, reply) => {
    const { call, events, creates } = await run([reply]);
    expect(call).toMatchObject({ status: 'FAILED', attempts: 1 });
    expect(allOf(events, 'GenerationRetrying')).toEqual([]);
    expect(creates).toBe(1);
  });
});
