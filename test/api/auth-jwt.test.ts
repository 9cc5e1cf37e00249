/** Tokens of an identity provider against a real server: what ends with them, and what happens while they cannot be checked. */
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { AUDIENCE, type IdentityProvider, ISSUER, newKey, startIdentityProvider } from '../auth/identity-provider.ts';
import { startServerHere } from '../support/app.ts';
import type { RunningServer } from '../support/server.ts';
import { clientWith } from './keyed-client.ts';
import { within } from './steps.ts';

/** What the project promises, and a little for the machine that runs the tests. */
const END_MS = 6_000;
/** How long the tokens live that end during a test. */
const LIFE_SECONDS = 3;

let idp: IdentityProvider;
let server: RunningServer;

beforeAll(async () => {
  idp = await startIdentityProvider();
  server = await startServerHere({ env: { ...environmentFor(idp), SIMULATOR_DURATION_MS: '30000' } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await idp[Symbol.asyncDispose]();
});

function environmentFor({ jwksUrl }: IdentityProvider) {
  return { AUTH: 'keys,jwt', AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: ISSUER, AUTH_AUDIENCE: AUDIENCE };
}

const secondsFromNow = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

/** The call and its conversation, which last longer than any test. */
async function startCall(): Promise<{ readonly id: string; readonly conversation: { readonly id: string } }> {
  const owner = clientWith(server.url, await idp.sign({ scope: 'read generate' }));
  const { generateImage } = await owner.data(
    'mutation { generateImage(input: { prompt: "a kite" }) { ... on GenerateImageSuccess { call { id conversation { id } } } } }',
  );
  return generateImage.call;
}

const FOLLOW = 'subscription ($id: ID!) { generationEvents(callId: $id) { cursor } }';

/** Follows the call until the server ends the stream. @returns its whole text */
async function overSse(token: string, callId: string): Promise<string> {
  const headers = {
    'content-type': 'application/json',
    accept: 'text/event-stream',
    authorization: `Bearer ${token}`,
  };
  const body = JSON.stringify({ query: FOLLOW, variables: { id: callId } });
  return (await fetch(`${server.url}/graphql`, { method: 'POST', headers, body })).text();
}

/** Connects with the token. @returns the messages until the server closes the connection, and its code at last */
async function overWebSocket(url: string, token: string, callId?: string): Promise<readonly unknown[]> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const received: unknown[] = [];
  socket.on('message', (data) => {
    const { type } = JSON.parse(String(data));
    received.push(type);
    const payload = { query: FOLLOW, variables: { id: callId } };
    if (type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  const [code] = await once(socket, 'close');
  return [...received, code];
}

describe('a token that expires', () => {
  it.each(['token', 'client token of it'])('ends its subscriptions over WebSocket and SSE: the %s', async (kind) => {
    const call = await startCall();
    const exp = secondsFromNow(LIFE_SECONDS);
    const jwt = await idp.sign({ exp });
    const token = kind === 'token' ? jwt : await clientTokenOf(jwt, call.conversation.id);
    const [socket, stream] = await within(LIFE_SECONDS * 1_000 + END_MS, 'the end of both', () =>
      Promise.all([overWebSocket(server.url, token, call.id), overSse(token, call.id)]),
    );
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000);
    expect(socket).toEqual(['connection_ack', expect.stringMatching('next'), expect.anything(), 4403]);
    expect(stream).toMatch(/^(?!.*event: complete).*event: next.*: Your credentials have ended\.\n\n$/su);
    expect(await clientWith(server.url, token).send('{ __typename }')).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  async function clientTokenOf(jwt: string, conversationId: string): Promise<string> {
    const { createClientToken } = await clientWith(server.url, jwt).data(
      'mutation ($id: ID!) { createClientToken(input: { conversationId: $id }) { ... on CreateClientTokenSuccess { clientToken { token } } } }',
      { id: conversationId },
    );
    return createClientToken.clientToken.token;
  }
});

describe('while the keys of the issuer cannot be read', () => {
  it('tokens are turned away so that clients come back, and then accepted', async () => {
    await using broken = await startIdentityProvider();
    broken.answer = 'error';
    await using other = await startServerHere({ env: environmentFor(broken) });
    const token = await broken.sign();
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const ask = () =>
      fetch(`${other.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: '{ viewer { id } }' }) });
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
      503,
      expect.stringMatching(/^\d+$/u),
      { errors: [{ message: expect.any(String), extensions: { code: 'AUTHENTICATION_UNAVAILABLE' } }] },
    ]);
    expect(await overWebSocket(other.url, token)).toEqual([1013]);
    // A stranger's token is not told from a good one meanwhile.
    expect(await overWebSocket(other.url, await broken.sign({}, {}, await newKey('unknown')))).toEqual([1013]);

    broken.answer = 'keys';
    await within(15_000, 'the keys', async () => {
      while ((await ask()).status !== 200) await new Promise((resolve) => setTimeout(resolve, 250));
    });
  });

  it('tokens are accepted that a known key has signed', async () => {
    idp.answer = 'silence';
    try {
      expect(await clientWith(server.url, await idp.sign({ sub: 'bert' })).data('{ viewer { id } }')).toEqual({
        viewer: { id: 'bert' },
      });
    } finally {
      idp.answer = 'keys';
    }
  });
});
