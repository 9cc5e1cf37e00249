/** The provider against the simulator's scenarios: every way in which a response can fail, and several images per request. */
import type { ResponseError } from 'openai/resources/responses/responses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GenerationFailureCode } from '../../src/domain/generation/failure.ts';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import { ProviderError, type ProviderErrorKind, type ProviderRequest } from '../../src/provider/image-provider.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { collect, picturesOf, providerFor, REQUEST, Sinks } from './run.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ art: 'plain', durationMs: 0 });
});
afterAll(() => simulator.close());

const SETTINGS = { ...NO_SETTINGS, size: '1024x640', format: 'WEBP', quality: 'LOW' } as const;

async function made(prompt: string, request: Partial<ProviderRequest> = {}) {
  const sinks = new Sinks();
  const run = { signal: new AbortController().signal, openSink: sinks.openSink };
  const provider = providerFor(simulator.url, { imageApiModel: 'gpt-image-2' });
  try {
    return await collect(provider.generate({ ...REQUEST, settings: SETTINGS, prompt, ...request }, run));
  } finally {
    expect(sinks.open).toBe(0);
  }
}

async function failed(prompt: string, request: Partial<ProviderRequest> = {}): Promise<ProviderError> {
  try {
    await made(prompt, request);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** Every `ResponseError.code` of the SDK (a new one fails the type check), its failure code, and whether it is retryable. */
const CODES: Record<ResponseError['code'], [GenerationFailureCode, boolean]> = {
  server_error: ['UPSTREAM_UNAVAILABLE', true],
  rate_limit_exceeded: ['RATE_LIMITED', true],
  invalid_prompt: ['INVALID_REQUEST', false],
  data_residency_mismatch: ['INVALID_REQUEST', false],
  bio_policy: ['MODERATION_BLOCKED', false],
  misalignment_policy_violation: ['MODERATION_BLOCKED', false],
  vector_store_timeout: ['UPSTREAM_UNAVAILABLE', true],
  invalid_image: ['INVALID_REQUEST', false],
  invalid_image_format: ['INVALID_REQUEST', false],
  invalid_base64_image: ['INVALID_REQUEST', false],
  invalid_image_url: ['INVALID_REQUEST', false],
  image_too_large: ['INVALID_REQUEST', false],
  image_too_small: ['INVALID_REQUEST', false],
  image_parse_error: ['INVALID_REQUEST', false],
  image_content_policy_violation: ['MODERATION_BLOCKED', false],
  invalid_image_mode: ['INVALID_REQUEST', false],
  image_file_too_large: ['INVALID_REQUEST', false],
  unsupported_image_media_type: ['INVALID_REQUEST', false],
  empty_image_file: ['INVALID_REQUEST', false],
  failed_to_download_image: ['INVALID_REQUEST', true],
  image_file_not_found: ['INVALID_REQUEST', false],
};
const ROWS = Object.entries(CODES).map(([code, [expected, retryable]]) => ({ code, expected, retryable }));

describe.each(ROWS)('a response that fails with $code', ({ code, expected, retryable }) => {
  const marker = `[sim:error-${code.replaceAll('_', '-')}]`;

  it(`is ${expected}, and has ended`, async () => {
    const error = await failed(`A cat ${marker}`);
    expect(error).toMatchObject({
      kind: 'ENDED',
      nothingBought: false,
      responseId: expect.stringMatching(/^resp_/),
    });
    expect(error.failure).toMatchObject({ code: expected, retryable, text: null, requestId: expect.any(String) });
  });

  it(`is ${expected} in the Image API, too`, async () => {
    const error = await failed(`A cat ${marker}`, { api: 'IMAGES' });
    expect(error.failure).toMatchObject({ code: expected, retryable, text: null });
    expect(error.kind).toBe(['server_error', 'vector_store_timeout'].includes(code) ? 'LOST' : 'NOTHING_BOUGHT');
  });
});

describe('another bad end', () => {
  it.each<[string, GenerationFailureCode, boolean, ProviderErrorKind]>([
    ['incomplete', 'INCOMPLETE', false, 'ENDED'],
    ['incomplete-max-messages', 'INCOMPLETE', false, 'ENDED'],
    ['incomplete-content-filter', 'MODERATION_BLOCKED', false, 'ENDED'],
    ['incomplete-steered', 'INCOMPLETE', true, 'ENDED'],
    ['moderation-input', 'MODERATION_BLOCKED', false, 'NOTHING_BOUGHT'],
    ['moderation-midstream', 'MODERATION_BLOCKED', false, 'ENDED'],
    ['rate-limited', 'RATE_LIMITED', true, 'NOTHING_BOUGHT'],
    ['quota', 'QUOTA_EXCEEDED', false, 'NOTHING_BOUGHT'],
    ['http-500', 'UPSTREAM_UNAVAILABLE', true, 'LOST'],
    ['http-503', 'UPSTREAM_UNAVAILABLE', true, 'NOTHING_BOUGHT'],
  ])('%s is %s', async (scenario, code, retryable, kind) => {
    const error = await failed(`A cat [sim:${scenario}]`);
    expect(error).toMatchObject({ kind, failure: { code, retryable, text: null } });
  });

  it.each(['no-image', 'refusal'])('%s carries the words that came instead', async (scenario) => {
    const { failure } = await failed(`A cat [sim:${scenario}]`);
    expect(failure.code).toBe('NO_IMAGE');
    expect(failure.text).toMatch(/^I( can describe it, but|'m sorry, but) .*\.$/);
  });

  it('of a stream of the Image API is over with it', async () => {
    const request = { api: 'IMAGES', settings: { ...SETTINGS, partialImages: 1 } } as const;
    const error = await failed('A cat [sim:moderation-midstream]', request);
    expect(error).toMatchObject({
      kind: 'ENDED',
      failure: { code: 'MODERATION_BLOCKED', moderation: { stage: 'output', categories: ['violence'] } },
    });
  });
});

describe('a prompt', () => {
  const revised = async (prompt: string, request: Partial<ProviderRequest> = {}) => {
    const image = (await made(prompt, request)).find((event) => event.type === 'image');
    return image?.revisedPrompt;
  };

  it('is drawn word for word where that was asked for, unless the model rewrites it anyway', async () => {
    const prompt = 'a  Cat, in ink — «as is»';
    expect(await revised(prompt)).not.toBe(prompt);
    expect(await revised(prompt, { verbatim: true })).toBe(prompt);
    const marked = `${prompt} [sim:rewrites-anyway]`;
    const rewritten = await revised(marked, { verbatim: true });
    expect(rewritten).toContain('Cat, in ink');
    expect(rewritten).not.toBe(marked);
  });

  it('is drawn word for word in a later turn only where that is asked for again', async () => {
    const first = await made('a cat', { verbatim: true });
    const accepted = first.find((event) => event.type === 'accepted');
    const context = { route: 'PREVIOUS_RESPONSE', responseId: accepted?.responseId ?? '' } as const;
    expect(await revised('add snow', { context, verbatim: true })).toBe('add snow');
    expect(await revised('add snow', { context })).not.toBe('add snow');
  });
});

describe('what the response says of itself', () => {
  it('is told at its start and with its pictures, the mainline model included', async () => {
    const settings = { ...SETTINGS, mainlineModel: 'gpt-5.7', compression: 70, moderation: 'LOW' } as const;
    const events = await made('a cat', { settings });
    const said = { mainlineModel: 'gpt-5.7', model: 'gpt-image-2.6-sunburst', compression: 70, moderation: 'LOW' };
    expect(events[0]).toMatchObject({ type: 'accepted', reported: said });
    expect(events.find((event) => event.type === 'image')).toMatchObject({
      actual: { ...said, size: '1024x640', quality: 'LOW', format: 'WEBP', background: 'OPAQUE' },
    });
  });
});

describe('requests that run side by side', () => {
  const four = (prompt: string) => Promise.allSettled(Array.from({ length: 4 }, () => made(prompt)));

  it.each([
    ['every-other-fails', 'UPSTREAM_UNAVAILABLE', 'ENDED'],
    ['every-other-moderated', 'MODERATION_BLOCKED', 'ENDED'],
    ['every-other-rate-limited-once', 'RATE_LIMITED', 'NOTHING_BOUGHT'],
  ])('fail on their own: %s', async (scenario, code, kind) => {
    const results = await four(`Four cats [sim:${scenario}]`);
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(errors).toHaveLength(2);
    for (const error of errors) expect(error).toMatchObject({ kind, failure: { code } });
    for (const result of results) if (result.status === 'fulfilled') expect(picturesOf(result.value)).toHaveLength(1);
  });
});
