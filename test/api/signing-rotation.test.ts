/** SIGNING_KEY is rotated by restarts of a real server: what the old secret signed works for as long as it is listed. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import { runCommandHere } from '../support/command.ts';
import { newDataDir } from '../support/server.ts';
import { clientWith, type KeyedClient } from './keyed-client.ts';
import { eventually } from './steps.ts';

const OLD = 'tK3r9vQbZ0yW5uXn8cLmP1sJ4hGfD7eA';
const NEW = 'Bq8Wn2xVr6Ty0Lz4Kp7Ms1Hd5Gf3JcEa';

let dataDir: string;
let key: string;
beforeAll(async () => {
  dataDir = await newDataDir();
  key = (await runCommandHere(['keys', 'create', '--principal', 'anna'], { DATA_DIR: dataDir })).stdout.trim();
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

interface Signed {
  /** Path and query: each start of the server has another port. */
  readonly image: string;
  readonly clientToken: string;
}

interface Running extends AsyncDisposable {
  readonly client: KeyedClient;
  /** Asks for a new URL and a new token. */
  sign(): Promise<Signed>;
  /** The answers to an image URL and to a query with a client token. */
  present(signed: Signed): Promise<readonly [number, string, number]>;
}

async function startWith(SIGNING_KEY: string): Promise<Running> {
  const server = await startServerHere({ dataDir, env: { AUTH: 'keys', SIGNING_KEY, SIMULATOR_DURATION_MS: '0' } });
  const client = clientWith(server.url, key);
  return {
    client,
    async sign() {
      const [node] = (
        await client.data('{ images(first: 1) { edges { node { url conversation { id } } } } }')
      ).images.edges.map((edge: { node: unknown }) => edge.node);
      const { createClientToken } = await client.data(
        'mutation ($id: ID!) { createClientToken(input: { conversationId: $id }) { ... on CreateClientTokenSuccess { clientToken { token } } } }',
        { id: node.conversation.id },
      );
      const { pathname, search } = new URL(node.url);
      return { image: `${pathname}${search}`, clientToken: createClientToken.clientToken.token };
    },
    async present({ image, clientToken }) {
      const picture = await fetch(`${server.url}${image}`);
      const type = picture.headers.get('content-type') ?? '';
      await picture.arrayBuffer();
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${clientToken}` };
      const body = JSON.stringify({ query: '{ viewer { id } }' });
      const query = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
      await query.text();
      return [picture.status, type, query.status];
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const WORKS = [200, 'image/png', 200];
const REFUSED = [403, 'text/plain; charset=utf-8', 401];

it('the first secret signs and all verify, until the old one is taken off the list', async () => {
  let old: Signed;
  {
    await using server = await startWith(OLD);
    await server.client.data('mutation { generateImage(input: { prompt: "a boat" }) { __typename } }');
    await eventually('the image', async () => {
      const { images } = await server.client.data('{ images(first: 1) { edges { cursor } } }');
      return images.edges[0];
    });
    old = await server.sign();
    expect(await server.present(old)).toEqual(WORKS);
  }

  // Servers that share the data are restarted one by one, so all of them know the new secret before one signs with it.
  {
    await using server = await startWith(`${OLD},${NEW}`);
    expect(await server.present(old)).toEqual(WORKS);
    expect((await server.sign()).image).toBe(old.image);
  }

  let current: Signed;
  {
    await using server = await startWith(`${NEW},${OLD}`);
    current = await server.sign();
    expect(current.image).not.toBe(old.image);
    expect(await server.present(old)).toEqual(WORKS);
    expect(await server.present(current)).toEqual(WORKS);
  }

  {
    await using server = await startWith(NEW);
    expect(await server.present(old)).toEqual(REFUSED);
    // This proves which secret has signed them.
    expect(await server.present(current)).toEqual(WORKS);
  }
}, 60_000);
