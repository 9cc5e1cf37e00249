/** API keys against a real server, made and changed by the command line in processes of their own. */
import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Outcome, type Payload, WAYS_IN } from '../conformance/ways-in.ts';
import { startServerHere } from '../support/app.ts';
import { newDataDir, type RunningServer, runMain } from '../support/server.ts';
import { within } from './steps.ts';

const KEY = /^dk_[a-z0-9]{12}_[\w-]{43}\n$/u;
/** What the project promises, and a little for the machine that runs the tests. */
const END_MS = 6_000;

let server: RunningServer;
let dataDir: string;

beforeAll(async () => {
  dataDir = await newDataDir();
  // Before the first start of the server.
  annas = await createKey('--principal', 'anna');
  server = await startServerHere({ dataDir, env: { AUTH: 'keys', SIMULATOR_DURATION_MS: '30000' } });
});
afterAll(() => server[Symbol.asyncDispose]());

let annas: string;

function keys(...args: readonly string[]) {
  return runMain(['keys', ...args], { DATA_DIR: dataDir });
}

async function createKey(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await keys('create', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(KEY);
  return stdout.trim();
}

const idIn = (key: string) => key.slice(3, 15);
const withKey = (key: string) => ({
  headers: { authorization: `Bearer ${key}` },
  connectionParams: { authorization: `Bearer ${key}` },
});

async function principalOf(key: string): Promise<unknown> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: '{ viewer { principal } }' }),
  });
  const { data, errors } = await response.json();
  return data?.viewer.principal ?? `${response.status} ${errors[0].extensions.code}`;
}

async function startCall(key: string): Promise<string> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({
      query: 'mutation { generateImage(input: { prompt: "a kite" }) { ... on GenerateImageSuccess { call { id } } } }',
    }),
  });
  return (await response.json()).data.generateImage.call.id;
}

const codesOf = ({ payloads }: Outcome) =>
  payloads.flatMap(({ errors = [] }: Payload) => errors.map(({ extensions }) => extensions?.['code']));

