/** Upstreams as they are found: through the whole server, each gives the one image that was paid for, for one request. */
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Json,
  jsonReply,
  type Reply,
  recordedEvents,
  type ScriptedUpstream,
  sse,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import type { RunningServer } from '../support/server.ts';
import { callDetails, countRows, fetchBytes, generateToEnd, picture } from './steps.ts';
import { createsOf, startServerAt } from './upstreams.ts';

const BYTES = await picture('teal');
const PARTIAL = await picture('pink');
const EVENTS = recordedEvents({ pictures: [{ bytes: BYTES, partials: [PARTIAL] }] });
const TEXT = EVENTS.map(sse).join('');
const RESPONSE: Json = { ...(EVENTS.at(-1)?.['response'] as object) };

const rotating = EVENTS.map((event, nth) => JSON.parse(JSON.stringify(event).replaceAll('"ig_0"', `"ig_0_${nth}"`)));
const result = (text: string) =>
  recordedEvents({ pictures: [{ bytes: BYTES, partials: [PARTIAL], item: { result: text } }] });

const REPLIES: Readonly<Record<string, Reply>> = {
  'another id in each event': streamReply(rotating),
  'a stream labelled as JSON': { headers: { 'content-type': 'application/json' }, writes: [`\u{feff}${TEXT}`] },
  'JSON labelled as a stream': jsonReply(RESPONSE, { headers: { 'content-type': 'text/event-stream' } }),
  'response.done': streamReply([...EVENTS.slice(0, -1), { type: 'response.done', response: RESPONSE }], {
    ending: 'hang',
  }),
  'a data URL': streamReply(result(`data:image/png;base64,${BYTES.toString('base64')}`)),
  'compression that nobody asked for': { headers: { 'content-encoding': 'br' }, writes: [brotliCompressSync(TEXT)] },
  'a redirect to its answer': { status: 303, headers: { location: '/v1/answers/1' }, writes: [] },
};
const LINK = 'a link in place of an image';

let upstream: ScriptedUpstream;
let server: RunningServer;

beforeAll(async () => {
  upstream = await startScriptedUpstream(({ method, body }) => {
    if (method === 'GET') return streamReply(EVENTS);
    const asked = String(body['input']);
    return REPLIES[asked] ?? streamReply(result('https://cdn.invalid/1.png?signature=hidden'));
  });
  server = await startServerAt(upstream, { env: { MAX_ATTEMPTS: '1' } });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await upstream?.close();
});

it.each(Object.keys(REPLIES))('promise 6: %s gives one image for one request', async (prompt) => {
  const before = { creates: createsOf(upstream).length, images: countRows(server.dataDir)['images'] ?? 0 };
  const { id } = await generateToEnd(server.url, { prompt });
  const call = await callDetails(server.url, id);
  expect(call).toMatchObject({ status: 'COMPLETED', attempts: 1, failure: null, images: [{}] });
  expect(await fetchBytes(call.images[0]?.url ?? '')).toEqual(BYTES);
  expect(createsOf(upstream).length - before.creates).toBe(1);
  expect((countRows(server.dataDir)['images'] ?? 0) - before.images).toBe(1);
});

it(`${LINK} is told as one, and not followed`, async () => {
  const { id } = await generateToEnd(server.url, { prompt: LINK });
  const call = await callDetails(server.url, id);
  expect(call).toMatchObject({ status: 'FAILED', failure: { code: 'UPSTREAM_UNAVAILABLE', retryable: false } });
  expect(call.failure?.message).toContain('sent a link to the image');
  expect(JSON.stringify(call)).not.toContain('hidden');
});
