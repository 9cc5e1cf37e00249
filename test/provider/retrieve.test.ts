/** Retrieving and cancelling a response. */
import { describe, expect, it } from 'vitest';
import type { KnownImage, RetrievedEvent } from '../../src/provider/image-provider.ts';
import type { OpenAiProviderOptions } from '../../src/provider/openai/openai-provider.ts';
import {
  base64,
  cutReply,
  errorReply,
  type Json,
  jsonReply,
  type Reply,
  recordedEvents,
  startScriptedUpstream,
} from '../support/scripted-upstream.ts';
import { pictureBytes, providerError, providerFor, Sinks } from './run.ts';
import { SCRIPTED_REPORT } from './scripted-report.ts';

const CAT = { bytes: pictureBytes('cat', 300_000) };
const DOG = { bytes: pictureBytes('dog', 200_000) };
// The last of the recorded events is response.completed, which has a response.
const COMPLETED = recordedEvents({ pictures: [CAT, DOG], text: 'Here.' }).at(-1)?.['response'] as Json;
const [REASONING, CAT_ITEM, DOG_ITEM, MESSAGE] = COMPLETED['output'] as Json[];

async function retrieved(
  reply: Reply,
  known: readonly KnownImage[] = [],
  provider: Partial<OpenAiProviderOptions> = {},
  signal = new AbortController().signal,
) {
  const upstream = await startScriptedUpstream(() => reply);
  const sinks = new Sinks();
  const events: RetrievedEvent<Buffer>[] = [];
  let error: unknown = null;
  try {
    const reading = { signal, openSink: sinks.openSink };
    for await (const event of providerFor(upstream.baseURL, provider).retrieve('resp_scripted', reading, known))
      events.push(event);
  } catch (caught) {
    error = caught;
  }
  await upstream.close();
  expect(sinks.open).toBe(0);
  expect(upstream.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/responses/resp_scripted']);
  return { events, error, sinks, requests: upstream.requests };
}

const imagesOf = (events: readonly RetrievedEvent<Buffer>[]) =>
  events.flatMap((event) => (event.type === 'image' ? [[event.imageIndex, event.picture]] : []));

const withoutResults = (body: Json): Json =>
  JSON.parse(JSON.stringify(body, (key, value) => (key === 'result' ? null : value)));

describe('a look at a response', () => {
  it('that has completed gives its pictures and what was used', async () => {
    const { events, error } = await retrieved(jsonReply(COMPLETED));
    expect(error).toBeNull();
    expect(imagesOf(events)).toEqual([
      [0, CAT.bytes],
      [1, DOG.bytes],
    ]);
    expect(events[0]).toMatchObject({ itemId: 'ig_0', actual: { model: 'gpt-image-2', size: '1024x1024' } });
    expect(events.at(-1)).toEqual({
      type: 'completed',
      responseId: 'resp_scripted',
      text: 'Here.',
      usage: SCRIPTED_REPORT,
      imagesMissing: false,
    });
  });

  it('does not store again what is known', async () => {
    const known = [{ itemId: 'ig_1', imageIndex: 0, stored: true }];
    const { events, sinks } = await retrieved(jsonReply(COMPLETED), known);
    expect(imagesOf(events)).toEqual([[1, CAT.bytes]]);
    expect(sinks.opened).toBe(1);
  });

  it.each(['queued', 'in_progress', 'something_new'])('that is %s says that it is running', async (status) => {
    const { events, error } = await retrieved(jsonReply({ ...COMPLETED, status, output: [] }));
    expect(error).toBeNull();
    expect(events).toEqual([{ type: 'running', retryAfter: null }]);
  });

  it('that is running gives the pictures that are there already', async () => {
    const drawing = { ...DOG_ITEM, status: 'in_progress', result: null };
    const output = [REASONING, CAT_ITEM, drawing];
    const { events } = await retrieved(jsonReply({ ...COMPLETED, status: 'in_progress', output }));
    expect(imagesOf(events)).toEqual([[0, CAT.bytes]]);
    expect(events.at(-1)).toEqual({ type: 'running', retryAfter: null });
  });

  it('whose results are null says that pictures are missing, unless they are known', async () => {
    const reply = jsonReply(withoutResults(COMPLETED));
    const known = [0, 1].map((index) => ({ itemId: `ig_${index}`, imageIndex: index, stored: true }));
    expect((await retrieved(reply)).events).toMatchObject([{ type: 'completed', imagesMissing: true }]);
    expect((await retrieved(reply, known.slice(1))).events).toMatchObject([{ imagesMissing: true }]);
    expect((await retrieved(reply, known)).events).toMatchObject([{ type: 'completed', imagesMissing: false }]);
    const onlyPartials = known.map((picture) => ({ ...picture, stored: false }));
    expect((await retrieved(reply, onlyPartials)).events).toMatchObject([{ imagesMissing: true }]);
  });

  it('without any picture item is NO_IMAGE, with what was used', async () => {
    const result = await retrieved(jsonReply({ ...COMPLETED, output: [MESSAGE] }));
    expect(providerError(result)).toMatchObject({
      kind: 'ENDED',
      failure: { code: 'NO_IMAGE' },
      usage: SCRIPTED_REPORT,
    });
  });

  it.each<[Json, string, string]>([
    [{ status: 'failed', error: { code: 'server_error', message: 'boom' } }, 'ENDED', 'UPSTREAM_UNAVAILABLE'],
    [{ status: 'failed', error: { code: 'moderation_blocked', message: 'no' } }, 'ENDED', 'MODERATION_BLOCKED'],
    [{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'ENDED', 'INCOMPLETE'],
    [{ status: 'cancelled' }, 'CANCELLED', 'INCOMPLETE'],
  ])('that ended as %o tells it, behind the pictures that are there', async (end, kind, code) => {
    const result = await retrieved(jsonReply({ ...COMPLETED, ...end, output: [CAT_ITEM] }));
    expect(imagesOf(result.events)).toEqual([[0, CAT.bytes]]);
    expect(providerError(result)).toMatchObject({
      kind,
      failure: { code },
      nothingBought: false,
      responseId: 'resp_scripted',
      usage: SCRIPTED_REPORT,
    });
    // A failed response can have no output at all.
    const { output: _, ...bare } = { ...COMPLETED, ...end };
    expect(providerError(await retrieved(jsonReply(bare))).kind).toBe(kind);
  });

  const whole = JSON.stringify(COMPLETED);
  it.each<[string, Reply, string]>([
    ['404', errorReply(404, { message: "Response with id 'resp_scripted' not found." }), 'GONE'],
    ['410', errorReply(410, { message: '' }), 'GONE'],
    ['400', errorReply(400, { message: "Invalid 'response_id'." }), 'GONE'],
    ['401', errorReply(401, { code: 'invalid_api_key', message: '' }), 'LOST'],
    ['429', errorReply(429, { message: '' }), 'LOST'],
    ['502', { status: 502, headers: { 'content-type': 'text/html' }, writes: ['<h1>Bad gateway</h1>'] }, 'LOST'],
    ['a cut connection', { beforeHeaders: 'destroy' }, 'LOST'],
    ['silence', { beforeHeaders: 'hang' }, 'LOST'],
    ['a web page', { headers: { 'content-type': 'text/html' }, writes: ['<h1>Welcome</h1>'] }, 'LOST'],
    ['nothing', { writes: [] }, 'LOST'],
    ['a document that is cut', cutReply({ writes: [whole] }, whole.length - 1, 'destroy'), 'LOST'],
    ['a document that ends too early', cutReply({ writes: [whole] }, 100_000, 'end'), 'LOST'],
    ['a document that stops', { writes: [whole.slice(0, 100_000)], ending: 'hang' }, 'LOST'],
    ['an error with a good status', jsonReply({ error: { code: 'server_error', message: 'boom' } }), 'LOST'],
    ['a document larger than is taken', jsonReply({ a: 'x'.repeat(2_000_000) }), 'ENDED'],
  ])('that is answered with %s', async (_, reply, kind) => {
    const provider = { readTimeoutMs: 150, idleTimeoutMs: 150, maxLineBytes: 1_500_000 };
    const result = await retrieved(reply, [], provider);
    expect(providerError(result)).toMatchObject({ kind, nothingBought: false, responseId: 'resp_scripted' });
    expect(['OUTCOME_UNKNOWN', 'TIMED_OUT']).toContain(providerError(result).failure.code);
    expect(result.events).toEqual([]);
  });

  it('with a damaged picture says so', async () => {
    const damaged = { ...CAT_ITEM, result: `${base64(CAT.bytes).slice(0, 4_000)}*` };
    const result = await retrieved(jsonReply({ ...COMPLETED, output: [damaged] }));
    expect(providerError(result)).toMatchObject({ kind: 'ENDED', usage: SCRIPTED_REPORT });
  });

  it('that its owner breaks off tells the owner’s reason', async () => {
    const reason = new Error('stopped');
    const aborting = new AbortController();
    setTimeout(() => aborting.abort(reason), 50);
    expect((await retrieved({ beforeHeaders: 'hang' }, [], {}, aborting.signal)).error).toBe(reason);
  });
});

describe('a cancellation', () => {
  async function cancelled(reply: Reply, provider: Partial<OpenAiProviderOptions> = {}) {
    const upstream = await startScriptedUpstream(() => reply);
    try {
      return await providerFor(upstream.baseURL, provider).cancel('resp_scripted');
    } finally {
      expect(upstream.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
        'POST /v1/responses/resp_scripted/cancel',
      ]);
      await upstream.close();
    }
  }

  it.each([
    ['cancelled', 'CANCELLED'],
    ['completed', 'COMPLETED'],
    ['failed', 'FAILED'],
    ['incomplete', 'INCOMPLETE'],
    ['in_progress', 'RUNNING'],
    ['queued', 'RUNNING'],
  ])('that leaves the response %s says %s, and what was used once it has ended', async (status, outcome) => {
    const usage = outcome === 'RUNNING' ? null : SCRIPTED_REPORT;
    expect(await cancelled(jsonReply({ ...COMPLETED, status, error: null }))).toEqual({ outcome, usage });
  });

  it.each([
    [404, 'GONE'],
    [410, 'GONE'],
    [400, 'NOT_CANCELLABLE'],
    [409, 'NOT_CANCELLABLE'],
  ])('that is answered with %i says %s', async (status, outcome) => {
    const reply = errorReply(status, { message: 'Cannot cancel a synchronous response.' });
    expect(await cancelled(reply)).toEqual({ outcome, usage: null });
  });

  it.each<[string, Reply]>([
    ['500', errorReply(500, { message: 'boom' })],
    ['a cut connection', { beforeHeaders: 'destroy' }],
    ['silence', { beforeHeaders: 'hang' }],
    [
      'an answer that never ends',
      { headers: { 'content-type': 'application/json' }, writes: ['{"id":'], ending: 'hang' },
    ],
  ])('that is answered with %s is not known to have worked', async (_, reply) => {
    const outcome = cancelled(reply, { readTimeoutMs: 150, idleTimeoutMs: 150 });
    await expect(outcome).rejects.toMatchObject({
      kind: 'LOST',
      nothingBought: false,
      responseId: 'resp_scripted',
      failure: { retryable: true },
    });
  });
});
