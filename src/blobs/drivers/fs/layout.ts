/**
 * The directories of a file store. Blobs lie in 256 shard directories, named for the first two digits of their hashes. All
 * are created and synced before the first blob is stored: created one by one, they cost the blob that needed a new one
 * as much as its bytes (docs/decisions/2026-11-23-files-on-disk.md).
 */
import { access, mkdir, readdir, rename, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from './directories.ts';

export const SHA256 = /^[0-9a-f]{64}$/;

const SHARD_NAME = /^[0-9a-f]{2}$/;
export const SHARDS = Array.from({ length: 256 }, (_, number) => number.toString(16).padStart(2, '0'));

/** Marks a root whose shard directories are complete. */
const MARKER = 'LAYOUT';
const MARKER_TEXT = 'Each file lies in the directory that is named for the first two digits of its SHA-256.\n';

/** @throws {TypeError} for anything but a hash: only a hash may become a path. */
export function blobFile(root: string, sha256: string): string {
  if (!SHA256.test(sha256)) throw new TypeError('Not a SHA-256 in lower-case hexadecimal.');
  return join(root, sha256.slice(0, 2), sha256);
}

/** Where writers keep their files until they are complete: within the root, so that a rename moves them. */
export function temporaryDirectory(root: string): string {
  return join(root, 'tmp');
}

/** Where the blobs are that need not survive a power cut, with directories like those of the others. */
export function unsyncedRoot(root: string): string {
  return join(root, 'unsynced');
}

/** Creates the missing shard directories, and moves blobs up that are one level deeper, as all were before 2026-11-26. */
export async function createShards(root: string): Promise<void> {
  const marker = join(root, MARKER);
  if (await exists(marker)) return;
  await Promise.all(
    SHARDS.map(async (name) => {
      const shard = join(root, name);
      const created = await mkdir(shard, { recursive: true });
      if (created === undefined) await migrateShard(shard);
    }),
  );
  await syncDirectory(root);
  await writeFile(marker, MARKER_TEXT);
  await syncDirectory(root);
}

/** Whether the root may have blobs that are found only after `createShards` has moved them. */
export async function needsMigration(root: string): Promise<boolean> {
  if (await exists(join(root, MARKER))) return false;
  return (await readdir(root)).some((name) => SHARD_NAME.test(name));
}

/** Can be interrupted at any point: the next run continues. */
async function migrateShard(shard: string): Promise<void> {
  const nested = (await readdir(shard)).filter((name) => SHARD_NAME.test(name));
  if (nested.length === 0) return;
  for (const name of nested) {
    for (const file of await readdir(join(shard, name))) await rename(join(shard, name, file), join(shard, file));
    await rmdir(join(shard, name));
  }
  await syncDirectory(shard);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
