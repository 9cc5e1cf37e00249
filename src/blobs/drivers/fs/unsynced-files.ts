/**
 * Files whose bytes and names are not synced. After a power cut such a file can be missing, empty or torn, so one that this
 * process has not stored is compared with its hash before it is first used.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { RecentMap } from '../../../lib/recent-map.ts';
import { blobFile } from './layout.ts';
import { isMissing } from './missing-file.ts';
import { StoredFiles } from './stored-files.ts';

/** Files that are known to be whole; one that is forgotten is compared again. */
const MAX_KNOWN = 100_000;
const WHOLE = {};

export class UnsyncedFiles {
  readonly #root: string;
  readonly #files: StoredFiles;
  readonly #known = new RecentMap<string, typeof WHOLE>(MAX_KNOWN);

  constructor(root: string) {
    this.#root = root;
    this.#files = new StoredFiles(root, 'UNSYNCED');
  }

  /** Moves a complete file to its place under its hash. */
  async place(file: string, sha256: string): Promise<void> {
    await this.#files.place(file, sha256);
    this.#known.set(sha256, WHOLE);
  }

  /** The path of the file with this hash; null when there is none, or it is damaged. */
  async fileOf(sha256: string): Promise<string | null> {
    const file = blobFile(this.#root, sha256);
    if (this.#known.get(sha256) !== undefined) return file;
    if ((await hashOf(file)) !== sha256) return null;
    this.#known.set(sha256, WHOLE);
    return file;
  }

  remove(sha256: string): Promise<void> {
    return this.#files.remove(sha256);
  }

  removeOlder(sha256: string, beforeMs: number): Promise<boolean> {
    return this.#files.removeOlder(sha256, beforeMs);
  }
}

/** Null when there is no file. */
async function hashOf(file: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  return hash.digest('hex');
}
