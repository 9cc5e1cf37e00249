/**
 * Upstreams as public reports describe them, each through the whole server: at most one request to create per recorded
 * attempt, a picture whose bytes came whole is kept, what happened is told, the cost covers the pictures, and nothing
 * secret gets out.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderToEnd } from '../api/orders.ts';
import { callDetails, fetchBytes, sha256 } from '../api/steps.ts';
import { createsOf } from '../api/upstreams.ts';
import { startServerHere } from '../support/app.ts';
import { cutReply, type Reply, type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream.ts';
import type { RunningServer } from '../support/server.ts';
import { fails, gives, type Wild, type WildCase } from './wild/cases.ts';
import { IMAGES, NAVY } from './wild/images.ts';
import { KEPT, PLUM } from './wild/kept.ts';
import { REFUSALS } from './wild/refusals.ts';
import { RESPONSES, STREAM, TEAL, WHOLE_AT } from './wild/responses.ts';

const KEY = 'sk-wild-secret-0123456789';
const SECRETS = [KEY, 'signature=hidden', 'token=hidden'];

let now: WildCase;
let answered = 0;
let upstream: ScriptedUpstream;
let responses: RunningServer;
let images: RunningServer;
let background: RunningServer;

function nextReply(): Reply {
  const reply = now.replies[Math.min(answered, now.replies.length - 1)];
  answered += 1;
  return reply ?? {};
}

beforeAll(async () => {
  upstream = await startScriptedUpstream(nextReply);
  const start = (env: Readonly<Record<string, string>>) =>
    startServerHere({
      env: {
        ...env,
        OPENAI_BASE_URL: upstream.baseURL,
        OPENAI_API_KEY: KEY,
        OPENAI_IMAGE_MODEL: 'gpt-image-2',
        MAX_ATTEMPTS: '1',
        GENERATION_TIMEOUT_MS: '5000',
      },
    });
  [responses, images, background] = await Promise.all([
    start({ UPSTREAM_API: 'responses' }),
    start({ UPSTREAM_API: 'images' }),
    start({ UPSTREAM_API: 'responses', UPSTREAM_BACKGROUND: 'on' }),
  ]);
});
afterAll(async () => {
  await Promise.all([responses, images, background].map((each) => each?.[Symbol.asyncDispose]()));
  await upstream?.close();
});

/** An image of this size and quality takes 1767 tokens at 30 dollars by a million; a report of fewer may be right. */
function leastCost(basis: string | undefined, count: number): number {
  return basis === 'ESTIMATED' ? (count * 1767 * 30) / 1_000_000 : Number.MIN_VALUE;
}

async function check(server: RunningServer, wild: WildCase, sent: Buffer): Promise<void> {
  now = wild;
  answered = 0;
  const before = createsOf(upstream).length;
  const options = {
    model: 'gpt-image-2',
    quality: 'MEDIUM',
    size: '1024x1024',
    partialImages: wild.count === 2 ? 0 : 1,
  } as const;
  const { call, events } = await orderToEnd(server.url, { prompt: 'a cat', count: wild.count ?? 1, options });
  const details = await callDetails(server.url, call.id);
  const [missing] = call.failures;
  expect({
    status: call.status,
    images: call.images.length,
    code: missing?.failure.code ?? call.failure?.code ?? null,
    // Beside an image, only what is told of a missing one.
    message: wild.code === null ? (call.failure?.message ?? null) : null,
    creates: createsOf(upstream).length - before,
    attempts: call.attempts,
    hasCost: wild.images === 0 || Number(call.cost?.amount) >= leastCost(call.cost?.basis, wild.images),
  }).toEqual({
    status: wild.images > 0 ? 'COMPLETED' : 'FAILED',
    images: wild.images,
    code: wild.code,
    message: null,
    creates: 1,
    attempts: 1,
    hasCost: true,
  });
  for (const { url } of details.images) expect(sha256(await fetchBytes(url))).toBe(sha256(sent));
  const told = JSON.stringify({ call, events, details });
  for (const secret of SECRETS) expect(`${told}${server.output()}`).not.toContain(secret);
}

const names = (table: Wild) => Object.entries(table).map(([name, wild]) => [name, wild] as const);

describe('a picture of the Responses API', () => {
  it.each(names(RESPONSES))('%s', (_, wild) => check(responses, wild, TEAL));
});

describe('no picture', () => {
  it.each(names(REFUSALS))('%s', (_, wild) => check(responses, wild, TEAL));
});

describe('an answer of the Image API', () => {
  it.each(names(IMAGES))('%s', (_, wild) => check(images, wild, NAVY));
});

describe('a response in the background', () => {
  it.each(names(KEPT))('%s', (_, wild) => check(background, wild, PLUM));
});

describe('a stream that is cut at any byte', () => {
  const positions = Array.from({ length: 24 }, (_, nth) => WHOLE_AT + nth * 9);
  const cutAt = (at: number) => cutReply({ writes: [STREAM] }, at, 'destroy');

  it.each(positions)('has its picture from the closing quote on (%i)', (at) =>
    check(responses, gives(cutAt(at)), TEAL),
  );

  it.each([1, 2, 3, 4])('has none %i bytes before', (before) =>
    check(responses, fails(cutAt(WHOLE_AT - before), 'OUTCOME_UNKNOWN'), TEAL),
  );
});
