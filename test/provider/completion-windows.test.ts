/** Requests with a completion window: what is sent, how its answer is read, and what a refusal means. */
import { describe, expect, it } from 'vitest';
import { type CompletionWindow, NO_SETTINGS } from '../../src/domain/generation/options.ts';
import {
  errorReply,
  type Json,
  jsonReply,
  type Reply,
  recordedEvents,
  streamReply,
} from '../support/scripted-upstream.ts';
import { pictureBytes, picturesOf, providerError, type RunOptions, run } from './run.ts';

const IMAGE = pictureBytes('image');
const EVENTS = recordedEvents({ responseId: 'resp_window', pictures: [{ bytes: IMAGE }] });
const COMPLETED = responseOf(EVENTS.at(-1));
const QUEUED = { ...responseOf(EVENTS[0]), status: 'queued', background: true };

function responseOf(event: Json | undefined): Json {
  const response = event?.['response'];
  return typeof response === 'object' && response !== null ? { ...response } : {};
}

function textReply(text: string): Reply {
  return { status: 400, headers: { 'content-type': 'text/plain' }, writes: [text] };
}

function runWithin(completionWindow: CompletionWindow | null, reply: Reply, options: RunOptions = {}) {
  const settings = { ...NO_SETTINGS, partialImages: 0, completionWindow };
  return run(reply, { ...options, request: { settings, background: false, ...options.request } });
}

describe('a request with a completion window', () => {
  it.each([
    ['WITHIN_2_HOURS', '2h'],
    ['WITHIN_8_HOURS', '8h'],
  ] as const)('%s is sent as %s: in the background, stored and without a stream', async (window, word) => {
    const { requests } = await runWithin(window, jsonReply(QUEUED));
    expect(requests).toHaveLength(1);
    expect(requests[0]?.body).toMatchObject({
      background: true,
      store: true,
      background_options: { completion_window: word },
    });
    expect(requests[0]?.body).not.toHaveProperty('stream');
  });

  it.each([null, 'SOONEST'] as const)('%s is not named and is streamed as ever', async (window) => {
    const { requests, events } = await runWithin(window, streamReply(EVENTS));
    expect(requests[0]?.body).toMatchObject({ stream: true });
    expect(requests[0]?.body).not.toHaveProperty('background_options');
    expect(requests[0]?.body).not.toHaveProperty('background');
    expect(events.at(-1)?.type).toBe('completed');
  });

  it('keeps its window without the optional parameters that were refused before', async () => {
    const options = { request: { leftOut: ['action', 'background', 'quality'] } };
    const { requests } = await runWithin('WITHIN_2_HOURS', jsonReply(QUEUED), options);
    expect(requests[0]?.body).toMatchObject({ background: true, background_options: { completion_window: '2h' } });
  });

  it.each(['queued', 'in_progress'])('is running when the answer says that it is %s', async (status) => {
    const { events, error } = await runWithin('WITHIN_2_HOURS', jsonReply({ ...QUEUED, status }));
    expect(error).toBeNull();
    expect(events).toMatchObject([
      { type: 'accepted', responseId: 'resp_window' },
      { type: 'running', retryAfter: null },
    ]);
  });

  it('says when the upstream wants to be asked', async () => {
    const reply = { ...jsonReply(QUEUED), headers: { 'content-type': 'application/json', 'retry-after': '90' } };
    const { events } = await runWithin('WITHIN_2_HOURS', reply, { provider: { now: () => 0 } });
    expect(events.at(-1)).toMatchObject({ type: 'running', retryAfter: '1970-01-01T00:01:30.000Z' });
  });

  it.each([
    ['a document', jsonReply(COMPLETED)],
    ['a stream', streamReply(EVENTS)],
  ])('delivers an image that comes at once, in %s', async (_, reply) => {
    const { events } = await runWithin('WITHIN_8_HOURS', reply);
    expect(picturesOf(events)).toEqual([{ type: 'image', image: 0, bytes: IMAGE }]);
    expect(events.at(-1)).toMatchObject({ type: 'completed', imagesMissing: false });
  });

  it('fails when the answer says that it has failed', async () => {
    const error = { code: 'server_error', message: 'It broke.' };
    const result = await runWithin('WITHIN_8_HOURS', jsonReply({ ...QUEUED, status: 'failed', error }));
    expect(providerError(result)).toMatchObject({ kind: 'ENDED', failure: { code: 'UPSTREAM_UNAVAILABLE' } });
  });

  it.each([
    ['a stream that breaks off', streamReply(EVENTS.slice(0, 2), { ending: 'destroy' }), 'resp_window'],
    ['a document without an id', jsonReply({ ...QUEUED, id: undefined }), null],
    ['no answer', { beforeHeaders: 'destroy' } as const, null],
  ])('is lost with %s', async (_, reply, responseId) => {
    const result = await runWithin('WITHIN_2_HOURS', reply);
    expect(providerError(result)).toMatchObject({ kind: 'LOST', nothingBought: false, responseId });
  });
});

