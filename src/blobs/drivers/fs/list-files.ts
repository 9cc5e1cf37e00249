/** Lists the stored files, and removes temporary files that were left behind. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ListedBlob } from '../../blob-store.ts';
import { blobFile, SHA256, SHARDS } from './layout.ts';
import { isMissing, statFile } from './missing-file.ts';

/** Every blob below the root; files with other names are ignored. */
export async function* listFiles(root: string): AsyncGenerator<ListedBlob> {
  for (const shard of SHARDS) {
    for (const name of await namesIn(join(root, shard))) {
      if (!SHA256.test(name)) continue;
      const stats = await statFile(blobFile(root, name));
      if (stats !== null) yield { sha256: name, ...stats };
    }
  }
}

/** Removes the files of a directory that are at least this old; resolves with how many. */
export async function removeOldFiles(directory: string, olderThanMs: number): Promise<number> {
  // By the clock that stamps the files.
  const beforeMs = Date.now() - olderThanMs;
  let removed = 0;
  for (const name of await readdir(directory)) {
    const file = join(directory, name);
    const stats = await statFile(file);
    // A missing file belonged to a writer that has finished meanwhile.
    if (stats === null || stats.modifiedMs > beforeMs) continue;
    await rm(file, { force: true });
    removed += 1;
  }
  return removed;
}

/** Empty when the directory does not exist or is a file. */
async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: unknown) => {
    if (isMissing(error) || (error instanceof Error && 'code' in error && error.code === 'ENOTDIR')) return [];
    throw error;
  });
}
