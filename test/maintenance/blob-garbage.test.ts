/** Blob garbage collection: a server that starts removes old blobs that no row refers to, and nothing else. */
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BlobStore, ListedBlob } from '../../src/blobs/blob-store.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { blobReferences } from '../../src/db/queries/engine/blob-references.ts';
import { createBlobGarbageCollector } from '../../src/maintenance/blob-garbage.ts';
import { eventually, fetchBytes, firstOf, makeImage, sha256 } from '../api/steps.ts';
import { blobPath, namedFiles, storedFiles } from '../storage/steps.ts';
import { newDataDir, startServer } from '../support/server.ts';

const HOUR_MS = 3_600_000;

let dataDir: string;
beforeEach(async () => {
  dataDir = await newDataDir();
});
afterEach(() => rm(dataDir, { recursive: true }));

/** Leaves a blob as a server does that dies between storing the bytes and storing the event that refers to them. */
async function plantUnreferenced(content: string, ageMs: number): Promise<string> {
  const hash = sha256(Buffer.from(content));
  const file = blobPath(dataDir, hash);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  await makeOlder(file, ageMs);
  return hash;
}

async function makeOlder(file: string, ageMs: number): Promise<void> {
  const then = new Date(Date.now() - ageMs);
  await utimes(file, then, then);
}

it('a server that starts removes what nothing names and is older than the grace time, and nothing else', async () => {
  let url: string;
  {
    await using server = await startServer({ dataDir });
    const { events } = await makeImage(server.url, { prompt: 'a boat [sim:duration=0]' });
    ({ url } = firstOf(events, 'ImageCompleted').image);
    await server.stop();
  }
  const named = namedFiles(dataDir);
  expect(named.size).toBeGreaterThan(1);
  for (const hash of named) await makeOlder(blobPath(dataDir, hash), 100 * HOUR_MS);
  const old = await plantUnreferenced('left an age ago', 3 * HOUR_MS);
  const young = await plantUnreferenced('left just now', 1.5 * HOUR_MS);
  const torn = join(dataDir, 'blobs', 'tmp', 'half-a-picture');
  await writeFile(torn, 'half');
  await makeOlder(torn, 3 * HOUR_MS);
  const foreign = join(dataDir, 'blobs', 'README');
  await writeFile(foreign, 'somebody put this here');
  await makeOlder(foreign, 100 * HOUR_MS);

  await using again = await startServer({ dataDir, env: { ORPHAN_GRACE_MS: String(2 * HOUR_MS) } });
  const files = await eventually('the collection', async () => {
    const found = await storedFiles(dataDir);
    return found.has(old) ? undefined : found;
  });
  expect([...files.keys()].toSorted()).toEqual([...named, young, 'README'].toSorted());
  // A removed file is moved aside first.
  await eventually('nothing to be half-written', async () => (await readdir(dirname(torn))).length === 0 || undefined);
  expect((await fetchBytes(`${again.url}${new URL(url).pathname}`)).byteLength).toBeGreaterThan(0);
  await again.stop();
});

it('a failed collection is logged and does no harm', async () => {
  const db = await openSqlite(join(dataDir, 'darkroom.sqlite'), { patienceMs: 100 });
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const deleted: string[] = [];
  const blobs: Pick<BlobStore, 'list' | 'deleteOlder' | 'removeTemporary'> = {
    async *list(): AsyncGenerator<ListedBlob> {
      yield { sha256: 'a', byteSize: 1, modifiedMs: 0 };
      throw new Error('the disk is gone');
    },
    deleteOlder: async (hash) => {
      deleted.push(hash);
      return true;
    },
    removeTemporary: async () => 0,
  };
  const signal = new AbortController().signal;
  await createBlobGarbageCollector({
    references: () => blobReferences(db),
    blobs,
    graceMs: HOUR_MS,
    nowMs: Date.now,
    signal,
    logger,
  }).collect();
  expect(deleted).toEqual(['a']);
  expect(lines.join()).toContain('the disk is gone');
  await db.destroy();
});
