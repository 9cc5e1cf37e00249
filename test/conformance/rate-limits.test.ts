/** What a client may do in a minute, and at once, is the same on every way in. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTestApp, type TestApp } from '../support/app.ts';
import { as, believe } from './believing.ts';
import { type Outcome, WAYS_IN } from './ways-in.ts';

/** The limits are sharp here; what each of them is by default, the unit test of the environment says. */
function serverWith(env: Readonly<Record<string, string>>): { readonly url: string } {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ authenticate: believe }, env);
  });
  afterAll(() => app[Symbol.asyncDispose]());
  return {
    get url() {
      return app.url;
    },
  };
}

const VARIABLES = { callId: 'none' };
const newUser = () => `user-${randomUUID()}`;
const codesOf = ({ payloads }: Outcome) =>
  payloads.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions?.['code']));

/** What every refusal has in common. */
function expectRefused(outcome: Outcome, message: RegExp): void {
  const [{ data, errors: [error] = [] } = {}] = outcome.payloads;
  expect(outcome.payloads).toHaveLength(1);
  expect(data ?? null).toBeNull();
  expect(error?.message).toMatch(message);
  expect(Object.keys(error?.extensions ?? {}).sort()).toEqual(['code', 'retryAfter']);
  expect(error?.extensions?.['code']).toBe('RATE_LIMITED');
  if (outcome.status !== null) expect(outcome.status).toBe(429);
}

function expectRetryWithinAMinute(outcome: Outcome): void {
  const retryAfter = String(outcome.payloads[0]?.errors?.[0]?.extensions?.['retryAfter']);
  expect(retryAfter).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u);
  expect(Date.parse(retryAfter) - Date.now()).toBeGreaterThan(30_000);
  expect(Date.parse(retryAfter) - Date.now()).toBeLessThanOrEqual(60_000);
}

