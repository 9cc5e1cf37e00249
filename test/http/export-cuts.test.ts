/** Exports that end before their end: the server is killed, the images are purged meanwhile, or the client leaves. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unlimitedPrincipal } from '../../src/auth/authenticate.ts';
import { createExportHandler } from '../../src/http/export/export.ts';
import { UNSIGNED_EXPORT_URLS } from '../../src/http/export/export-urls.ts';
import { archiveClient } from '../api/archive-client.ts';
import { eventually, picture } from '../api/steps.ts';
import { blobPath, changeDatabase } from '../storage/steps.ts';
import { newDataDir, startServer } from '../support/server.ts';
import { uploadPicture } from '../support/upload.ts';
import { unpack, zipPrograms } from './zip-steps.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await newDataDir();
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** More than the buffers of a connection, so that the server has to wait for the client. */
const IMAGE_BYTES = 4_000_000;
const IMAGES = 10;

/** The path of an export of 40 MB, and the hashes of its images in their order. */
async function fill(url: string): Promise<{ readonly path: string; readonly hashes: readonly string[] }> {
  const small = await picture('#446688');
  const { conversation } = await archiveClient(url, 'none').run('createConversation', { title: 'large' });
  const hashes: string[] = [];
  for (let number = 0; number < IMAGES; number += 1) {
    // Bytes behind the end of a PNG are kept.
    const large = Buffer.concat([small, randomBytes(IMAGE_BYTES)]);
    hashes.push((await uploadPicture(url, large, { conversationId: conversation.id })).sha256);
  }
  return { path: `/export/conversations/${conversation.id}.zip`, hashes };
}

/** An export whose client has read a little, and waits. */
async function begin(url: string): Promise<IncomingMessage> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { agent: false }, resolve).on('error', reject);
  });
  expect(response.statusCode).toBe(200);
  await once(response, 'readable');
  response.read(1_000);
  return response;
}

/** How many bytes came, and whether they were cut. */
async function rest(response: IncomingMessage): Promise<{ readonly received: number; readonly isCut: boolean }> {
  let received = 1_000;
  try {
    for await (const chunk of response) received += chunk.length;
    return { received, isCut: false };
  } catch {
    return { received, isCut: true };
  }
}

async function filesOf(): Promise<readonly string[]> {
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('darkroom.sqlite'));
  return files.map((entry) => join(entry.parentPath, entry.name)).toSorted();
}

it.skipIf(zipPrograms === null)(
  'a server that is killed cuts the file, leaves nothing of it, and its successor sends the whole',
  async () => {
    let path: string;
    let before: readonly string[];
    {
      await using server = await startServer({ dataDir });
      ({ path } = await fill(server.url));
      before = await filesOf();
      const response = await begin(server.url + path);
      expect(await filesOf()).toEqual(before);
      await server.stop('SIGKILL');
      expect(await rest(response)).toMatchObject({ isCut: true });
    }
    expect(await filesOf()).toEqual(before);
    await using server = await startServer({ dataDir });
    const response = await fetch(server.url + path);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(String(bytes.byteLength)).toBe(response.headers.get('content-length'));
    expect((await unpack(bytes)).size).toBe(2 * IMAGES + 1);
    await server.stop();
  },
);

it('a purge during an export cuts it, and the next one has what is left', async () => {
  await using filled = await startServer({ dataDir });
  const { path, hashes } = await fill(filled.url);
  await filled.stop();
  // This one has nothing of the images in memory.
  await using server = await startServer({ dataDir });
  const response = await begin(server.url + path);
  const [last = ''] = hashes.slice(-1);
  changeDatabase(dataDir, `delete from images where sha256 = '${last}'`);
  await rm(blobPath(dataDir, last));
  const { received, isCut } = await rest(response);
  expect(isCut).toBe(true);
  expect(received).toBeGreaterThan((IMAGES - 2) * IMAGE_BYTES);
  expect(received).toBeLessThan(Number(response.headers['content-length']));
  const next = await fetch(server.url + path, { method: 'HEAD' });
  expect(next.status).toBe(200);
  expect(Number(next.headers.get('content-length'))).toBeLessThan(IMAGES * IMAGE_BYTES);
  await server.stop();
});

it('a client that leaves while its credentials are checked keeps no place', async () => {
  let letIn = (): void => undefined;
  const waiting = new Promise<void>((resolve) => {
    letIn = resolve;
  });
  let asked = 0;
  const handler = createExportHandler({
    blobs: { openRead: () => Promise.reject(new Error('nothing is read')), stat: async () => null },
    collect: async () => ({ title: 'a kite', changedAt: '2026-11-28T00:00:00.000Z', images: [] }),
    async authenticate() {
      asked += 1;
      await waiting;
      return unlimitedPrincipal('somebody');
    },
    urls: UNSIGNED_EXPORT_URLS,
    ownerOf: async () => null,
    isAllowedOrigin: () => true,
    report: (error) => expect.fail(String(error)),
  });
  const server = createServer((request, response) => {
    void handler(request, response, new URL(request.url ?? '', 'http://host').pathname);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/export/conversations/any.zip`;
  const leaving = new AbortController();
  const left = Array.from({ length: 12 }, () => fetch(url, { signal: leaving.signal }).catch(() => null));
  await eventually('the requests', () => asked === left.length || undefined);
  leaving.abort();
  await Promise.all(left);
  await eventually('the connections', async () => {
    const count = await new Promise<number>((resolve) => server.getConnections((_, open) => resolve(open)));
    return count === 0 || undefined;
  });
  letIn();
  expect((await fetch(url)).status).toBe(200);
  server.close();
});
