/** Whatever the upstream does: one honest end for the call, one request for each attempt, and a server that goes on. */
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cutReply,
  errorReply,
  jsonReply,
  numbered,
  type Reply,
  recordedEvents,
  type ScriptedUpstream,
  sse,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import type { RunningServer } from '../support/server.ts';
import {
  callDetails,
  countRows,
  fetchBytes,
  firstOf,
  generateToEnd,
  openDatabase,
  picture,
  rawId,
  TERMINAL_TYPES,
  typesOf,
} from './steps.ts';
import { createsOf, endingWith, startServerAt, upTo } from './upstreams.ts';

const BYTES = await picture('crimson');
const PARTIAL = await picture('pink');
const WHOLE = recordedEvents({ pictures: [{ bytes: BYTES, partials: [PARTIAL] }] });
const UP_TO_PARTIAL = upTo(WHOLE, ({ type }) => String(type).endsWith('.partial_image'));
const UP_TO_PICTURE = upTo(WHOLE, ({ type, output_index: at }) => type === 'response.output_item.done' && at === 1);

/** What an upstream may say and nobody but the operator shall read. */
const SECRET = 'org-secret sk-proj-secret 10.0.0.7';
const MODERATION = {
  code: 'moderation_blocked',
  type: 'image_generation_user_error',
  message: `Your request was rejected. ${SECRET}`,
};
const details = (stage: string) => ({ moderation_details: { moderation_stage: stage, categories: ['violence'] } });
const response = (status: string, more: object) => ({
  id: 'resp_scripted',
  object: 'response',
  status,
  output: [],
  ...more,
});
const serverError = { code: 'server_error', message: `It broke. ${SECRET}` };
const htmlPage = (status: number): Reply => ({
  status,
  headers: { 'content-type': 'text/html' },
  writes: [`<h1>${SECRET}</h1>`],
});
const whole = { writes: WHOLE.map(sse) };
const bytesUpTo = (events: typeof WHOLE) => Buffer.byteLength(events.map(sse).join(''));
const notAPicture = (result: string) =>
  streamReply(recordedEvents({ pictures: [{ bytes: BYTES, partials: [PARTIAL], item: { result } }] }));

interface Fault {
  readonly what: string;
  readonly reply: Reply;
  readonly code: string;
  /** More of the failure. */
  readonly failure?: object;
}

