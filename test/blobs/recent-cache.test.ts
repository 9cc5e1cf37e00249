/** Which of the newly stored blobs the cache has in memory. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, type MockInstance, vi } from 'vitest';
import { BlobMissingError, type BlobReader, type BlobStore } from '../../src/blobs/blob-store.ts';
import { openFileBlobStore } from '../../src/blobs/drivers/fs/blob-store.ts';
import { withRecentCache } from '../../src/blobs/recent-cache.ts';

const MEGABYTE = 1024 * 1024;

let directory: string;
let blobs: BlobStore;
let openReadOnDisk: MockInstance<BlobStore['openRead']>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-blobs-'));
  const store = await openFileBlobStore({ directory });
  openReadOnDisk = vi.spyOn(store, 'openRead');
  blobs = withRecentCache(store);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Opens the blob; null when it was not in memory. */
async function openInMemory(sha256: string): Promise<BlobReader | null> {
  openReadOnDisk.mockClear();
  const reader = await blobs.openRead(sha256);
  if (openReadOnDisk.mock.calls.length === 0) return reader;
  reader.close();
  return null;
}

/** The bytes of the blob; null when it was not in memory. */
async function inMemory(sha256: string): Promise<Buffer | null> {
  const reader = await openInMemory(sha256);
  if (reader === null) return null;
  const bytes = await bytesOf(reader);
  reader.close();
  return bytes;
}

async function bytesOf({ bytes }: BlobReader): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

it.each([0, 1, 300_000, 2 * MEGABYTE, 4 * MEGABYTE])('a blob of %i bytes is there as it was stored', async (size) => {
  const bytes = randomBytes(size);
  const { sha256 } = await blobs.put(bytes);
  expect(await inMemory(sha256)).toEqual(bytes);
  expect(await blobs.withBytes(sha256, (lent) => Buffer.from(lent))).toEqual(bytes);
});

async function areInMemory(hashes: readonly string[]): Promise<boolean[]> {
  const found: boolean[] = [];
  for (const sha256 of hashes) found.push((await inMemory(sha256)) !== null);
  return found;
}

it('many small pieces, with the disk in between, are one blob', async () => {
  const pieces = Array.from({ length: 400 }, (_, index) => randomBytes(index * 20));
  const writer = blobs.openWriter();
  for (const [index, piece] of pieces.entries()) {
    await writer.write(piece);
    if (index % 50 === 0) await writer.withLocalFile(async () => undefined);
  }
  const { sha256 } = await writer.finish();
  expect(await inMemory(sha256)).toEqual(Buffer.concat(pieces));
  expect(await blobs.read(sha256)).toEqual(Buffer.concat(pieces));
});

it('what is larger than four megabytes, or was discarded, is not there', async () => {
  const { sha256 } = await blobs.put(randomBytes(4 * MEGABYTE + 1));
  expect(await openInMemory(sha256)).toBeNull();
  const discarded = blobs.openWriter();
  await discarded.write(randomBytes(1_000));
  await discarded.discard();
  const other = await blobs.put(randomBytes(1_000));
  expect(await inMemory(other.sha256)).toHaveLength(1_000);
});

it('sixteen megabytes are kept, of the newest', async () => {
  const stored: string[] = [];
  for (let number = 0; number < 12; number += 1) stored.push((await blobs.put(randomBytes(2 * MEGABYTE))).sha256);
  const kept = await areInMemory(stored);
  expect(kept).toEqual([...Array(4).fill(false), ...Array(8).fill(true)]);
});

it('what somebody holds stays what it is, whatever is stored meanwhile', async () => {
  const bytes = randomBytes(3 * MEGABYTE);
  const { sha256 } = await blobs.put(bytes);
  const held = await openInMemory(sha256);
  for (let number = 0; number < 12; number += 1) await blobs.put(randomBytes(2 * MEGABYTE));
  expect(await openInMemory(sha256)).toBeNull();
  expect(held === null ? null : await bytesOf(held)).toEqual(bytes);
  held?.close();
});

it('what was held, released twice or never read to its end makes room like everything else', async () => {
  for (let round = 0; round < 3; round += 1) {
    const held = [];
    for (let number = 0; number < 4; number += 1) {
      const { sha256 } = await blobs.put(randomBytes(4 * MEGABYTE));
      held.push(await openInMemory(sha256));
    }
    expect(held).not.toContain(null);
    // While all of them are being read, nothing more fits.
    expect(await openInMemory((await blobs.put(randomBytes(MEGABYTE))).sha256)).toBeNull();
    for (const each of held) {
      each?.close(round !== 1);
      each?.close();
    }
  }
});

it('what is removed is forgotten, and what is old as well', async () => {
  const [removed, older, kept] = [
    await blobs.put(Buffer.from('removed')),
    await blobs.put(Buffer.from('older')),
    await blobs.put(Buffer.from('kept')),
  ];
  await blobs.delete(removed.sha256);
  await blobs.deleteOlder(older.sha256, Date.now() + 60_000);
  for (const { sha256 } of [removed, older]) await expect(blobs.openRead(sha256)).rejects.toThrow(BlobMissingError);
  expect(await inMemory(kept.sha256)).not.toBeNull();
  await vi.waitFor(async () => expect(await inMemory(kept.sha256)).toBeNull(), 5_000);
});
