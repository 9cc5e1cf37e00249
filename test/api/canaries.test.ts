/** Secrets of the configuration that the upstream repeats wherever it can. None comes out of the server anywhere. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CANARIES, canariesIn, canariesInFiles, echo } from '../support/canaries.ts';
import { overSse } from '../support/client.ts';
import {
  errorReply,
  type Json,
  numbered,
  type RecordedRequest,
  type Reply,
  recordedEvents,
  type ScriptedUpstream,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { generate, picture, watchToEnd } from './steps.ts';
import { endingWith, upTo } from './upstreams.ts';

const ECHO = echo();
const HEADER_ECHO = ECHO.replace(/[^\x20-\x7e]/gu, '');

const EVERYTHING = `query ($id: ID!) {
  generationCall(id: $id) {
    status responseId revisedPrompt prompt route
    requested { model mainlineModel size }
    failure { code message requestId text moderation { stage categories } }
    failures { failure { message requestId text moderation { stage categories } } }
    images { id url revisedPrompt actual { model mainlineModel size } }
    usage { image { model } mainline { model } }
    cost { amount }
    conversation { id title }
  }
}`;

const bytes = await picture('rgb(9, 99, 199)');
const REPORT: Json = {
  code: ECHO,
  type: 'invalid_request_error',
  param: ECHO,
  message: `Incorrect API key provided: ${ECHO}.`,
  [ECHO]: ECHO,
};
const BLOCKED: Json = {
  ...REPORT,
  code: 'moderation_blocked',
  type: 'image_generation_user_error',
  moderation_details: { moderation_stage: ECHO, categories: [ECHO, ECHO] },
};
const EVENTS = recordedEvents({
  responseId: `resp ${ECHO}`,
  pictures: [{ bytes, partials: [bytes], itemId: `ig ${ECHO}`, revisedPrompt: `A cat, ${ECHO}`, item: { size: ECHO } }],
  text: `I drew it with ${ECHO}`,
});
const NAMED = EVENTS.map((event) => {
  const { response } = event;
  if (typeof response !== 'object' || response === null) return event;
  const tools = [{ type: 'image_generation', model: ECHO }];
  const usage = { input_tokens: 1, output_tokens: 1, [ECHO]: ECHO };
  return { ...event, response: { ...response, model: ECHO, tools, usage } };
});
const HEADERS = { 'x-request-id': HEADER_ECHO, 'set-cookie': `a=${CANARIES.token}`, 'retry-after': HEADER_ECHO };
const JSON_TYPE = { 'content-type': 'application/json' };
const FAILED_ITEM = { type: 'image_generation_call', id: ECHO, status: 'failed', result: null, error: BLOCKED };

const text = (status: number, body: string, type = 'text/plain'): Reply => ({
  status,
  headers: { ...HEADERS, 'content-type': type },
  writes: [body],
});

/** What the upstream answers, and whether an image comes of it. */
const ANSWERS: Readonly<Record<string, (request: RecordedRequest) => Reply>> = {
  'an image, with texts, ids and models': () => streamReply(NAMED, { headers: HEADERS }),
  'an error of the request': () => errorReply(400, REPORT, HEADERS),
  'a rejected key': () => errorReply(401, { ...REPORT, code: 'invalid_api_key' }, HEADERS),
  'a block': () => errorReply(400, BLOCKED, HEADERS),
  'a block by a content filter': () =>
    errorReply(400, {
      code: 'content_filter',
      innererror: { content_filter_result: { [ECHO]: { filtered: true, severity: ECHO } } },
      message: ECHO,
    }),
  'an error that escapes every character': () => ({
    status: 400,
    headers: JSON_TYPE,
    writes: [
      `{"error":{"message":"${[...ECHO].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"}}`,
    ],
  }),
  'an error that divides the secrets by control characters': () =>
    errorReply(400, { ...REPORT, message: [...ECHO].join('\u0000') }),
  'an error that is text': () => text(400, ECHO),
  'an error that is a page': () => text(502, `<html>${ECHO}</html>`, 'text/html'),
  'a page in place of a stream': () => text(200, `<html>${ECHO}</html>`, 'text/html'),
  'a failed item': () =>
    streamReply(
      endingWith(
        NAMED,
        { type: 'response.output_item.done', output_index: 1, item: FAILED_ITEM },
        { type: 'response.failed', response: { id: ECHO, status: 'failed', error: BLOCKED } },
      ),
    ),
  'an error event': () => streamReply(numbered([...EVENTS.slice(0, 2), { type: 'error', ...REPORT }])),
  'an event that is no JSON': () => ({ writes: [`data: {"${ECHO}\n\n`] }),
  'no image but a text': () => {
    const message = { type: 'message', id: ECHO, content: [{ type: 'output_text', text: `Sorry: ${ECHO}` }] };
    return streamReply(
      numbered([
        ...upTo(NAMED, ({ type }) => type === 'response.in_progress'),
        { type: 'response.output_item.done', output_index: 0, item: message },
        { type: 'response.completed', response: { id: ECHO, status: 'completed', model: ECHO, output: [message] } },
      ]),
      { headers: HEADERS },
    );
  },
  'a redirect': () => ({
    status: 307,
    headers: { location: `http://user:${CANARIES.token}@${CANARIES.token}.invalid/${CANARIES.token}?${HEADER_ECHO}` },
  }),
  'a broken connection': () => ({ writes: [`data: ${JSON.stringify(NAMED[0])}\n\n`], ending: 'destroy' }),
};

