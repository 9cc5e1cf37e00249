/**
 * Old content is removed while the same content is stored again: what `finish` acknowledged is never undone. On real
 * files, with random delays of the calls to the file system, within one store and between two that share only the
 * folder.
 */
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { BlobStore } from '../../src/blobs/blob-store.ts';
import { openFileBlobStore } from '../../src/blobs/drivers/fs/blob-store.ts';
import { listOf } from '../contract/blob-store.ts';

/** Delays of the next calls to the file system, in milliseconds; later calls are not delayed. */
const waits: number[] = [];

vi.mock(import('node:fs/promises'), async (importOriginal) => {
  const original = await importOriginal();
  function late<Args extends unknown[], T>(call: (...args: Args) => Promise<T>): (...args: Args) => Promise<T> {
    return async (...args) => {
      await delay(waits.shift() ?? 0);
      return call(...args);
    };
  }
  return {
    ...original,
    // The overloads for big numbers are not used here.
    stat: late(original.stat) as typeof original.stat,
    rename: late(original.rename),
    rm: late(original.rm),
  };
});

const HOUR_MS = 3_600_000;
const RUNS = 120;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-sweeping-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Stores a blob and makes it two hours old. */
async function putOld(blobs: BlobStore, bytes: Uint8Array): Promise<string> {
  const { sha256 } = await blobs.put(bytes);
  const then = new Date(Date.now() - 2 * HOUR_MS);
  await blobs.withLocalFile(sha256, (path) => utimes(path, then, then));
  return sha256;
}

const milliseconds = fc.integer({ min: 0, max: 6 });
const races = fc.record({
  content: fc.uint8Array({ minLength: 1, maxLength: 64 }),
  putsAfter: fc.array(milliseconds, { minLength: 1, maxLength: 3 }),
  sweepsAfter: fc.array(milliseconds, { minLength: 1, maxLength: 4 }),
  callsAfter: fc.array(milliseconds, { minLength: 4, maxLength: 30 }),
});

it.each(['one process', 'two processes'])(
  'keeps what is stored again at the moment at which its old file is removed, in %s',
  async (where) => {
    const blobs = await openFileBlobStore({ directory });
    const sweeping = where === 'one process' ? blobs : await openFileBlobStore({ directory });
    const outcomes = { removed: 0, kept: 0 };
    const property = fc.asyncProperty(races, async ({ content, putsAfter, sweepsAfter, callsAfter }) => {
      const sha256 = await putOld(blobs, content);
      const beforeMs = Date.now() - HOUR_MS;
      waits.push(...callsAfter);
      const sweeps = sweepsAfter.map(async (ms) => {
        await delay(ms);
        const removed = await sweeping.deleteOlder(sha256, beforeMs);
        outcomes[removed ? 'removed' : 'kept'] += 1;
      });
      const puts = putsAfter.map(async (ms) => {
        await delay(ms);
        await blobs.put(content);
        // In one process it can be read from now on. Between two it may be moved aside until the other has checked it.
        if (where === 'one process') expect(Buffer.from(content).equals(await blobs.read(sha256))).toBe(true);
      });
      await Promise.all([...sweeps, ...puts]);
      waits.length = 0;
      expect(Buffer.from(content).equals(await blobs.read(sha256))).toBe(true);
      await blobs.delete(sha256);
    });
    await fc.assert(property, { numRuns: RUNS });
    // Otherwise nothing raced.
    expect(outcomes.removed).toBeGreaterThan(0);
    expect(outcomes.kept).toBeGreaterThan(0);
    expect(await listOf(blobs)).toEqual([]);
    // Nothing was left behind in the temporary directory.
    expect(await blobs.removeTemporary(0)).toBe(0);
  },
);
