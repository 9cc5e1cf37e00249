/** The failure that every upstream error becomes. */
import { describe, expect, it } from 'vitest';
import type { GenerationFailureCode } from '../../src/domain/generation/failure.ts';
import type { ProviderContext } from '../../src/provider/image-provider.ts';
import { errorReply, type Json, recordedEvents, streamReply } from '../support/scripted-upstream.ts';
import { providerError, type RunResult, run } from './run.ts';

const RAW = 'Org org-abc123 said: key sk-proj-abcdefgh1234 is\nno good';

/** Upstream error code, failure code, and whether it is retryable. */
const CODES: readonly [string, GenerationFailureCode, boolean][] = [
  ['server_error', 'UPSTREAM_UNAVAILABLE', true],
  ['rate_limit_exceeded', 'RATE_LIMITED', true],
  ['invalid_prompt', 'INVALID_REQUEST', false],
  ['data_residency_mismatch', 'INVALID_REQUEST', false],
  ['bio_policy', 'MODERATION_BLOCKED', false],
  ['misalignment_policy_violation', 'MODERATION_BLOCKED', false],
  ['vector_store_timeout', 'UPSTREAM_UNAVAILABLE', true],
  ['invalid_image', 'INVALID_REQUEST', false],
  ['invalid_image_format', 'INVALID_REQUEST', false],
  ['invalid_base64_image', 'INVALID_REQUEST', false],
  ['invalid_image_url', 'INVALID_REQUEST', false],
  ['image_too_large', 'INVALID_REQUEST', false],
  ['image_too_small', 'INVALID_REQUEST', false],
  ['image_parse_error', 'INVALID_REQUEST', false],
  ['image_content_policy_violation', 'MODERATION_BLOCKED', false],
  ['invalid_image_mode', 'INVALID_REQUEST', false],
  ['image_file_too_large', 'INVALID_REQUEST', false],
  ['unsupported_image_media_type', 'INVALID_REQUEST', false],
  ['empty_image_file', 'INVALID_REQUEST', false],
  ['failed_to_download_image', 'INVALID_REQUEST', true],
  ['image_file_not_found', 'INVALID_REQUEST', false],
  ['moderation_blocked', 'MODERATION_BLOCKED', false],
  ['content_policy_violation', 'MODERATION_BLOCKED', false],
  ['insufficient_quota', 'QUOTA_EXCEEDED', false],
  ['billing_hard_limit_reached', 'QUOTA_EXCEEDED', false],
  ['billing_not_active', 'QUOTA_EXCEEDED', false],
  ['model_not_found', 'INVALID_REQUEST', false],
  ['invalid_api_key', 'INTERNAL', false],
  ['context_length_exceeded', 'INVALID_REQUEST', false],
  ['something_new', 'UPSTREAM_UNAVAILABLE', true],
  ['constructor', 'UPSTREAM_UNAVAILABLE', true],
];

const CREATED = recordedEvents({ pictures: [] }).slice(0, 2);

function expectOurWords(result: RunResult): void {
  const { message } = providerError(result).failure;
  expect(message).not.toContain('sk-proj');
  expect(message).not.toContain('\n');
  expect(message.length).toBeLessThan(500);
  expect(result.requests).toHaveLength(1);
  expect(result.sinks.open).toBe(0);
}

describe.each(CODES)('the code %s', (code, expected, retryable) => {
  it(`is ${expected} in an error event, in a failed response and in a failed item`, async () => {
    const report = { code, message: RAW, param: null };
    const failedItem = { id: 'ig_1', type: 'image_generation_call', status: 'failed', result: null, error: report };
    const endings: Json[][] = [
      [{ type: 'error', ...report }],
      [{ type: 'error', error: report }],
      [{ error: report }],
      [{ type: 'response.failed', response: { id: 'resp_1', status: 'failed', error: report, output: [] } }],
      [
        { type: 'response.output_item.done', output_index: 0, item: failedItem },
        { type: 'response.completed', response: { id: 'resp_1', output: [] } },
      ],
    ];
    for (const ending of endings) {
      const result = await run(streamReply([...CREATED, ...ending]));
      const error = providerError(result);
      expect(error.failure).toMatchObject({ code: expected, retryable, requestId: 'req_scripted', text: null });
      // The response existed, so something may have been bought.
      expect(error).toMatchObject({ nothingBought: false });
      expectOurWords(result);
    }
  });
});

