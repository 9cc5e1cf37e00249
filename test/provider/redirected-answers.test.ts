/**
 * A redirect as the answer to a request that buys something (promise 6): the request is sent once, its answer is read from
 * where the redirect leads within the upstream, and a failure there never counts as a request that bought nothing.
 */
import { describe, expect, it } from 'vitest';
import { ProviderError, type ProviderEvent } from '../../src/provider/image-provider.ts';
import {
  errorReply,
  type Json,
  jsonReply,
  type Reply,
  recordedEvents,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { Follower } from './follow.ts';
import { pictureBytes, picturesOf, providerFor, REQUEST, Sinks } from './run.ts';
import { documentReply, imagesStream } from './scripted-images.ts';

const PICTURE = pictureBytes('elsewhere');
const EVENTS = recordedEvents({ pictures: [{ bytes: PICTURE }], responseId: 'resp_1' });
const IMAGE = [{ type: 'image', image: 0, bytes: PICTURE }];
const RESPONSE: Json = { ...(EVENTS.at(-1)?.['response'] as object) };
const NAMED = '/v1/responses/resp_1';

interface Redirected {
  readonly api: 'RESPONSES' | 'IMAGES';
  readonly status?: number;
  /** Null for a redirect without an address. */
  readonly location: string | null;
  /** The answer to each GET, and to no other request. */
  readonly answer: Reply;
}

/** One create request that is answered with a redirect. */
async function created({ api, status = 303, location, answer }: Redirected) {
  const redirect: Reply = { status, headers: location === null ? {} : { location }, writes: ['elsewhere'] };
  const upstream = await startScriptedUpstream(({ method }) => (method === 'GET' ? answer : redirect));
  const sinks = new Sinks();
  const events: ProviderEvent<Buffer>[] = [];
  let error: unknown = null;
  try {
    const run = { signal: new AbortController().signal, openSink: sinks.openSink };
    const provider = providerFor(upstream.baseURL, { idleTimeoutMs: 500 });
    for await (const event of provider.generate({ ...REQUEST, api }, run)) events.push(event);
  } catch (caught) {
    error = caught;
  }
  await upstream.close();
  const methods = upstream.requests.map(({ method }) => method);
  return { events, error, sinks, methods, requests: upstream.requests };
}

function failureOf({ error }: { readonly error: unknown }) {
  if (!(error instanceof ProviderError)) throw new Error('it did not fail as it should', { cause: error });
  return { kind: error.kind, code: error.failure.code, responseId: error.responseId };
}

describe('one POST and one GET give the image where the redirect leads to', () => {
  it.each<[string, Redirected]>([
    ['a stream', { api: 'RESPONSES', location: NAMED, answer: streamReply(EVENTS) }],
    ['a stream by a relative address', { api: 'RESPONSES', location: 'answers/1', answer: streamReply(EVENTS) }],
    ['a document', { api: 'RESPONSES', location: NAMED, answer: jsonReply(RESPONSE) }],
    ['a document, by 302', { api: 'RESPONSES', status: 302, location: NAMED, answer: jsonReply(RESPONSE) }],
    ['a document, by 301', { api: 'RESPONSES', status: 301, location: NAMED, answer: jsonReply(RESPONSE) }],
    ['a document of the Image API', { api: 'IMAGES', location: '/v1/answers/1', answer: documentReply([PICTURE]) }],
    ['a stream of the Image API', { api: 'IMAGES', location: '/v1/answers/1', answer: imagesStream([], PICTURE) }],
  ])('%s', async (_, redirected) => {
    const { events, error, methods, requests, sinks } = await created(redirected);
    expect(error).toBeNull();
    expect(picturesOf(events)).toEqual(IMAGE);
    expect(methods).toEqual(['POST', 'GET']);
    expect(requests[1]?.headers.authorization).toBe('Bearer sk-test');
    expect(sinks.open).toBe(0);
  });
});

describe('what was asked for may have been bought when the answer cannot be read: it is', () => {
  const lost = { kind: 'LOST', code: 'OUTCOME_UNKNOWN', responseId: 'resp_1' };
  const elsewhere = { ...lost, responseId: null };
  const rateLimited = { type: 'error', code: 'rate_limit_exceeded', message: 'slow down' };
  it.each<[string, Redirected, Json]>([
    ['not found', { api: 'RESPONSES', location: NAMED, answer: errorReply(404, { message: 'no' }) }, lost],
    ['refused', { api: 'RESPONSES', location: NAMED, answer: errorReply(400, { message: 'no' }) }, lost],
    ['limited', { api: 'RESPONSES', location: NAMED, answer: errorReply(429, { message: 'slow down' }) }, lost],
    ['overloaded', { api: 'RESPONSES', location: NAMED, answer: errorReply(503, { message: 'later' }) }, lost],
    ['not there for the Image API', { api: 'IMAGES', location: '/v1/x', answer: errorReply(404, {}) }, elsewhere],
    ['cut off', { api: 'RESPONSES', location: NAMED, answer: { beforeHeaders: 'destroy' } }, lost],
    ['empty', { api: 'RESPONSES', location: NAMED, answer: streamReply([]) }, lost],
    [
      'silent',
      { api: 'RESPONSES', location: NAMED, answer: streamReply([], { ending: 'hang' }) },
      { ...lost, code: 'TIMED_OUT' },
    ],
    [
      'an error event',
      { api: 'RESPONSES', location: NAMED, answer: streamReply([rateLimited]) },
      { ...lost, code: 'RATE_LIMITED' },
    ],
    [
      'an error event of the Image API',
      { api: 'IMAGES', location: '/v1/x', answer: streamReply([rateLimited]) },
      { ...elsewhere, code: 'RATE_LIMITED' },
    ],
    ['at another origin', { api: 'RESPONSES', location: `http://other.invalid${NAMED}`, answer: {} }, lost],
    ['at no address', { api: 'RESPONSES', location: null, answer: {} }, elsewhere],
    ['at no address, by 302', { api: 'IMAGES', status: 302, location: null, answer: {} }, elsewhere],
    [
      'redirected to another origin',
      { api: 'RESPONSES', location: NAMED, answer: { status: 302, headers: { location: 'http://other.invalid/' } } },
      lost,
    ],
    [
      'redirected without end',
      { api: 'RESPONSES', location: NAMED, answer: { status: 307, headers: { location: NAMED } } },
      lost,
    ],
    [
      'blocked',
      { api: 'RESPONSES', location: NAMED, answer: errorReply(400, { code: 'moderation_blocked' }) },
      { ...lost, kind: 'ENDED', code: 'MODERATION_BLOCKED' },
    ],
  ])('%s', async (_, redirected, expected) => {
    const result = await created(redirected);
    expect(failureOf(result)).toEqual(expected);
    expect(result.methods.filter((method) => method === 'POST')).toEqual(['POST']);
    const accepted = result.events.filter((event) => event.type === 'accepted').map(({ responseId }) => responseId);
    expect(accepted).toEqual(expected['kind'] === 'LOST' && expected['responseId'] !== null ? ['resp_1'] : []);
  });
});

describe('nothing was bought where the redirect asks to send the request again', () => {
  it.each<[string, Redirected]>([
    ['307', { api: 'RESPONSES', status: 307, location: NAMED, answer: {} }],
    ['308', { api: 'RESPONSES', status: 308, location: NAMED, answer: {} }],
    ['307 of the Image API', { api: 'IMAGES', status: 307, location: '/v1/x', answer: {} }],
    ['307 without an address', { api: 'RESPONSES', status: 307, location: null, answer: {} }],
    ['301 to another origin', { api: 'RESPONSES', status: 301, location: 'https://other.invalid/', answer: {} }],
  ])('%s', async (_, redirected) => {
    const result = await created(redirected);
    expect(failureOf(result)).toEqual({ kind: 'NOTHING_BOUGHT', code: 'INTERNAL', responseId: null });
    expect(result.methods).toEqual(['POST']);
  });
});

it('a response that only a redirect has named is followed to its image', async () => {
  const upstream = await startScriptedUpstream(({ method, path }, nth) => {
    if (method === 'POST') return { status: 303, headers: { location: NAMED }, writes: [] };
    return nth === 1
      ? errorReply(503, { message: 'later' })
      : path.includes('stream=true')
        ? streamReply(EVENTS)
        : jsonReply(RESPONSE);
  });
  const follower = await new Follower({ provider: providerFor(upstream.baseURL) }).run();
  await upstream.close();
  expect([...follower.images.values()]).toEqual([[PICTURE]]);
  expect(upstream.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
});