let upstream: ScriptedUpstream;
let server: TestServer;
let answer: (request: RecordedRequest) => Reply = () => errorReply(500, REPORT);
/** Everything that clients received. */
const received: string[] = [];

beforeAll(async () => {
  upstream = await startScriptedUpstream((request) => answer(request));
  const { host } = new URL(upstream.baseURL);
  server = await startServer({
    env: {
      OPENAI_BASE_URL: `http://user:${encodeURIComponent(CANARIES.urlPassword)}@${host}/v1`,
      OPENAI_API_KEY: CANARIES.apiKey,
      OPENAI_ORG_ID: CANARIES.organization,
      OPENAI_PROJECT_ID: CANARIES.project,
      OPENAI_CUSTOM_HEADERS: `x-team: pictures\nx-secret: ${CANARIES.header}\nx-other: Bearer ${CANARIES.token}`,
      UPSTREAM_FILES: 'on',
      LOG_LEVEL: 'trace',
      MAX_ATTEMPTS: '1',
    },
  });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await upstream?.close();
});

async function ask(path: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(`${server.url}${path}`, init);
  const text = await response.text();
  received.push(JSON.stringify([...response.headers]), text);
  return text;
}

async function askAll(id: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  return ask('/graphql', { method: 'POST', headers, body: JSON.stringify({ query: EVERYTHING, variables: { id } }) });
}

describe('no secret comes out', () => {
  it.each(Object.entries(ANSWERS))('when the upstream answers with %s', async (_, reply) => {
    answer = reply;
    const call = await generate(server.url, { prompt: 'a cat' });
    for (const over of [undefined, overSse]) {
      received.push(JSON.stringify(await watchToEnd(server.url, call.id, over === undefined ? {} : { over })));
    }
    const everything = await askAll(call.id);
    expect(JSON.parse(everything).errors).toBeUndefined();
    for (const { id } of JSON.parse(everything).data.generationCall.images) await ask(`/images/${id}`);
    expect(canariesIn(received.join('\n'))).toEqual([]);
    expect(canariesIn(server.output())).toEqual([]);
    expect(await canariesInFiles(server.dataDir)).toEqual([]);
  });

  it('although the upstream was sent all of them, and its words reached the clients', async () => {
    const sent = upstream.requests.at(-1)?.headers ?? {};
    expect(sent).toMatchObject({
      authorization: `Bearer ${CANARIES.apiKey}`,
      'x-secret': CANARIES.header,
      'x-other': `Bearer ${CANARIES.token}`,
      'openai-organization': CANARIES.organization,
      'openai-project': CANARIES.project,
    });
    const all = received.join('\n');
    for (const words of ['Sorry: [secret]', 'A cat, [secret]', 'key provided: [secret]', 'to [secret].invalid.']) {
      expect(all.includes(words), words).toBe(true);
    }
  });

  it('of the other routes, and the log tells neither queries nor what clients authenticate with', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics', '/graphql', '/']) await ask(path);
    const secret = 'clientCanaryInARequest';
    const init = { headers: { authorization: `Bearer ${secret}`, cookie: `a=${secret}` } };
    await ask(`/graphql?query={__typename}&token=${secret}`, init);
    await ask(`/images/unknown?sig=${secret}`, init);
    await ask(`/%00?${secret}`, init);
    expect(server.output()).not.toContain(secret);
    expect(canariesIn([...received, server.output()].join('\n'))).toEqual([]);
    expect(server.output()).toContain(`http://${new URL(upstream.baseURL).host}/v1, with`);
  });
});
