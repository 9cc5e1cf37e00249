/** Whose pages may use the API from a browser: a foreign one is refused before its request does anything. */
import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServerHere } from '../support/app.ts';
import { GenerateImage } from '../support/documents.ts';
import type { RunningServer } from '../support/server.ts';
import { countRows } from './steps.ts';

const FOREIGN = [
  'https://evil.example',
  'http://127.0.0.1.evil.example',
  'http://localhost.evil.example:80',
  'http://evillocalhost',
  'http://128.0.0.1',
  'null',
  'garbage',
];
const ALLOWED = 'https://app.example.com';
const LOOPBACK = [
  'http://localhost:5173',
  'http://127.0.0.1:3000',
  'http://127.0.0.2:3000',
  'http://[::1]:8080',
  'http://app.localhost:5173',
  'https://pictures.app.localhost',
];

let server: RunningServer;
let own: string;

beforeAll(async () => {
  server = await startServerHere({ env: { ALLOWED_ORIGINS: `${ALLOWED}, https://other.example.com` } });
  own = server.url;
});
afterAll(() => server?.[Symbol.asyncDispose]());

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** `fetch` does not let anybody say where they come from; a browser would. */
async function ask(method: string, headers: Readonly<Record<string, string>>, body = ''): Promise<Answer> {
  const sent = request(`${server.url}/graphql`, { method, headers });
  sent.end(body);
  const [answer] = await once(sent, 'response');
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

const query = (origin: string) =>
  ask('POST', { 'content-type': 'application/json', origin }, JSON.stringify({ query: '{ viewer { principal } }' }));

/** The close code or HTTP status with which an upgrade was refused, or `open`. */
async function upgrade(origin: string | undefined): Promise<number | 'open'> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    ...(origin !== undefined && { origin }),
  });
  socket.on('error', () => undefined);
  const answer = await Promise.race([
    once(socket, 'open').then(() => 'open' as const),
    once(socket, 'unexpected-response').then(([, response]): number => response.statusCode),
  ]);
  socket.terminate();
  return answer;
}

describe.each(FOREIGN)('the origin %s', (origin) => {
  it('is refused over HTTP with 403 and what its operator can do', async () => {
    const { status, headers, body } = await query(origin);
    expect(status).toBe(403);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(JSON.parse(body)).toMatchObject({ errors: [{ message: expect.stringContaining('ALLOWED_ORIGINS') }] });
  });

  it('is refused at the upgrade to a WebSocket with 403', async () => {
    expect(await upgrade(origin)).toBe(403);
  });

  it('is refused a preflight, an event stream and a query by GET', async () => {
    const preflight = await ask('OPTIONS', { origin, 'access-control-request-method': 'POST' });
    expect(preflight.status).toBe(403);
    expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
    expect((await ask('GET', { origin, accept: 'text/event-stream' })).status).toBe(403);
  });
});

it('a foreign page can start nothing, not even by a request that a browser sends without a preflight', async () => {
  const before = countRows(server.dataDir);
  const body = JSON.stringify({ query: String(GenerateImage), variables: { input: { prompt: 'a boat' } } });
  for (const type of [
    'text/plain',
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ]) {
    expect((await ask('POST', { origin: 'https://evil.example', 'content-type': type }, body)).status).toBe(403);
  }
  expect(countRows(server.dataDir)).toEqual(before);
});

describe('our own origin, those on loopback and those that were allowed', () => {
  it('pass over HTTP with CORS headers for exactly them', async () => {
    for (const origin of [own, ...LOOPBACK, ALLOWED, 'https://other.example.com']) {
      const { status, headers, body } = await query(origin);
      expect({ origin, status }).toEqual({ origin, status: 200 });
      expect(headers['access-control-allow-origin']).toBe(origin);
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
      expect(JSON.parse(body)).toEqual({ data: { viewer: { principal: 'local' } } });
    }
  });

  it('pass with an answer that says it is for this origin only, so that no cache gives it to another', async () => {
    expect((await query(ALLOWED)).headers).toMatchObject({ vary: expect.stringMatching(/origin/iu) });
  });

  it('pass at the upgrade to a WebSocket', async () => {
    for (const origin of [own, ...LOOPBACK, ALLOWED]) {
      expect({ origin, answer: await upgrade(origin) }).toEqual({ origin, answer: 'open' });
    }
  });

  it('pass a preflight, which allows the methods and the headers that clients send', async () => {
    const { status, headers } = await ask('OPTIONS', {
      origin: ALLOWED,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    });
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe(ALLOWED);
    expect(headers['access-control-allow-methods']).toContain('POST');
    expect(headers['access-control-allow-headers']).toContain('content-type');
    expect(Number(headers['access-control-max-age'])).toBeGreaterThan(0);
  });
});

it('a refused origin is logged once, with the setting that would allow it', async () => {
  await using strict = await startServerHere({ env: { LOG_LEVEL: 'info' } });
  const ask = async (origin: string) => {
    const sent = request(`${strict.url}/graphql?query={viewer{principal}}`, { headers: { origin } }).end();
    const [answer] = await once(sent, 'response');
    answer.resume();
  };
  const lines = () =>
    strict
      .output()
      .split('\n')
      .filter((line) => line.includes('was refused'));
  await ask('https://app.example');
  await ask('https://app.example');
  await ask('http://app.localhost:5173');
  expect(lines()).toEqual([expect.stringContaining('https://app.example')]);
  expect(lines()[0]).toContain('ALLOWED_ORIGINS');
  await ask('null');
  expect(lines()[1]).toContain('serve it over HTTP');
  // Nobody can fill the log.
  for (let number = 0; number < 40; number += 1) await ask(`https://page-${number}.example`);
  await ask(`https://${'long.'.repeat(100)}example`);
  expect(lines()).toHaveLength(20);
});

describe('a client that is no page', () => {
  it('says no origin and passes, without CORS headers', async () => {
    const { status, headers } = await ask(
      'POST',
      { 'content-type': 'application/json' },
      JSON.stringify({ query: '{ viewer { principal } }' }),
    );
    expect(status).toBe(200);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(await upgrade(undefined)).toBe('open');
  });
});

it('ALLOWED_ORIGINS=* lets any page in, sandboxed ones as well', async () => {
  await using open = await startServerHere({ env: { ALLOWED_ORIGINS: '*' } });
  const response = request(`${open.url}/graphql?query={viewer{principal}}`, {
    headers: { origin: 'https://any.example' },
  }).end();
  const [answer] = await once(response, 'response');
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['access-control-allow-origin']).toBe('https://any.example');
  answer.resume();
});