const FAILURES: readonly Fault[] = [
  {
    what: 'HTTP 400',
    reply: errorReply(400, { code: 'invalid_value', message: 'Bad.' }),
    code: 'INVALID_REQUEST',
    failure: { retryable: false },
  },
  {
    what: 'HTTP 401',
    reply: errorReply(401, { code: 'invalid_api_key', message: SECRET }),
    code: 'INTERNAL',
    failure: { retryable: false },
  },
  { what: 'HTTP 403', reply: errorReply(403, { message: SECRET }), code: 'INTERNAL', failure: { retryable: false } },
  { what: 'HTTP 404', reply: errorReply(404, { code: 'model_not_found', message: 'No.' }), code: 'INVALID_REQUEST' },
  {
    what: 'HTTP 429',
    reply: errorReply(429, { code: 'rate_limit_exceeded', message: SECRET }, { 'retry-after': '30' }),
    code: 'RATE_LIMITED',
    failure: {
      retryable: true,
      retryAfter: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u),
      requestId: 'req_scripted',
    },
  },
  {
    what: 'HTTP 429 without credit',
    reply: errorReply(429, { code: 'insufficient_quota', type: 'insufficient_quota', message: SECRET }),
    code: 'QUOTA_EXCEEDED',
    failure: { retryable: false },
  },
  { what: 'HTTP 500', reply: errorReply(500, serverError), code: 'UPSTREAM_UNAVAILABLE', failure: { retryable: true } },
  { what: 'HTTP 502 with a web page', reply: htmlPage(502), code: 'UPSTREAM_UNAVAILABLE' },
  { what: 'HTTP 503', reply: errorReply(503, serverError), code: 'UPSTREAM_UNAVAILABLE', failure: { retryable: true } },
  { what: 'a web page instead of a stream', reply: htmlPage(200), code: 'UPSTREAM_UNAVAILABLE' },
  {
    what: 'moderation of the prompt',
    reply: errorReply(400, { ...MODERATION, ...details('input') }),
    code: 'MODERATION_BLOCKED',
    failure: { retryable: false, moderation: { stage: 'INPUT', categories: ['violence'] } },
  },
  {
    what: 'moderation in mid-stream',
    reply: streamReply(
      numbered([
        ...UP_TO_PARTIAL,
        {
          type: 'response.output_item.done',
          output_index: 1,
          item: {
            id: 'ig_0',
            type: 'image_generation_call',
            status: 'failed',
            result: null,
            error: { ...MODERATION, ...details('output') },
          },
        },
        {
          type: 'response.failed',
          response: response('failed', { error: { code: 'image_content_policy_violation', message: SECRET } }),
        },
      ]),
    ),
    code: 'MODERATION_BLOCKED',
    failure: { retryable: false, moderation: { stage: 'OUTPUT', categories: ['violence'] } },
  },
  {
    what: 'words instead of a picture',
    reply: streamReply(recordedEvents({ pictures: [], text: 'I would rather not.' })),
    code: 'NO_IMAGE',
    failure: { message: expect.stringContaining('I would rather not.') },
  },
  { what: 'a picture without a result', reply: notAPicture(''), code: 'NO_IMAGE' },
  { what: 'bytes that are no picture', reply: notAPicture(Buffer.from('a text').toString('base64')), code: 'NO_IMAGE' },
  { what: 'bytes that are damaged', reply: notAPicture('%%% no base64 %%%'), code: 'UPSTREAM_UNAVAILABLE' },
  {
    what: 'an incomplete response',
    reply: streamReply(
      endingWith(WHOLE, {
        type: 'response.incomplete',
        response: response('incomplete', { incomplete_details: { reason: 'max_output_tokens' } }),
      }),
    ),
    code: 'INCOMPLETE',
  },
  {
    what: 'a failed response',
    reply: streamReply(
      endingWith(WHOLE, { type: 'response.failed', response: response('failed', { error: serverError }) }),
    ),
    code: 'UPSTREAM_UNAVAILABLE',
  },
  {
    what: 'an error event',
    reply: streamReply(endingWith(WHOLE, { type: 'error', ...serverError })),
    code: 'UPSTREAM_UNAVAILABLE',
  },
  { what: 'silence behind the headers', reply: { ending: 'hang' }, code: 'TIMED_OUT', failure: { retryable: true } },
  { what: 'silence in mid-stream', reply: streamReply(UP_TO_PARTIAL, { ending: 'hang' }), code: 'TIMED_OUT' },
  { what: 'a cut before the headers', reply: { beforeHeaders: 'destroy' }, code: 'OUTCOME_UNKNOWN' },
  {
    what: 'a cut inside of the picture',
    reply: cutReply(whole, bytesUpTo(UP_TO_PICTURE) - 100, 'destroy'),
    code: 'OUTCOME_UNKNOWN',
  },
  {
    what: 'a clean end inside of the picture',
    reply: cutReply(whole, bytesUpTo(UP_TO_PICTURE) - 100, 'end'),
    code: 'OUTCOME_UNKNOWN',
  },
  { what: 'a clean end before the picture', reply: streamReply(UP_TO_PARTIAL), code: 'OUTCOME_UNKNOWN' },
];

const SUCCESSES: readonly { readonly what: string; readonly reply: Reply }[] = [
  { what: 'a clean end behind the picture', reply: streamReply(UP_TO_PICTURE) },
  { what: 'a cut behind the picture', reply: streamReply(UP_TO_PICTURE, { ending: 'destroy' }) },
  { what: 'silence behind the picture', reply: streamReply(UP_TO_PICTURE, { ending: 'hang' }) },
  {
    what: 'a failure behind the picture',
    reply: streamReply(
      numbered([...UP_TO_PICTURE, { type: 'response.failed', response: response('failed', { error: serverError }) }]),
    ),
  },
  {
    what: 'an incomplete response behind the picture',
    reply: streamReply(
      numbered([
        ...UP_TO_PICTURE,
        {
          type: 'response.incomplete',
          response: response('incomplete', { incomplete_details: { reason: 'max_output_tokens' } }),
        },
      ]),
    ),
  },
  {
    what: 'a picture that comes with the end only',
    reply: streamReply(WHOLE.filter((event) => !UP_TO_PICTURE.slice(-1).includes(event))),
  },
];