describe('a refused completion window', () => {
  const invalid = (message: string, more: Json = {}) =>
    errorReply(400, { type: 'invalid_request_error', message, param: null, code: null, ...more });

  it.each([
    ['the option as unknown', invalid("Unknown parameter: 'background_options'.", { code: 'unknown_parameter' })],
    ['the option by its param', invalid('It is unknown.', { param: 'background_options.completion_window' })],
    ['the model', invalid('The completion window is not available for this model.', { param: 'model' })],
    ['the service tier', invalid('Use Standard processing.', { param: 'service_tier' })],
    ['background work', invalid('Background mode is not supported.', { param: 'background' })],
    ['stored responses', invalid('Store must be set to false')],
    ['stored responses in a detail', jsonReply({ detail: 'Store must be set to false' }, { status: 400 })],
    ['the option in a detail', jsonReply({ detail: 'Unsupported parameter: background_options' }, { status: 400 })],
    ['the option as text', textReply('Unknown parameter: background_options')],
    [
      'the option inside a stream',
      streamReply([{ type: 'error', error: { type: 'invalid_request_error', message: 'No such completion window.' } }]),
    ],
    ['all of it', errorReply(501, { message: 'background responses are not implemented' })],
  ])('bought nothing where the upstream refuses %s, and names the option', async (_, reply) => {
    const result = await runWithin('WITHIN_2_HOURS', reply);
    const error = providerError(result);
    expect(error).toMatchObject({ kind: 'WINDOW_REFUSED', nothingBought: true });
    expect(error.failure).toMatchObject({ code: 'INVALID_REQUEST', retryable: false });
    expect(error.failure.message).toContain('options.completionWindow');
    expect(result.requests).toHaveLength(1);
  });

  it.each([
    ['this server lets the upstream store nothing', { provider: { store: false } }],
    ['the request is not to be stored', { request: { store: false } }],
  ])('is not sent where %s', async (_, options: RunOptions) => {
    const result = await runWithin('WITHIN_2_HOURS', jsonReply(QUEUED), options);
    expect(providerError(result)).toMatchObject({ kind: 'WINDOW_REFUSED', nothingBought: true });
    expect(providerError(result).failure.message).toContain('UPSTREAM_STORE');
    expect(result.requests).toHaveLength(0);
  });

  it.each([
    ['a rate limit', errorReply(429, { code: 'rate_limit_exceeded', message: 'Too many.' }), 'RATE_LIMITED'],
    ['an invalid size', invalid('Invalid size.', { param: 'tools[0].size' }), 'INVALID_REQUEST'],
    [
      'an image without background',
      invalid('Transparent background is not supported for this model.', { param: 'tools[0].background' }),
      'INVALID_REQUEST',
    ],
  ])('is not what %s means', async (_, reply, code) => {
    const result = await runWithin('WITHIN_2_HOURS', reply);
    expect(providerError(result)).toMatchObject({ kind: 'NOTHING_BOUGHT', failure: { code } });
  });
});
