/** Calls to the file system where a missing file is an answer, not an error. */
import { rename, stat } from 'node:fs/promises';
import type { BlobStat } from '../../blob-store.ts';

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Null when there is no file. */
export async function statFile(file: string): Promise<BlobStat | null> {
  try {
    const stats = await stat(file);
    return stats.isFile() ? { byteSize: stats.size, modifiedMs: stats.mtimeMs } : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** False when the file, or the directory to move it into, does not exist. */
export async function renameIfExists(file: string, target: string): Promise<boolean> {
  try {
    await rename(file, target);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
