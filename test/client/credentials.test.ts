/** @darkroom/client with authentication: tokens that are wrong, that end, and that are asked for again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CredentialsRefusedError,
  createDarkroomClient,
  eventStream,
  type Token,
  type Transport,
  webSocket,
} from '../../client/src/index.ts';
import { eventually, within } from '../api/steps.ts';
import { startServerHere } from '../support/app.ts';
import { newDataDir, type RunningServer, runMain } from '../support/server.ts';

const WRONG = `dk_aaaaaaaaaaaa_${'a'.repeat(43)}`;
const LIMIT_MS = 20_000;

let server: RunningServer;
let dataDir: string;

beforeAll(async () => {
  dataDir = await newDataDir();
  server = await startServerHere({ dataDir, env: { AUTH: 'keys' } });
});
afterAll(() => server[Symbol.asyncDispose]());

async function keys(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runMain(['keys', ...args], { DATA_DIR: dataDir });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trim();
}

const newKey = () => keys('create', '--principal', 'anna', '--scopes', 'read,generate');

async function newCall(key: string): Promise<string> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({
      query: 'mutation { generateImage(input: { prompt: "a kite" }) { ... on GenerateImageSuccess { call { id } } } }',
    }),
  });
  const { data } = await response.json();
  return data.generateImage.call.id;
}

const TRANSPORTS: readonly (readonly [string, (token: Token) => Transport])[] = [
  ['WebSocket', (token) => webSocket({ url: `${server.url}/graphql`, token })],
  ['server-sent events', (token) => eventStream({ url: `${server.url}/graphql`, token })],
];

describe.each(TRANSPORTS)('over %s', (_, transport) => {
  async function types(token: Token): Promise<readonly string[]> {
    const key = await newKey();
    const callId = await newCall(key);
    const watched: string[] = [];
    await within(LIMIT_MS, 'the last event', async () => {
      const asked = typeof token === 'function' ? token : () => token;
      const client = createDarkroomClient(transport(async () => (await asked()) ?? key));
      for await (const event of client.watchCall(callId)) watched.push(event.__typename);
    });
    return watched;
  }

  it('sends the token', async () => {
    expect((await types(null)).at(-1)).toBe('GenerationCompleted');
  });

  it('asks for the token again when the first one is refused', async () => {
    const tokens = [WRONG];
    expect((await types(() => tokens.pop() ?? null)).at(-1)).toBe('GenerationCompleted');
  });

  it('gives up when the second one is refused, too', async () => {
    let asked = 0;
    const error = await types(() => {
      asked += 1;
      return WRONG;
    }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CredentialsRefusedError);
    expect(asked).toBe(2);
  });

  it('goes on with another token when the credentials end', async () => {
    const [first, second] = await Promise.all([newKey(), newKey()]);
    const tokens = [first];
    const ending = new AbortController();
    const states: string[] = [];
    const client = createDarkroomClient(transport(() => tokens.pop() ?? second));
    const onState = (state: string) => void states.push(state);
    const watching = client.watchViewer({ signal: ending.signal, onState });
    // What was there before comes first.
    const cursor = { after: '' };
    const follow = (async () => {
      for await (const event of watching) cursor.after = event.cursor;
    })().catch(() => {});
    await eventually('the first connection', () => (states.includes('open') ? true : undefined));
    await keys('revoke', first.slice(3, 15));
    await eventually('the second connection', () => (states.filter((s) => s === 'open').length > 1 ? true : undefined));
    const before = cursor.after;
    await newCall(second);
    await eventually('events of the new call', () => (cursor.after === before ? undefined : true));
    ending.abort();
    await follow;
  });
});