const REPLIES = new Map([...FAILURES, ...SUCCESSES].map(({ what, reply }) => [what, reply]));

let upstream: ScriptedUpstream;
let server: RunningServer;
let url: string;

beforeAll(async () => {
  // A response that ended without its picture is read again with GET, and has none then either.
  upstream = await startScriptedUpstream(({ method, body }) =>
    method === 'GET'
      ? jsonReply(response('completed', {}))
      : (REPLIES.get(String(body['input'])) ?? streamReply(WHOLE)),
  );
  server = await startServerAt(upstream, { env: { UPSTREAM_IDLE_TIMEOUT_MS: '2500', MAX_ATTEMPTS: '1' } });
  ({ url } = server);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await upstream?.close();
});

/** Runs a call to its end and checks what holds however it ends. */
async function run(prompt: string, at = url) {
  const { id, events } = await generateToEnd(at, { prompt });
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  expect(typesOf(events).filter((type) => TERMINAL_TYPES.includes(type))).toEqual([events.at(-1)?.__typename]);
  return { id, events, call: await callDetails(at, id) };
}

describe('a call fails, once and for a reason, when the upstream answers with', () => {
  it.each(FAILURES)('$what: $code', async ({ what, code, failure }) => {
    const requestsBefore = createsOf(upstream).length;
    const { id, events, call } = await run(what);
    expect(call.status).toBe('FAILED');
    const { failure: told } = firstOf(events, 'GenerationFailed');
    expect(told).toMatchObject({ code, ...failure });
    expect(call.failure).toMatchObject({ code, message: told.message, retryable: told.retryable });
    expect(JSON.stringify(events)).not.toContain('secret');
    // Promise 6: the upstream is asked once for the one attempt that was recorded.
    expect(call.attempts).toBe(1);
    expect(createsOf(upstream).length - requestsBefore).toBe(1);
    using database = openDatabase(server.dataDir);
    const attempts = database.prepare('select attempt, ended_at from attempts where call_id = ?').all(rawId(id));
    expect(attempts).toEqual([{ attempt: 1, ended_at: expect.any(String) }]);
  });
});

describe('bytes decide: a call completes when its picture has come, even with', () => {
  it.each(SUCCESSES)('$what', async ({ what }) => {
    const { call } = await run(what);
    expect(call).toMatchObject({ status: 'COMPLETED', attempts: 1, failure: null, images: [{}] });
    expect(await fetchBytes(call.images[0]?.url ?? '')).toEqual(BYTES);
  });
});

describe('behind all of that', () => {
  it('the server works on as if nothing had been', async () => {
    const { call } = await run('a good one');
    expect(call.status).toBe('COMPLETED');
    expect(countRows(server.dataDir)['calls']).toBe(createsOf(upstream).length);
    const { status } = await fetch(`${url}/health/ready`);
    expect(status).toBe(200);
  });

  it('promise 6: nothing was sent again', () => {
    const prompts = createsOf(upstream).map(({ body }) => body['input']);
    expect(new Set(prompts).size).toBe(prompts.length);
  });
});

it('an upstream that is down fails the call as UPSTREAM_UNAVAILABLE, and the next one works when it is back', async () => {
  const gone = await startScriptedUpstream(() => streamReply(WHOLE));
  const { port } = new URL(gone.baseURL);
  await gone.close();
  await using alone = await startServerAt(gone, { env: { MAX_ATTEMPTS: '1' } });
  const { call } = await run('nobody is there', alone.url);
  expect(call).toMatchObject({
    status: 'FAILED',
    attempts: 1,
    failure: { code: 'UPSTREAM_UNAVAILABLE', retryable: true, requestId: null },
  });
  expect(call.failure?.message).not.toContain(port);
  const back = createServer((_, answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' }).end(WHOLE.map(sse).join(''));
  });
  await new Promise<void>((resolve) => back.listen(Number(port), '127.0.0.1', resolve));
  expect((await run('now it is', alone.url)).call.status).toBe('COMPLETED');
  back.closeAllConnections();
  back.close();
});
