/** Every answer of `/graphql` tells caches and browsers the same, whatever part of the server gives it. */
import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Authenticate,
  AuthenticationUnavailableError,
  UnauthenticatedError,
  unlimitedPrincipal,
} from '../../src/auth/authenticate.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

/** Does what the token says. */
const authenticate: Authenticate = async ({ headers: { authorization } }) => {
  if (authorization === undefined) throw new UnauthenticatedError('Say who you are.');
  if (authorization === 'Bearer broken') throw new Error('broken');
  if (authorization === 'Bearer later') throw new AuthenticationUnavailableError('Later.');
  return unlimitedPrincipal('anna');
};

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ authenticate }, { REQUEST_TIMEOUT_MS: '1500', MAX_EVENT_STREAMS_PER_ADDRESS: '1' });
});
afterAll(() => app?.[Symbol.asyncDispose]());

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const QUERY = JSON.stringify({ query: '{ __typename }' });

async function ask({ method = 'POST', path = '/graphql', headers = JSON_TYPE, body = QUERY }: Sent) {
  const sent = request(`${app.url}${path}`, { method, headers: { authorization: 'Bearer x', ...headers } });
  sent.on('error', () => undefined);
  // A body that is shorter than its length never ends.
  if (headers['content-length'] === undefined) sent.end(body);
  else sent.write(body);
  const [response] = await once(sent, 'response');
  const told = response.headers;
  await text(response);
  sent.destroy();
  return { status: response.statusCode, headers: told };
}

const ANSWERS: readonly (readonly [string, number, Sent])[] = [
  ['a result', 200, {}],
  ['a result by GET', 200, { method: 'GET', path: '/graphql?query={__typename}', headers: {}, body: '' }],
  ['GraphiQL', 200, { method: 'GET', headers: { accept: 'text/html' }, body: '' }],
  [
    'a syntax error',
    400,
    { headers: { ...JSON_TYPE, accept: 'application/graphql-response+json' }, body: '{"query":"{"}' },
  ],
  ['a body that is no JSON', 400, { body: '{' }],
  ['a body that is not UTF-8', 400, { headers: JSON_TYPE, body: Buffer.from([0xff]) }],
  ['another media type', 406, { headers: { ...JSON_TYPE, accept: 'image/png' } }],
  ['another method', 405, { method: 'PUT' }],
  ['a mutation by GET', 405, { method: 'GET', path: '/graphql?query=mutation{x}', headers: {}, body: '' }],
  ['another type of body', 415, { headers: { 'content-type': 'text/plain' } }],
  ['a body that is too large', 413, { body: JSON.stringify({ query: 'x'.repeat(1_100_000) }) }],
  ['a body that does not arrive', 408, { headers: { ...JSON_TYPE, 'content-length': '500' } }],
  ['another host name', 421, { headers: { ...JSON_TYPE, host: 'evil.example' } }],
  ['another origin', 403, { headers: { ...JSON_TYPE, origin: 'https://evil.example' } }],
  ['credentials that cannot be checked', 503, { headers: { ...JSON_TYPE, authorization: 'Bearer later' } }],
  ['a defect of the server', 500, { headers: { ...JSON_TYPE, authorization: 'Bearer broken' } }],
];

const API_HEADERS = {
  vary: expect.stringMatching(/\borigin\b/iu),
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};

describe('the headers of every answer of the API', () => {
  it.each(ANSWERS)('are in the answer to %s (%i)', async (_, status, sent) => {
    expect(await ask(sent)).toMatchObject({ status, headers: API_HEADERS });
  });

  it.each(ANSWERS.filter(([what]) => !what.startsWith('another ') || what === 'another type of body'))(
    'let the page of an allowed origin read the answer to %s (%i)',
    async (_, status, { headers = JSON_TYPE, ...sent }) => {
      const origin = 'http://localhost:5173';
      expect(await ask({ ...sent, headers: { ...headers, origin } })).toMatchObject({
        status,
        headers: { ...API_HEADERS, 'access-control-allow-origin': origin },
      });
    },
  );

  it('are in the answer to missing credentials', async () => {
    const sent = request(`${app.url}/graphql`, { method: 'POST', headers: JSON_TYPE }).end(QUERY);
    const [{ statusCode, headers }] = await once(sent, 'response');
    expect({ statusCode, headers }).toMatchObject({ statusCode: 401, headers: API_HEADERS });
  });

  it('are in an event stream, and in the answer to one too many', async () => {
    const headers = { ...JSON_TYPE, accept: 'text/event-stream', authorization: 'Bearer x' };
    const hanging = request(`${app.url}/graphql`, { method: 'POST', headers: { ...headers, 'content-length': '500' } });
    hanging.on('error', () => undefined).write('{');
    const watch = { query: 'subscription { conversationEvents(conversationId: "x") { __typename } }' };
    await expect
      .poll(async () => (await ask({ headers, body: JSON.stringify(watch) })).status, { timeout: 2_000 })
      .toBe(429);
    expect(await ask({ headers, body: JSON.stringify(watch) })).toMatchObject({ status: 429, headers: API_HEADERS });
    hanging.destroy();
  });
});
