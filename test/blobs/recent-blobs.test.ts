/** What a store still has in memory of what was stored last. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { BlobStore } from '../../src/blobs/blob-store.ts';
import { openFileBlobs } from '../../src/blobs/drivers/fs/blob-store.ts';

const MEGABYTE = 1024 * 1024;

let directory: string;
let blobs: BlobStore;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-blobs-'));
  blobs = await openFileBlobs({ directory });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** What is in memory under the hash, or null. */
function inMemory(sha256: string): Buffer | null {
  const held = blobs.hold(sha256);
  if (held === null) return null;
  const bytes = Buffer.concat(held.parts);
  held.release();
  return bytes;
}

it.each([0, 1, 300_000, 2 * MEGABYTE, 4 * MEGABYTE])('a blob of %i bytes is there as it was stored', async (size) => {
  const bytes = randomBytes(size);
  const { sha256 } = await blobs.put(bytes);
  expect(inMemory(sha256)).toEqual(bytes);
  expect(await blobs.lend(sha256, (lent) => Buffer.from(lent))).toEqual(bytes);
});

it('many small pieces, with the disk in between, are one blob', async () => {
  const pieces = Array.from({ length: 400 }, (_, index) => randomBytes(index * 20));
  const writer = blobs.open();
  for (const [index, piece] of pieces.entries()) {
    await writer.write(piece);
    if (index % 50 === 0) await writer.peek();
  }
  const { sha256 } = await writer.finish();
  expect(inMemory(sha256)).toEqual(Buffer.concat(pieces));
  expect(await blobs.read(sha256)).toEqual(Buffer.concat(pieces));
});

it('what is larger than four megabytes, or was discarded, is not there', async () => {
  const { sha256 } = await blobs.put(randomBytes(4 * MEGABYTE + 1));
  expect(blobs.hold(sha256)).toBeNull();
  const discarded = blobs.open();
  await discarded.write(randomBytes(1_000));
  await discarded.discard();
  const other = await blobs.put(randomBytes(1_000));
  expect(inMemory(other.sha256)).toHaveLength(1_000);
});

it('sixteen megabytes are kept, of the newest', async () => {
  const stored: string[] = [];
  for (let number = 0; number < 12; number += 1) stored.push((await blobs.put(randomBytes(2 * MEGABYTE))).sha256);
  expect(stored.map((sha256) => inMemory(sha256) !== null)).toEqual([...Array(4).fill(false), ...Array(8).fill(true)]);
});

it('what somebody holds stays what it is, whatever is stored meanwhile', async () => {
  const bytes = randomBytes(3 * MEGABYTE);
  const { sha256 } = await blobs.put(bytes);
  const held = blobs.hold(sha256);
  for (let number = 0; number < 12; number += 1) await blobs.put(randomBytes(2 * MEGABYTE));
  expect(blobs.hold(sha256)).toBeNull();
  expect(Buffer.concat(held?.parts ?? [])).toEqual(bytes);
  held?.release();
});

it('what was held, released twice or never read to its end makes room like everything else', async () => {
  for (let round = 0; round < 3; round += 1) {
    const held = [];
    for (let number = 0; number < 4; number += 1) {
      const { sha256 } = await blobs.put(randomBytes(4 * MEGABYTE));
      held.push(blobs.hold(sha256));
    }
    expect(held).not.toContain(null);
    // As long as all of it is held, nothing more fits.
    expect(blobs.hold((await blobs.put(randomBytes(MEGABYTE))).sha256)).toBeNull();
    for (const each of held) {
      each?.release(round !== 1);
      each?.release();
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
  expect([removed, older, kept].map(({ sha256 }) => blobs.hold(sha256) !== null)).toEqual([false, false, true]);
  await vi.waitFor(() => expect(inMemory(kept.sha256)).toBeNull(), 5_000);
});
