/** Why a picture failed, told through the API: every code of ours, and every code of the upstream. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GenerationFailureCode } from '../../src/domain/generation/failure.ts';
import { openShop, orderToEnd, type Shop } from './orders.ts';

/** Only the one where the upstream falls silent waits for less than a busy machine may take. */
let shop: Shop;
let impatientShop: Shop;
beforeAll(async () => {
  shop = await openShop({ MAX_ATTEMPTS: '1' });
  impatientShop = await openShop({ UPSTREAM_IDLE_TIMEOUT_MS: '700', MAX_ATTEMPTS: '1' });
});
afterAll(() => Promise.all([shop[Symbol.asyncDispose](), impatientShop[Symbol.asyncDispose]()]));

async function failureOf(...scenarios: readonly string[]) {
  const { url } = scenarios.some((scenario) => scenario.startsWith('hang')) ? impatientShop : shop;
  const prompt = ['a kite', ...scenarios.map((scenario) => `[sim:${scenario}]`)].join(' ');
  const { call } = await orderToEnd(url, { prompt, options: { size: '1024x640' } });
  expect(call.status).toBe('FAILED');
  if (call.failure === null) throw new Error('a call failed without a failure');
  return call.failure;
}

/** APPROVAL_REFUSED is no failure of the upstream. */
type UpstreamFailureCode = Exclude<GenerationFailureCode, 'APPROVAL_REFUSED'>;

/** Every code, each from the scenarios that lead to it; whether asking again unchanged may help. */
const CODES: Readonly<Record<UpstreamFailureCode, readonly (readonly [scenario: string, retryable: boolean])[]>> = {
  MODERATION_BLOCKED: [
    ['moderation-input', false],
    ['moderation-midstream', false],
    ['azure-content-filter', false],
    ['incomplete-content-filter', false],
    ['incomplete-moderated', false],
  ],
  NO_IMAGE: [
    ['no-image', true],
    ['refusal', true],
    ['not-a-picture', true],
    ['failed-unexplained', true],
  ],
  INCOMPLETE: [
    ['incomplete', false],
    ['incomplete-max-messages', false],
    ['incomplete-steered', true],
  ],
  INVALID_REQUEST: [
    ['http-400', false],
    ['http-404-model', false],
  ],
  RATE_LIMITED: [['rate-limited', true]],
  QUOTA_EXCEEDED: [['quota', false]],
  UPSTREAM_UNAVAILABLE: [
    ['failed', true],
    ['http-500', true],
    ['http-503', true],
    ['error-event', true],
  ],
  TIMED_OUT: [
    ['hang', true],
    ['hang-midstream', true],
  ],
  OUTCOME_UNKNOWN: [
    ['cut-midstream', true],
    ['truncated', true],
  ],
  INTERNAL: [
    ['http-401', false],
    ['http-403', false],
  ],
};

const rows = Object.entries(CODES).flatMap(([code, scenarios]) =>
  scenarios.map(([scenario, retryable]) => ({ code, scenario, retryable })),
);

describe('a failure, seen through the API', () => {
  it.each(rows)('is $code for the scenario $scenario', async ({ code, scenario, retryable }) => {
    const failure = await failureOf(scenario);
    expect(failure).toMatchObject({ code, retryable });
    expect(failure.message).toMatch(/^[A-Z].*[.”]$/su);
  });

  it('carries the stage and the categories of a moderation, and the upstream’s request id', async () => {
    const failure = await failureOf('moderation-midstream');
    expect(failure.moderation).toMatchObject({
      stage: 'OUTPUT',
      categories: expect.arrayContaining([expect.any(String)]),
    });
    expect(failure.requestId).toMatch(/^req_/u);
    expect((await failureOf('incomplete-moderated')).moderation).toEqual(failure.moderation);
    expect((await failureOf('moderation-input')).moderation).toMatchObject({ stage: 'INPUT' });
  });

  it('carries what Azure’s content filter found', async () => {
    const { moderation } = await failureOf('azure-content-filter');
    expect(moderation).toEqual({ stage: 'INPUT', categories: ['violence'] });
  });

  it('says when to come back, where the upstream does', async () => {
    const { retryAfter } = await failureOf('rate-limited');
    expect(Date.parse(retryAfter ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  it('carries what the model said instead of drawing', async () => {
    expect((await failureOf('no-image')).text).toBe('I can describe it, but I did not draw a picture this time.');
    expect((await failureOf('refusal')).text).toContain("can't help with that");
    expect((await failureOf('failed-unexplained')).text).toContain('I could not draw that');
    expect((await failureOf('empty-result', 'text-and-image')).text).toContain('Here is the picture.');
    expect((await failureOf('failed')).text).toBeNull();
  });
});

describe('a call whose outcome is not known', () => {
  it('is not free because the upstream had counted no tokens yet', async () => {
    const prompt = 'a kite [sim:counts-from-zero] [sim:truncated]';
    const { call } = await orderToEnd(shop.url, { prompt, options: { size: '1024x640' } });
    expect(call).toMatchObject({ failure: { code: 'OUTCOME_UNKNOWN' }, usage: null, cost: { basis: 'ESTIMATED' } });
    const drawn = call.cost?.lines.find(({ kind }) => kind === 'IMAGE_OUTPUT');
    expect(drawn?.tokens).toBeGreaterThan(0);
  });
});

/** The codes of `response.error` that the upstream publishes, and what each is here. */
const UPSTREAM_CODES: Readonly<Record<string, GenerationFailureCode>> = {
  server_error: 'UPSTREAM_UNAVAILABLE',
  rate_limit_exceeded: 'RATE_LIMITED',
  invalid_prompt: 'INVALID_REQUEST',
  data_residency_mismatch: 'INVALID_REQUEST',
  bio_policy: 'MODERATION_BLOCKED',
  misalignment_policy_violation: 'MODERATION_BLOCKED',
  vector_store_timeout: 'UPSTREAM_UNAVAILABLE',
  invalid_image: 'INVALID_REQUEST',
  invalid_image_format: 'INVALID_REQUEST',
  invalid_base64_image: 'INVALID_REQUEST',
  invalid_image_url: 'INVALID_REQUEST',
  image_too_large: 'INVALID_REQUEST',
  image_too_small: 'INVALID_REQUEST',
  image_parse_error: 'INVALID_REQUEST',
  image_content_policy_violation: 'MODERATION_BLOCKED',
  invalid_image_mode: 'INVALID_REQUEST',
  image_file_too_large: 'INVALID_REQUEST',
  unsupported_image_media_type: 'INVALID_REQUEST',
  empty_image_file: 'INVALID_REQUEST',
  failed_to_download_image: 'INVALID_REQUEST',
  image_file_not_found: 'INVALID_REQUEST',
};

describe('an error code of the upstream, seen through the API', () => {
  it.each(Object.entries(UPSTREAM_CODES))('%s is %s', async (upstreamCode, code) => {
    expect(await failureOf(`error-${upstreamCode.replaceAll('_', '-')}`)).toMatchObject({ code });
  });
});
