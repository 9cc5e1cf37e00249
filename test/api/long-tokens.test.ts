/** Bearer tokens that are too long, on every way in: each gets an exact answer, and the log repeats nothing of them. */
import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { AUDIENCE, type IdentityProvider, ISSUER, startIdentityProvider } from '../auth/identity-provider.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { clientWith } from './keyed-client.ts';
import { within } from './steps.ts';

const LIMIT_MS = 10_000;
/** What every long token consists of, to be looked for in the log. */
const PIECE = 'qZ7canaryOfALongToken';

let idp: IdentityProvider;
let server: TestServer;

beforeAll(async () => {
  idp = await startIdentityProvider();
  server = await startServer({
    env: {
      AUTH: 'keys,jwt',
      AUTH_JWKS_URL: idp.jwksUrl,
      AUTH_ISSUER: ISSUER,
      AUTH_AUDIENCE: AUDIENCE,
      RATE_FAILED_AUTHENTICATIONS_PER_MINUTE: 'off',
      LOG_LEVEL: 'trace',
    },
  });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await idp?.[Symbol.asyncDispose]();
});

const letters = (length: number) => PIECE.repeat(Math.ceil(length / PIECE.length)).slice(0, length);

/** Tokens of no format, and in the formats of the drivers. */
const FORMS: Readonly<Record<string, (length: number) => string>> = {
  'of no format': letters,
  'like an API key': (length) => `dk_aaaaaaaaaaaa_${letters(length - 16)}`,
  'like a JWT': (length) => `eyJhbGciOiJFUzI1NiJ9.${letters(length - 23)}.x`,
};

const UNKNOWN = refusal('invalid_token', 'The API key or token is unknown, revoked or expired.');
const TOO_LONG = refusal('invalid_request', 'The token is longer than 8192 characters.');
/** Node answers before the request is complete. */
const HEADERS_TOO_LARGE = { status: 431, challenge: undefined, body: '' };

function refusal(fault: string, message: string) {
  return {
    status: 401,
    challenge: `Bearer realm="darkroom", error="${fault}", error_description="${message}"`,
    body: JSON.stringify({ errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] }),
  };
}

const QUERY = JSON.stringify({ query: '{ viewer { id } }' });
const WATCH = JSON.stringify({ query: 'subscription { generationEvents(callId: "x") { cursor } }' });
const JSON_TYPE = { 'content-type': 'application/json' };

const WAYS = [
  { way: 'POST', method: 'POST', path: '/graphql', headers: JSON_TYPE, body: QUERY },
  { way: 'GET', method: 'GET', path: '/graphql?query={viewer{id}}', headers: {}, body: '' },
  { way: 'SSE', method: 'POST', path: '/graphql', headers: { ...JSON_TYPE, accept: 'text/event-stream' }, body: WATCH },
  { way: 'an image', method: 'GET', path: '/images/01980000-0000-7000-8000-00000000000f.png', headers: {}, body: '' },
  { way: 'the page of GraphiQL', method: 'GET', path: '/graphql', headers: { accept: 'text/html' }, body: '' },
] as const;

async function send({ method, path, headers, body }: (typeof WAYS)[number], token: string) {
  const sent = request(`${server.url}${path}`, { method, headers: { ...headers, authorization: `Bearer ${token}` } });
  sent.end(body);
  const [response] = await once(sent, 'response');
  // It was told by the promise, unless the answer came before.
  sent.on('error', () => undefined);
  return {
    status: response.statusCode,
    challenge: response.headers['www-authenticate'],
    body: await text(response),
  };
}

async function expectUnharmed() {
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  expect(await clientWith(server.url, await idp.sign()).data('{ viewer { id } }')).toEqual({ viewer: { id: 'anna' } });
  expect(server.output()).not.toContain(PIECE);
  expect(server.output()).not.toMatch(/"level":(?:40|50|60)/u);
}

describe.each(WAYS)('over $way', (way) => {
  it.each(Object.keys(FORMS))(
    'a token of 8,192 characters is looked at, and a longer one refused: %s',
    async (form) => {
      const tokenOf = FORMS[form] ?? letters;
      const unknown = await send(way, tokenOf(8_192));
      // A JWT says what is wrong with it, as all of them do.
      expect(unknown).toEqual(
        form === 'like a JWT' ? { ...UNKNOWN, challenge: expect.any(String), body: expect.any(String) } : UNKNOWN,
      );
      expect(JSON.stringify(unknown)).not.toContain(PIECE);
      expect(await send(way, tokenOf(8_193))).toEqual(TOO_LONG);
      expect(await send(way, tokenOf(15_000))).toEqual(TOO_LONG);
      await expectUnharmed();
    },
  );

  it('headers over 16 kB get 431', async () => {
    expect(await send(way, letters(20_000))).toEqual(HEADERS_TOO_LARGE);
    // Of a longer one, the server does not read the rest, so the client may see the connection end instead.
    await send(way, letters(200_000)).then(
      (answer) => expect(answer).toEqual(HEADERS_TOO_LARGE),
      ({ code }) => expect(['ECONNRESET', 'EPIPE']).toContain(code),
    );
    await expectUnharmed();
  });
});

describe('over WebSocket', () => {
  /** Presents the token in the payload, or as a header. @returns the status of a refused upgrade, or how it was closed */
  async function connect(token: string, where: 'payload' | 'header'): Promise<unknown> {
    const authorization = `Bearer ${token}`;
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      ...(where === 'header' && { headers: { authorization } }),
    });
    const payload = where === 'payload' ? { authorization } : undefined;
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
    socket.on('error', () => undefined);
    return within(LIMIT_MS, 'the end of a socket', () =>
      Promise.race([
        once(socket, 'unexpected-response').then(([, response]) => response.statusCode),
        once(socket, 'message').then(([data]) => String(data)),
        once(socket, 'close').then(([code, reason]) => `${code} ${reason}`),
      ]),
    );
  }

  it.each([8_192, 8_193, 20_000, 60_000])(
    'a token of %i characters in the payload closes it with 4403',
    async (length) => {
      expect(await connect(letters(length), 'payload')).toBe('4403 Forbidden');
      // There is a line about it, in which the token could be.
      expect(server.output()).toContain('a WebSocket was refused');
      await expectUnharmed();
    },
  );

  it('a payload over 64 kB closes it with 1009', async () => {
    expect(await connect(letters(100_000), 'payload')).toBe('1009 Begin with connection_init');
    await expectUnharmed();
  });

  it('in a header, a token of 8,193 characters closes it with 4403, and one of 20,000 gets 431', async () => {
    expect(await connect(letters(8_193), 'header')).toBe('4403 Forbidden');
    expect(await connect(letters(20_000), 'header')).toBe(431);
    await expectUnharmed();
  });
});