describe('a key', () => {
  it('says whose requests these are, on every way in', async () => {
    const others = WAYS_IN.filter(({ type }) => type !== 'subscription');
    for (const { name, document, send } of others) {
      const outcome = await send(server.url, { query: document() }, withKey(annas));
      expect({ name, codes: codesOf(outcome) }).toEqual({ name, codes: [] });
    }
    expect(await principalOf(annas)).toBe('anna');
  });

  it('made beside a running server works at once', async () => {
    expect(await principalOf(await createKey('--principal', 'bert', '--expires', '1h'))).toBe('bert');
  });

  it('beside another one is refused by every route, because a proxy may have looked at the other', async () => {
    const other = `dk_aaaaaaaaaaaa_${'A'.repeat(43)}`;
    const send = async (path: string, ...keys: readonly string[]) => {
      const headers = ['Host', 'localhost', ...keys.flatMap((key) => ['Authorization', `Bearer ${key}`])];
      const [response] = await once(request(`${server.url}${path}`, { headers }).end(), 'response');
      return [response.statusCode, await text(response)];
    };
    const refused = [400, 'There is more than one Authorization header, and they are different.\n'];
    for (const path of ['/graphql?query={__typename}', '/images/01980000-0000-7000-8000-000000000000.png']) {
      expect(await send(path, annas, other)).toEqual(refused);
      expect(await send(path, other, annas)).toEqual(refused);
    }
    const answered = [200, '{"data":{"__typename":"Query"}}'];
    expect(await send('/graphql?query={__typename}', annas, annas)).toEqual(answered);
  });

  it('that is wrong is refused like one that does not exist', async () => {
    const other = 'A'.repeat(43);
    const answers = [];
    for (const key of [`dk_${idIn(annas)}_${other}`, `dk_aaaaaaaaaaaa_${other}`]) {
      const response = await fetch(`${server.url}/graphql?query={__typename}`, withKey(key));
      answers.push([response.status, response.headers.get('www-authenticate'), await response.text()]);
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toEqual([
      401,
      expect.stringMatching(/^Bearer realm="darkroom", error="invalid_token", error_description="/u),
      expect.stringContaining('"code":"UNAUTHENTICATED"'),
    ]);
  });
});

describe('without a key', () => {
  it.each(WAYS_IN.filter(({ transport }) => transport === 'HTTP'))('$name gets 401', async ({ document, send }) => {
    const outcome = await send(server.url, { query: document(), variables: { callId: 'x' } });
    expect([outcome.status, codesOf(outcome)]).toEqual([401, ['UNAUTHENTICATED']]);
  });

  it.each(WAYS_IN.filter(({ transport }) => transport === 'WebSocket'))(
    '$name is closed with 4403',
    async ({ document, send }) => {
      await expect(send(server.url, { query: document(), variables: { callId: 'x' } })).rejects.toThrow(/with 4403/u);
    },
  );

  it('health and the page of GraphiQL are served, and images and introspection are not', async () => {
    const statusOf = async (path: string, headers = {}) => (await fetch(`${server.url}${path}`, { headers })).status;
    expect(await statusOf('/health/live')).toBe(200);
    expect(await statusOf('/health/ready')).toBe(200);
    expect(await statusOf('/graphql', { accept: 'text/html' })).toBe(200);
    expect(await statusOf('/images/01980000-0000-7000-8000-000000000000.png')).toBe(401);
    expect(await statusOf('/graphql?query={__schema{queryType{name}}}')).toBe(401);
  });

  it('the page of GraphiQL names the newest call of nobody, nor that of a principal to a key without READ', async () => {
    const callId = await startCall(annas);
    const pageFor = async (headers = {}) =>
      (await fetch(`${server.url}/graphql`, { headers: { accept: 'text/html', ...headers } })).text();
    const blind = await createKey('--principal', 'anna', '--scopes', 'upload');
    expect(await pageFor(withKey(annas).headers)).toContain(callId);
    expect(await pageFor(withKey(blind).headers)).not.toContain(callId);
    expect(await pageFor()).not.toContain(callId);
  });

  it('a browser may ask whether it may send one', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:5173',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type',
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-headers')).toContain('authorization');
  });
});

/** Follows a call until the server ends it. @returns the close code, or the text of the stream */
async function follow(way: 'WebSocket' | 'SSE', key: string, callId: string, started: () => void): Promise<unknown> {
  const operation = {
    query: 'subscription ($id: ID!) { generationEvents(callId: $id) { cursor } }',
    variables: { id: callId },
  };
  if (way === 'SSE') {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${key}` },
      body: JSON.stringify(operation),
    });
    started();
    return response.text();
  }
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { Authorization: `Bearer ${key}` } }));
  await once(socket, 'message');
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: operation }));
  await once(socket, 'message');
  started();
  const [code] = await once(socket, 'close');
  return code;
}

describe.each(['WebSocket', 'SSE'] as const)('over %s', (way) => {
  const ended =
    way === 'SSE' ? expect.stringMatching(/^(?!.*event: complete).*: Your credentials have ended\.\n\n$/su) : 4403;

  async function endOf(key: string, end: () => Promise<unknown>): Promise<unknown> {
    const callId = await startCall(key);
    let hasStarted: () => void = () => {};
    const isStarted = new Promise<void>((resolve) => {
      hasStarted = resolve;
    });
    const following = follow(way, key, callId, () => hasStarted());
    await isStarted;
    await end();
    return within(END_MS, 'the end of the subscription', () => following);
  }

  it('a subscription ends within 5 s of the revocation of its key, which then works no more', async () => {
    const key = await createKey('--principal', 'carla');
    expect(await endOf(key, () => keys('revoke', idIn(key)))).toEqual(ended);
    expect(await principalOf(key)).toBe('401 UNAUTHENTICATED');
  });

  it('a subscription with the old secret ends with its grace, and one with the new secret lives on', async () => {
    const key = await createKey('--principal', 'dora');
    let rotated = '';
    const rotate = async () => {
      rotated = (await keys('rotate', idIn(key), '--grace', '0m')).stdout.trim();
    };
    expect(await endOf(key, rotate)).toEqual(ended);
    expect(await principalOf(key)).toBe('401 UNAUTHENTICATED');
    expect(await principalOf(rotated)).toBe('dora');
  });
});

it('both secrets work while a key is rotated', async () => {
  const key = await createKey('--principal', 'emil');
  expect(await principalOf(key)).toBe('emil');
  const { stdout } = await keys('rotate', key);
  expect(stdout).toMatch(KEY);
  expect(idIn(stdout)).toBe(idIn(key));
  expect(await principalOf(stdout.trim())).toBe('emil');
  expect(await principalOf(key)).toBe('emil');
});

it('the list shows when a key was used, and no secrets', async () => {
  const key = await createKey('--principal', 'frida', '--name', 'a frontend', '--scopes', 'read');
  expect(await principalOf(key)).toBe('frida');
  await within(END_MS, 'the time of the last use', async () => {
    let row = 'never';
    while (row.includes('never')) {
      const { stdout } = await keys('list');
      expect(stdout).not.toContain(key.slice(16));
      row = stdout.split('\n').find((line) => line.startsWith(idIn(key))) ?? '';
    }
    expect(row).toMatch(/^\w{12} {2}frida +a frontend +read +\S+Z +\S+Z +valid$/u);
  });
});