/** Status and error of an HTTP answer, failure code, whether it is retryable, and whether nothing was bought. */
const STATUSES: readonly [number, Json, GenerationFailureCode, boolean, boolean][] = [
  [400, { code: null, type: 'invalid_request_error' }, 'INVALID_REQUEST', false, true],
  [400, { code: 'moderation_blocked', type: 'image_generation_user_error' }, 'MODERATION_BLOCKED', false, true],
  [400, { code: null, type: 'image_generation_user_error' }, 'INVALID_REQUEST', false, true],
  [400, { code: 'billing_hard_limit_reached' }, 'QUOTA_EXCEEDED', false, true],
  [401, { code: 'invalid_api_key', type: 'invalid_request_error' }, 'INTERNAL', false, true],
  [401, { code: null, type: 'invalid_request_error' }, 'INTERNAL', false, true],
  [403, { code: 'unsupported_country_region_territory', type: 'request_forbidden' }, 'INTERNAL', false, true],
  [404, { code: 'model_not_found', type: 'invalid_request_error' }, 'INVALID_REQUEST', false, true],
  [404, { code: null }, 'INVALID_REQUEST', false, true],
  [408, {}, 'TIMED_OUT', true, false],
  [409, {}, 'INVALID_REQUEST', false, true],
  [413, {}, 'INVALID_REQUEST', false, true],
  [422, {}, 'INVALID_REQUEST', false, true],
  [429, { code: 'rate_limit_exceeded', type: 'requests' }, 'RATE_LIMITED', true, true],
  [429, { code: null, type: 'tokens' }, 'RATE_LIMITED', true, true],
  [429, {}, 'RATE_LIMITED', true, true],
  [429, { code: 'insufficient_quota', type: 'insufficient_quota' }, 'QUOTA_EXCEEDED', false, true],
  [429, { code: 'billing_hard_limit_reached' }, 'QUOTA_EXCEEDED', false, true],
  [500, { code: 'server_error', type: 'server_error' }, 'UPSTREAM_UNAVAILABLE', true, false],
  [500, {}, 'UPSTREAM_UNAVAILABLE', true, false],
  [502, {}, 'UPSTREAM_UNAVAILABLE', true, false],
  [503, {}, 'UPSTREAM_UNAVAILABLE', true, true],
  [503, { code: 'server_error', type: 'server_error' }, 'UPSTREAM_UNAVAILABLE', true, true],
  [504, {}, 'UPSTREAM_UNAVAILABLE', true, false],
];

describe('an HTTP answer', () => {
  it.each(STATUSES)('%i %o is %s', async (status, error, code, retryable, nothingBought) => {
    const result = await run(errorReply(status, { ...error, message: RAW, param: null }));
    expect(providerError(result).failure).toMatchObject({ code, retryable, requestId: 'req_scripted' });
    expect(providerError(result)).toMatchObject({ nothingBought, kind: nothingBought ? 'NOTHING_BOUGHT' : 'LOST' });
    expect(result.events).toEqual([]);
    expectOurWords(result);
  });

  it('quotes what the upstream says of an invalid request, bounded and without keys', async () => {
    const message = `Unknown parameter: 'tools[0].qualty'. ${RAW} ${'x'.repeat(10_000)}`;
    const result = await run(errorReply(400, { message, type: 'invalid_request_error' }));
    expect(providerError(result).failure.message).toContain("Unknown parameter: 'tools[0].qualty'.");
    expectOurWords(result);
  });

  it('that is no JSON at all is read by its status', async () => {
    const headers = { 'content-type': 'text/html' };
    const result = await run({ status: 502, headers, writes: ['<h1>Bad gateway</h1>'] });
    expect(providerError(result).failure.code).toBe('UPSTREAM_UNAVAILABLE');
    expectOurWords(result);
  });

  it('that is a web page with status 200 points to the address', async () => {
    const result = await run({ headers: { 'content-type': 'text/html' }, writes: ['<h1>Welcome</h1>'] });
    expect(providerError(result).failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: false });
  });
});

