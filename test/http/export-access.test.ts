/** Who may export what: by credentials, or by a signed URL without any. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientWith, type KeyedClient } from '../api/keyed-client.ts';
import { eventually, unknownId } from '../api/steps.ts';
import { startServerHere } from '../support/app.ts';
import { newDataDir, type RunningServer, runMain } from '../support/server.ts';

const GENERATE = `mutation ($prompt: String!) { generateImage(input: { prompt: $prompt }) {
  ... on GenerateImageSuccess { call { id conversation { id } } } } }`;
const CALL = 'query ($id: ID!) { generationCall(id: $id) { status images { id } } }';
const URLS = `query ($conversation: ID!, $ids: [ID!]!) {
  conversation(id: $conversation) { exportUrl } imagesExportUrl(ids: $ids) }`;
const TOKEN = `mutation ($input: CreateClientTokenInput!) { createClientToken(input: $input) {
  ... on CreateClientTokenSuccess { clientToken { token } } } }`;

let dataDir: string;
let server: RunningServer;
let keys: Readonly<Record<'anna' | 'bert' | 'costs' | 'uploads', string>>;
let anna: KeyedClient;
let conversation: string;
let call: string;
let image: string;
let ofBert: string;

async function createKey(principal: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await runMain(['keys', 'create', '--principal', principal, ...args], { DATA_DIR: dataDir });
  return stdout.trim();
}

async function make(client: KeyedClient, prompt: string) {
  const { generateImage } = await client.data(GENERATE, { prompt });
  const images = await eventually('the image', async () => {
    const { generationCall } = await client.data(CALL, { id: generateImage.call.id });
    return generationCall.status === 'COMPLETED' ? generationCall.images : undefined;
  });
  return { call: generateImage.call.id, conversation: generateImage.call.conversation.id, image: images[0].id };
}

beforeAll(async () => {
  dataDir = await newDataDir();
  server = await startServerHere({ dataDir, env: { AUTH: 'keys', SIMULATOR_DURATION_MS: '0' } });
  keys = {
    anna: await createKey('anna'),
    bert: await createKey('bert'),
    costs: await createKey('anna', '--scopes', 'read'),
    uploads: await createKey('anna', '--scopes', 'upload'),
  };
  anna = clientWith(server.url, keys.anna);
  ({ conversation, call, image } = await make(anna, 'a boat'));
  ofBert = (await make(clientWith(server.url, keys.bert), 'a tree')).image;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

const path = (id: string) => `${server.url}/export/conversations/${encodeURIComponent(id)}.zip`;
const selection = (...ids: readonly string[]) =>
  `${server.url}/export/images.zip?${new URLSearchParams(ids.map((id) => ['id', id]))}`;

async function ask(url: string, token?: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, text: Buffer.from(await response.arrayBuffer()).toString('latin1') };
}

describe('with credentials', () => {
  it('promise 10: others and nobody get nothing, and what is not theirs looks like what is not there', async () => {
    expect((await ask(path(conversation), keys.anna)).status).toBe(200);
    expect((await ask(path(conversation))).status).toBe(401);
    expect((await ask(path(conversation), 'dk_wrong')).status).toBe(401);
    const theirs = await ask(path(conversation), keys.bert);
    expect(theirs).toEqual(await ask(path(unknownId('Conversation')), keys.bert));
    expect(theirs.status).toBe(404);
    expect(await ask(selection(image), keys.bert)).toEqual(theirs);
    // One image of somebody else refuses all.
    expect(await ask(selection(image, ofBert), keys.anna)).toEqual(theirs);
  });

  it('the scope for reading is needed, and costs are told only with theirs', async () => {
    expect((await ask(path(conversation), keys.uploads)).status).toBe(403);
    expect((await ask(path(conversation), keys.anna)).text).toContain('"costOfCall": {');
    const without = await ask(path(conversation), keys.costs);
    expect([without.status, without.text.includes('costOfCall')]).toEqual([200, false]);
  });

  it('a token of one call exports its images, and not its conversation', async () => {
    const { createClientToken } = await anna.data(TOKEN, { input: { callId: call, scopes: ['READ'] } });
    const { token } = createClientToken.clientToken;
    expect((await ask(selection(image), token)).status).toBe(200);
    expect((await ask(path(conversation), token)).status).toBe(404);
  });
});

describe('a signed URL', () => {
  it('exports without credentials what its creator may read', async () => {
    const { conversation: found, imagesExportUrl } = await anna.data(URLS, { conversation, ids: [image] });
    for (const url of [found.exportUrl, imagesExportUrl]) {
      const answer = await ask(url);
      expect([answer.status, answer.text.includes('costOfCall')]).toEqual([200, true]);
    }
    const reader = await clientWith(server.url, keys.costs).data(URLS, { conversation, ids: [image] });
    const answer = await ask(reader.imagesExportUrl);
    expect([answer.status, answer.text.includes('costOfCall')]).toEqual([200, false]);
  });

  it('is refused when any part of it was changed', async () => {
    const { imagesExportUrl } = await anna.data(URLS, { conversation, ids: [image] });
    const changes: readonly ((query: URLSearchParams) => void)[] = [
      (query) => query.set('exp', String(Number(query.get('exp')) + 60)),
      (query) => query.set('cost', '0'),
      (query) => query.set('only', `GenerationCall:01980000-0000-7000-8000-00000000000f`),
      (query) => query.append('id', ofBert),
      (query) => query.set('id', ofBert),
      (query) =>
        query.set(
          'sig',
          `${query.get('sig')}`.replace(/^./u, (first) => (first === 'A' ? 'B' : 'A')),
        ),
      (query) => query.set('sig', ''),
    ];
    for (const change of changes) {
      const url = new URL(imagesExportUrl);
      change(url.searchParams);
      expect([url.search, (await ask(url.href)).status]).toEqual([url.search, 403]);
    }
  });

  it('is not made for what is not there or not yours, which look the same', async () => {
    const query = 'query ($ids: [ID!]!) { imagesExportUrl(ids: $ids) viewer { __typename } }';
    const theirs = await anna.send(query, { ids: [ofBert] });
    expect(theirs.errors).toMatchObject([
      { message: 'There is no image with this id.', extensions: { code: 'NOT_FOUND', field: 'ids' } },
    ]);
    // Everything else of the query is answered.
    expect(theirs.data).toEqual({ imagesExportUrl: null, viewer: { __typename: 'Viewer' } });
    expect(theirs).toEqual(await anna.send(query, { ids: [unknownId('Image')] }));
  });

  it('of a token for one call keeps its limits', async () => {
    const { createClientToken } = await anna.data(TOKEN, { input: { callId: call, scopes: ['READ'] } });
    const limited = clientWith(server.url, createClientToken.clientToken.token);
    const { imagesExportUrl } = await limited.data('query ($ids: [ID!]!) { imagesExportUrl(ids: $ids) }', {
      ids: [image],
    });
    expect((await ask(imagesExportUrl)).status).toBe(200);
    expect(new URL(imagesExportUrl).searchParams.get('only')).toMatch(/^GenerationCall:/u);
  });
});
