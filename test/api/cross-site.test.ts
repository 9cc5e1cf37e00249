/** What pages of other sites can and cannot do, and what the headers of answers tell browsers and caches. */
import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postSse } from '../graphql/readers.ts';
import { startServerHere } from '../support/app.ts';
import type { RunningServer } from '../support/server.ts';
import { uploadForm, uploadPicture } from '../support/upload.ts';
import { picture } from './steps.ts';

const ALLOWED = 'https://app.example.com';
let server: RunningServer;
beforeAll(async () => {
  server = await startServerHere({
    env: {
      ALLOWED_ORIGINS: ALLOWED,
      ALLOWED_HOSTS: 'pictures.example.com, 192.0.2.1',
      PUBLIC_URL: 'https://cdn.example.com',
    },
  });
});
afterAll(() => server?.[Symbol.asyncDispose]());

async function ask(path: string, headers: Readonly<Record<string, string>>, method = 'GET', body = '') {
  const sent = request(`${server.url}${path}`, { method, headers });
  sent.end(body);
  const [response] = await once(sent, 'response');
  // Of node:http.
  const told = response.headers as IncomingHttpHeaders;
  return { status: Number(response.statusCode), headers: told, body: await text(response) };
}

const QUERY = '/graphql?query={__typename}';
const JSON_HEADERS = { 'content-type': 'application/json' };
const PRIVATE = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  vary: expect.stringMatching(/origin/iu),
};

describe('a query by GET', () => {
  it.each([
    ['a program', {}],
    ['our own page', { 'sec-fetch-site': 'same-origin' }],
    ['an address typed by a person', { 'sec-fetch-site': 'none' }],
    ['an allowed page of another site, with CORS', { 'sec-fetch-site': 'cross-site', origin: ALLOWED }],
  ])('of %s is answered', async (_, headers) => {
    expect(await ask(QUERY, headers)).toMatchObject({ status: 200, body: '{"data":{"__typename":"Query"}}' });
  });

  it('of another page is refused, whether it says so or not', async () => {
    expect((await ask(QUERY, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })).status).toBe(403);
    expect((await ask(QUERY, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status).toBe(403);
  });

  it('of a person who followed a link of another site opens GraphiQL, and runs nothing', async () => {
    const { status, headers } = await ask(QUERY, {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      accept: 'text/html,*/*;q=0.8',
    });
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/html');
  });
});

describe('an upload', () => {
  const send = async (headers: Readonly<Record<string, string>>) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers,
      body: uploadForm(await picture('#336699')),
    });
    return response.status;
  };

  it.each(['graphql-require-preflight', 'apollo-require-preflight', 'x-graphql-yoga-csrf', 'x-requested-with'])(
    'with the header %s is accepted: a page of another site needs a preflight for it',
    async (name) => {
      expect(await send({ [name]: '1' })).toBe(200);
    },
  );

  it('without one is refused, and one with an empty value as well', async () => {
    expect(await send({})).toBe(403);
    expect(await send({ 'x-requested-with': '' })).toBe(403);
  });
});

describe('the headers of an answer', () => {
  it('keep it from caches and other sites, by every way', async () => {
    const body = JSON.stringify({ query: '{ __typename }' });
    expect((await ask('/graphql', JSON_HEADERS, 'POST', body)).headers).toMatchObject(PRIVATE);
    expect((await ask('/graphql?', JSON_HEADERS, 'POST', body)).headers).toMatchObject(PRIVATE);
    expect((await ask(QUERY, {})).headers).toMatchObject(PRIVATE);
    expect((await ask('/graphql', JSON_HEADERS, 'POST', '{')).headers).toMatchObject(PRIVATE);
    expect((await ask('/graphql', {}, 'POST')).headers).toMatchObject(PRIVATE);
    const watch = 'subscription { conversationEvents(conversationId: "x") { __typename } }';
    const [stream] = await once(postSse(server.url, watch, {}), 'response');
    const buffering = { 'x-accel-buffering': 'no' };
    expect(stream.headers).toMatchObject({
      ...PRIVATE,
      ...buffering,
      'content-type': 'text/event-stream; charset=utf-8',
    });
    stream.resume();
  });

  it('of health and of errors keep browsers from guessing their type', async () => {
    for (const path of ['/health/live', '/health/ready', '/none', '/images/none']) {
      expect((await ask(path, {})).headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
    }
  });

  it('of GraphiQL let it run nothing but its own scripts, and be framed by nobody', async () => {
    const { headers } = await ask('/graphql', { accept: 'text/html' });
    expect(headers).toMatchObject({ ...PRIVATE, 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY' });
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("img-src 'self' data: https://cdn.example.com");
    expect(policy.find((directive) => directive.startsWith('script-src'))).toMatch(/^script-src(?: 'sha256-[^']+')+$/u);
  });

  it('of an image let a page of another site show it', async () => {
    const image = await uploadPicture(server.url, await picture('#336699'));
    const { status, headers } = await ask(new URL(image.url).pathname, {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'no-cors',
    });
    expect(status).toBe(200);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('the server answers', () => {
  it.each([
    'localhost',
    '127.0.0.1:1',
    'pictures.example.com',
    'Pictures.Example.com.',
    '192.0.2.1:8080',
    'cdn.example.com',
  ])('under the name %s', async (host) => {
    expect((await ask(QUERY, { host })).status).toBe(200);
  });

  it.each(['app.example.com', 'example.com', 'x.pictures.example.com', '192.0.2.2'])(
    'not under the name %s: ALLOWED_HOSTS replaces the hosts of ALLOWED_ORIGINS',
    async (host) => {
      expect((await ask(QUERY, { host })).status).toBe(421);
    },
  );

  it('without ALLOWED_HOSTS under the hosts of ALLOWED_ORIGINS, and on every interface under no others', async () => {
    await using open = await startServerHere({ env: { HOST: '0.0.0.0', AUTH: 'none', ALLOWED_ORIGINS: ALLOWED } });
    const status = async (host: string, path = QUERY) => {
      const [response] = await once(request(`${open.url}${path}`, { headers: { host } }).end(), 'response');
      response.resume();
      return response.statusCode;
    };
    expect(await status('app.example.com')).toBe(200);
    expect(await status('127.0.0.1:4000')).toBe(200);
    expect(await status('10.0.0.7')).toBe(421);
    expect(await status('10.0.0.7', '/health/ready')).toBe(200);
  });

  it('under any name with ALLOWED_HOSTS=*', async () => {
    await using open = await startServerHere({ env: { ALLOWED_HOSTS: '*' } });
    const [response] = await once(
      request(`${open.url}${QUERY}`, { headers: { host: 'any.example' } }).end(),
      'response',
    );
    expect(response.statusCode).toBe(200);
    response.resume();
  });
});