describe('Retry-After', () => {
  const now = () => Date.parse('2026-11-01T10:00:00Z');
  it.each([
    [{ 'retry-after': '30' }, '2026-11-01T10:00:30.000Z'],
    [{ 'retry-after': 'Sun, 01 Nov 2026 10:02:00 GMT' }, '2026-11-01T10:02:00.000Z'],
    [{ 'retry-after': 'Sun, 01 Nov 2026 09:00:00 GMT' }, '2026-11-01T10:00:00.000Z'],
    [{ 'retry-after-ms': '1500', 'retry-after': '30' }, '2026-11-01T10:00:01.500Z'],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': '99999999999999999999' }, null],
    [{}, null],
  ])('%o is %s', async (headers: Record<string, string>, expected) => {
    const result = await run(errorReply(429, { message: 'slow down' }, headers), { provider: { now } });
    expect(providerError(result).failure.retryAfter).toBe(expected);
  });
});

describe('a wait', () => {
  const now = () => Date.parse('2026-11-01T10:00:00Z');
  const LIMIT = 'Rate limit reached for gpt-image-2 in organization on images per min: Limit 5, Used 5, Requested 1.';

  it.each([
    [`${LIMIT} Please try again in 51.84 s. Visit our site.`, 51_840],
    [`${LIMIT} Please try again in 12s.`, 12_000],
    [`${LIMIT} Please try again in 6ms.`, 6],
    [`${LIMIT} Please try again in 1m30s.`, 90_000],
    [`${LIMIT} Please try again in 2h0m1.5s.`, 7_201_500],
    ['Requests have exceeded the call rate limit. Please retry after 20 seconds.', 20_000],
    ['Too many requests, please wait 1 minute and 5 seconds.', 65_000],
    ['Quota resets in 3 hours', 10_800_000],
    ['Retry your request after 250 milliseconds', 250],
    ['Please try again later. You have 5 images.', null],
    ['Please try again in 400 days.', null],
    [LIMIT, null],
  ])('told in words: %s', async (message, waitMs) => {
    const expected = waitMs === null ? null : new Date(now() + waitMs).toISOString();
    const report = { code: 'rate_limit_exceeded', message };
    const failed = { type: 'response.failed', response: { id: 'resp_1', error: report, output: [] } };
    const replies = [
      errorReply(429, report),
      errorReply(429, { message }),
      { status: 429, headers: { 'content-type': 'text/plain' }, writes: [message] },
      streamReply([{ type: 'error', ...report }]),
      streamReply([...CREATED, failed]),
    ];
    for (const reply of replies) {
      const { failure } = providerError(await run(reply, { provider: { now } }));
      expect(failure).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expected });
    }
    const images = await run(errorReply(429, report), { provider: { now }, request: { api: 'IMAGES' } });
    expect(providerError(images).failure.retryAfter).toBe(expected);
  });

  it.each<[Record<string, string>, number | null]>([
    [{ 'x-ratelimit-reset-requests': '1s' }, 1_000],
    [{ 'x-ratelimit-reset-tokens': '6m0s' }, 360_000],
    [{ 'x-ratelimit-reset-requests': '17ms', 'x-ratelimit-reset-images': '12.5s' }, 12_500],
    [
      {
        'x-ratelimit-reset-requests': '23h0m0s',
        'x-ratelimit-remaining-requests': '9999',
        'x-ratelimit-reset-tokens': '7s',
        'x-ratelimit-remaining-tokens': '0',
      },
      7_000,
    ],
    [
      {
        'x-ratelimit-reset-requests': '23h0m0s',
        'x-ratelimit-remaining-requests': '9999',
        'x-ratelimit-reset-tokens': '7s',
        'x-ratelimit-remaining-tokens': '12',
      },
      7_000,
    ],
    [{ 'ratelimit-reset': '30' }, 30_000],
    [{ 'x-ratelimit-reset': String(now() / 1000 + 45) }, 45_000],
    [{ 'x-ratelimit-reset': String(now() + 1_500) }, 1_500],
    [{ 'x-ratelimit-reset-requests': '2026-11-01T10:01:00Z' }, 60_000],
    [{ 'x-ratelimit-reset-requests': '1s', 'retry-after': '30' }, 30_000],
    [{ 'x-ratelimit-reset-requests': 'soon' }, null],
    [{ 'x-ratelimit-reset-requests': '999h' }, null],
    [{ 'x-ratelimit-remaining-requests': '0' }, null],
  ])('told in %o', async (headers, waitMs) => {
    const expected = waitMs === null ? null : new Date(now() + waitMs).toISOString();
    const limited = await run(errorReply(429, { message: 'slow down' }, headers), { provider: { now } });
    expect(providerError(limited).failure.retryAfter).toBe(expected);
    // Every answer has these headers. Only one that a limit is reached makes them a wait.
    const other = await run(errorReply(500, { message: 'oh' }, headers), { provider: { now } });
    expect(providerError(other).failure.retryAfter).toBe('retry-after' in headers ? expected : null);
  });
});

