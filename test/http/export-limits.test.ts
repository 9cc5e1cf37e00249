/** What an export waits for and refuses, with the database and the bytes of a server and no other part of it. */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeGlobalId } from '../../schema/relay/global-id.ts';
import { createExportServing } from '../../src/app/export-serving.ts';
import { unlimitedPrincipal } from '../../src/auth/authenticate.ts';
import { MAX_EXPORTED_IMAGES } from '../../src/commands/export-images.ts';
import { insertImage } from '../../src/db/queries/images/images.ts';
import { createExportHandler, type ExportHandler, MAX_EXPORTS } from '../../src/http/export/export.ts';
import { UNSIGNED_EXPORT_URLS } from '../../src/http/export/export-urls.ts';
import { AT, imageOf, PRINCIPAL } from '../contract/database-rows.ts';
import { openPurgeWorld, type PurgeWorld } from '../maintenance/purge-world.ts';
import { newDataDir } from '../support/server.ts';

const CONVERSATION = '01980000-0000-7000-8000-00000000000c';
const PATH = `/export/conversations/${encodeGlobalId('Conversation', CONVERSATION)}.zip`;

let dataDir: string;
let world: PurgeWorld;
let server: Server;
beforeEach(async () => {
  dataDir = await newDataDir();
  world = await openPurgeWorld(dataDir);
  await world.conversation(CONVERSATION);
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await world[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true });
});

/** @returns the origin at which the handler answers */
async function serve(handler: ExportHandler): Promise<string> {
  server = createServer((request, response) => {
    void handler(request, response, new URL(request.url ?? '', 'http://host').pathname);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has such an address.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function serveExports(settled: () => Promise<void> = async () => undefined): Promise<string> {
  const { exports } = createExportServing({
    storage: { db: world.db, blobs: world.blobs, settled },
    signingKeys: null,
    authenticate: async () => unlimitedPrincipal(PRINCIPAL),
    isAllowedOrigin: () => true,
    logger: pino({ level: 'silent' }),
  });
  return serve(exports);
}

/** Images with the same bytes in the conversation. */
async function addImages(count: number, prompt: string | null = null): Promise<void> {
  const blob = await world.store(Buffer.from('a picture'));
  const before = (await world.db.selectFrom('images').select('id').execute()).length;
  await world.db.transaction().execute(async (transaction) => {
    for (let number = before; number < before + count; number += 1) {
      const id = `01980000-0000-7000-8000-${String(number).padStart(12, '0')}`;
      await insertImage(transaction, imageOf(id, { ...blob, conversationId: CONVERSATION, prompt }));
    }
  });
}

it('nothing is sent before it is durable (promise 4)', async () => {
  await addImages(1);
  const settled = Promise.withResolvers<void>();
  const url = (await serveExports(() => settled.promise)) + PATH;
  let isAnswered = false;
  const answer = fetch(url).finally(() => {
    isAnswered = true;
  });
  await delay(300);
  expect(isAnswered).toBe(false);
  settled.resolve();
  expect((await answer).status).toBe(200);
});

it(`a conversation with more than ${MAX_EXPORTED_IMAGES} images is refused`, async () => {
  const url = (await serveExports()) + PATH;
  await addImages(MAX_EXPORTED_IMAGES);
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
  await addImages(1);
  const refused = await fetch(url);
  expect([refused.status, await refused.text()]).toEqual([413, expect.stringContaining('at most 5000 images')]);
});

it('prompts that are together longer than 32 Mi characters are refused', async () => {
  const url = (await serveExports()) + PATH;
  await addImages(32, 'x'.repeat(1024 * 1024));
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
  await addImages(1, 'one more');
  const refused = await fetch(url);
  expect([refused.status, await refused.text()]).toEqual([413, expect.stringContaining('together too long')]);
});

it('ten exports are open at once, whoever asks for them', async () => {
  const more = new AbortController();
  const large = { sha256: 'any', byteSize: 100_000_000, extension: 'png', prompt: null, details: {} };
  const handler = createExportHandler({
    blobs: {
      stat: async () => ({ byteSize: large.byteSize, modifiedMs: 0 }),
      async openRead() {
        await once(more.signal, 'abort');
        throw new Error('the test is over');
      },
    },
    collect: async () => ({ title: 'a kite', changedAt: AT, images: [{ ...large, createdAt: AT }] }),
    authenticate: async ({ headers }) => unlimitedPrincipal(String(headers.authorization)),
    urls: UNSIGNED_EXPORT_URLS,
    ownerOf: async () => null,
    isAllowedOrigin: () => true,
    report: () => undefined,
  });
  const url = (await serve(handler)) + PATH;
  const ask = (authorization: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { agent: false, headers: { authorization } }, resolve).on('error', reject);
    });
  const open = [];
  for (let number = 0; number < MAX_EXPORTS.together; number += 1) open.push(await ask(`principal ${number}`));
  expect(open.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 10 }, () => 200));
  expect((await ask('another one')).statusCode).toBe(429);
  for (const response of open) response.destroy();
  more.abort();
});