describe('requests a minute', () => {
  const server = serverWith({ RATE_REQUESTS_PER_MINUTE: '3' });

  it.each(WAYS_IN)('are limited for each principal, by $name', async ({ document, send }) => {
    const user = newUser();
    const ask = (credentials = as(user)) => send(server.url, { query: document(), variables: VARIABLES }, credentials);
    for (let nth = 0; nth < 3; nth += 1) expect(codesOf(await ask())).not.toContain('RATE_LIMITED');
    const refused = await ask();
    expectRefused(refused, /^Only 3 requests a minute are allowed for each principal \(RATE_REQUESTS_PER_MINUTE\)/u);
    expectRetryWithinAMinute(refused);
    // Other credentials of the same principal share its rate; another principal does not.
    expectRefused(await ask(as(`${user}/other`)), /for each principal/u);
    expect(codesOf(await ask(as(newUser())))).not.toContain('RATE_LIMITED');
  });

  it('are counted together, whatever the way in', async () => {
    const user = newUser();
    const outcomes: Outcome[] = [];
    for (const { document, send } of WAYS_IN) {
      outcomes.push(await send(server.url, { query: document(), variables: VARIABLES }, as(user)));
    }
    expect(outcomes.map((outcome) => codesOf(outcome).includes('RATE_LIMITED'))).toEqual(
      WAYS_IN.map((_, index) => index >= 3),
    );
  });

  it('count documents that are not even GraphQL', async () => {
    const user = newUser();
    const [small] = WAYS_IN;
    for (let nth = 0; nth < 3; nth += 1) await small?.send(server.url, { query: '{' }, as(user));
    const refused = await small?.send(server.url, { query: '{' }, as(user));
    expectRefused(refused ?? { status: null, payloads: [] }, /requests a minute/u);
  });

  it('tell over HTTP in Retry-After when to come back', async () => {
    const headers = { 'content-type': 'application/json', 'x-user': newUser() };
    const ask = () =>
      fetch(`${server.url}/graphql`, { method: 'POST', headers, body: '{ "query": "{ __typename }" }' });
    for (let nth = 0; nth < 3; nth += 1) expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(30);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  it('are refused over WebSocket with an error message, and the socket stays open', async () => {
    const { socket, types, ask } = await openSocket(server.url, newUser());
    for (const id of ['1', '2', '3', '4']) await ask(id);
    expect(types).toEqual(['next', 'complete', 'next', 'complete', 'next', 'complete', 'error']);
    socket.send('{ "type": "ping" }');
    await expect.poll(() => types.at(-1)).toBe('pong');
    socket.terminate();
  });
});

describe('points of cost a minute', () => {
  // Every operation costs at least one point: the first takes the whole minute.
  const server = serverWith({ RATE_COST_PER_MINUTE: '1' });

  it.each(WAYS_IN)('are limited for each principal, by $name', async ({ document, send }) => {
    const user = newUser();
    const ask = () => send(server.url, { query: document(), variables: VARIABLES }, as(user));
    expect(codesOf(await ask())).not.toContain('RATE_LIMITED');
    const refused = await ask();
    expectRefused(refused, /^Only 1 points of cost a minute are allowed for each principal \(RATE_COST_PER_MINUTE\)/u);
    expectRetryWithinAMinute(refused);
  });

  it('are not used by what is never executed', async () => {
    const [small] = WAYS_IN;
    const user = newUser();
    for (const query of ['{', '{ nothing }', '{ nothing }']) await small?.send(server.url, { query }, as(user));
    const outcome = await small?.send(server.url, { query: '{ __typename }' }, as(user));
    expect(outcome?.payloads).toEqual([{ data: { __typename: 'Query' } }]);
  });
});

describe('credentials that have a share of what their principal has', () => {
  const server = serverWith({ RATE_REQUESTS_PER_MINUTE: '4', CREDENTIAL_SHARE_PERCENT: '50' });

  it.each(WAYS_IN)('leave the rest to others, by $name', async ({ document, send }) => {
    const user = newUser();
    const ask = (key: string) =>
      send(server.url, { query: document(), variables: VARIABLES }, as(`${user}/${user}-${key}`));
    for (let nth = 0; nth < 2; nth += 1) expect(codesOf(await ask('one'))).not.toContain('RATE_LIMITED');
    expectRefused(await ask('one'), /^Only 2 requests a minute are allowed for each credential/u);
    for (let nth = 0; nth < 2; nth += 1) expect(codesOf(await ask('two'))).not.toContain('RATE_LIMITED');
    expectRefused(await ask('three'), /^Only 4 requests a minute are allowed for each principal/u);
  });
});

describe('without authentication', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({}, { RATE_REQUESTS_PER_MINUTE: '5' });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it('each address is counted, because all clients are one principal', async () => {
    const [small] = WAYS_IN;
    const query = '{ __typename }';
    for (let nth = 0; nth < 5; nth += 1) await small?.send(app.url, { query });
    const refused = await small?.send(app.url, { query });
    expectRefused(refused ?? { status: null, payloads: [] }, /for each address/u);
    // Another address of this machine.
    expect(await postFrom('127.0.0.2', app.url, query)).toBe(200);
    expect(await postFrom('127.0.0.1', app.url, query)).toBe(429);
  });

  it('a server of this machine has no rates unless they are asked for', async () => {
    await using free = await startTestApp();
    const [small] = WAYS_IN;
    const answers: (Outcome | undefined)[] = [];
    for (let batch = 0; batch < 30; batch += 1) {
      const asked = Array.from({ length: 100 }, () => small?.send(free.url, { query: '{ __typename }' }));
      answers.push(...(await Promise.all(asked)));
    }
    expect(answers.every((answer) => answer?.status === 200)).toBe(true);
  });
});

async function openSocket(url: string, user: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const types: string[] = [];
  let onEnd: () => void = () => undefined;
  socket.on('message', (data) => {
    const { type } = JSON.parse(String(data));
    if (type === 'connection_ack') return onEnd();
    types.push(type);
    if (type === 'complete' || type === 'error') onEnd();
  });
  const ended = () =>
    new Promise<void>((resolve) => {
      onEnd = resolve;
    });
  await once(socket, 'open');
  const acknowledged = ended();
  socket.send(JSON.stringify({ type: 'connection_init', payload: { user } }));
  await acknowledged;
  const ask = (id: string) => {
    const done = ended();
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query: '{ __typename }' } }));
    return done;
  };
  return { socket, types, ask };
}

/** Posts from an address of this machine. @returns the status */
async function postFrom(localAddress: string, url: string, query: string): Promise<number> {
  const outgoing = request(`${url}/graphql`, {
    method: 'POST',
    localAddress,
    headers: { 'content-type': 'application/json' },
  });
  outgoing.end(JSON.stringify({ query }));
  const [response] = await once(outgoing, 'response');
  response.resume();
  return response.statusCode;
}