describe('a context that the upstream has forgotten', () => {
  const byResponse: ProviderContext = { route: 'PREVIOUS_RESPONSE', responseId: 'resp_0' };
  const byItem: ProviderContext = { route: 'CONTEXT_ITEMS', itemIds: ['ig_0'] };
  const none: ProviderContext = { route: 'NONE' };
  const reasoning =
    "Item 'ig_0' of type 'image_generation_call' was provided without its required 'reasoning' item: 'rs_0'.";
  const gone = "Item with id 'ig_0' not found. Items are not persisted when `store` is set to false.";

  it.each([
    [400, { code: 'previous_response_not_found', message: 'Previous response resp_0 not found.' }, byResponse, true],
    [404, { code: null, message: "Response with id 'resp_0' not found." }, byResponse, true],
    [400, { code: null, param: 'previous_response_id', message: 'Invalid.' }, byResponse, true],
    [404, { code: null, message: gone }, byItem, true],
    [400, { code: null, message: reasoning }, byItem, true],
    [404, { code: 'model_not_found', message: 'The response model was not found' }, byResponse, false],
    [404, { code: null, message: gone }, none, false],
    [500, { code: 'server_error', message: gone }, byItem, false],
  ])('%i %o', async (status, error, context, contextLost) => {
    const kind = contextLost ? 'CONTEXT_LOST' : status < 500 ? 'NOTHING_BOUGHT' : 'LOST';
    const result = await run(errorReply(status, { type: 'invalid_request_error', ...error }), { request: { context } });
    expect(providerError(result)).toMatchObject({ kind, nothingBought: status < 500 });
    expect(result.requests).toHaveLength(1);
  });

  it('is told by an error in place of the first event, too', async () => {
    const error = { type: 'error', code: 'previous_response_not_found', message: 'Gone.' };
    const result = await run(streamReply([error]), { request: { context: byResponse } });
    expect(providerError(result)).toMatchObject({ kind: 'CONTEXT_LOST', nothingBought: true });
  });
});

describe('an error in place of the first event', () => {
  it.each([
    ['rate_limit_exceeded', true],
    ['invalid_prompt', true],
    ['server_error', false],
    ['something_new', false],
  ])('%s: nothing was bought: %s', async (code, nothingBought) => {
    const result = await run(streamReply([{ type: 'error', code, message: RAW }]));
    expect(providerError(result).nothingBought).toBe(nothingBought);
    expect(result.events).toEqual([]);
  });
});
