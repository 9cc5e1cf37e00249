/**
 * Blobs on the local disk, as `<directory>/ab/cd/<sha256>`. Decided in docs/decisions/2026-11-23-files-on-disk.md.
 * A file gets its name by a rename within the same file system, after its bytes were synced: under a hash there is
 * either nothing or the whole content, whatever happened to the process or the machine.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { BlobDamagedError, BlobMissingError, type BlobStore, BlobWriteError, type ListedBlob } from './blob-store.ts';
import { FileBlobWriter, type Place } from './file-blob-writer.ts';
import { checkFreeSpace } from './free-space.ts';

/** How much of a blob that is there as a whole is copied at once. */
const PUT_BYTES = 1024 * 1024;
const SHA256 = /^[0-9a-f]{64}$/;
const TWO_DIGITS = /^[0-9a-f]{2}$/;

export interface FileBlobsOptions {
  /** Made when it does not exist. Several processes of one machine may share it. */
  readonly directory: string;
}

/**
 * Opens the blobs of a directory.
 * @throws the system's error when the directory cannot be made.
 */
export async function openFileBlobs(options: FileBlobsOptions): Promise<BlobStore> {
  const root = resolve(options.directory);
  const temporary = join(root, 'tmp');
  await makeDirectory(temporary);
  return new FileBlobs(root, temporary);
}

class FileBlobs implements BlobStore {
  readonly #root: string;
  readonly #temporary: string;
  /** 1 for the directories whose own names this process knows to be on the disk, by the digits that they are named for. */
  readonly #durable = new Uint8Array(16 ** 4);
  /** The hashes whose file is being put in its place or removed, each with the last of those who wait for it. */
  readonly #turns = new Map<string, Promise<void>>();

  constructor(root: string, temporary: string) {
    this.#root = root;
    this.#temporary = temporary;
  }

  open() {
    return new FileBlobWriter(join(this.#temporary, randomUUID()), (sha256) => this.#placeOf(sha256));
  }

  async put(bytes: Uint8Array) {
    const writer = this.open();
    try {
      for (let at = 0; at < bytes.length; at += PUT_BYTES) await writer.write(bytes.subarray(at, at + PUT_BYTES));
    } catch {
      // Told by `finish`, which cleans up.
    }
    return await writer.finish();
  }

  async read(sha256: string) {
    const bytes = await readFile(this.path(sha256)).catch((error: unknown) => {
      throw isMissing(error) ? new BlobMissingError(sha256, error) : error;
    });
    // On another thread: a large picture takes some ten milliseconds.
    const digest = await crypto.subtle.digest('SHA-256', bytes);
    if (Buffer.from(digest).toString('hex') !== sha256) throw new BlobDamagedError(sha256);
    return bytes;
  }

  async size(sha256: string) {
    try {
      const { size } = await stat(this.path(sha256));
      return size;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  path(sha256: string) {
    // A hash becomes a path, so nothing but a hash may come in.
    if (!SHA256.test(sha256)) throw new TypeError('Not a SHA-256 in lower-case hexadecimal.');
    return join(this.#root, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  async delete(sha256: string) {
    await rm(this.path(sha256), { force: true });
  }

  async *list() {
    for (const first of await namesIn(this.#root, TWO_DIGITS)) {
      for (const second of await namesIn(join(this.#root, first), TWO_DIGITS)) {
        for (const sha256 of await namesIn(join(this.#root, first, second), SHA256)) {
          const listed = await listedBlob(this.path(sha256), sha256);
          if (listed !== null) yield listed;
        }
      }
    }
  }

  /**
   * No call of the system removes a file only if it is still the same one. Within this process, putting and removing
   * take turns for each hash, so what is looked at is what is removed. Another process can put the same content between
   * the look and the removal: so the file is taken aside by a rename, which takes exactly one of the two, and looked at
   * again there; the new one is put back. Its bytes are never lost; at worst they are not to be seen for that moment.
   */
  async deleteOlder(sha256: string, beforeMs: number) {
    const file = this.path(sha256);
    return this.#inTurn(sha256, async () => {
      const modifiedAt = await modificationTime(file);
      if (modifiedAt === null || modifiedAt >= beforeMs) return false;
      const aside = join(this.#temporary, randomUUID());
      try {
        await rename(file, aside);
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
      const takenAt = await modificationTime(aside);
      if (takenAt !== null && takenAt >= beforeMs) {
        // Should a third one be there by now, it is the same bytes.
        await rename(aside, file);
        return false;
      }
      await rm(aside, { force: true });
      return true;
    });
  }

  async sweepTemporary(olderThanMs: number) {
    // The age is counted by the clock that stamps the files.
    const before = Date.now() - olderThanMs;
    let removed = 0;
    for (const name of await readdir(this.#temporary)) {
      const file = join(this.#temporary, name);
      const modifiedAt = await modificationTime(file);
      if (modifiedAt === null || modifiedAt > before) continue;
      await rm(file, { force: true });
      removed += 1;
    }
    return removed;
  }

  async check() {
    const probe = join(this.#temporary, randomUUID());
    try {
      await checkFreeSpace(this.#temporary);
      await writeFile(probe, 'ready', { flag: 'wx' });
    } catch (cause) {
      throw BlobWriteError.from(cause);
    } finally {
      await rm(probe, { force: true }).catch(() => {});
    }
  }

  #placeOf(sha256: string): Place {
    const target = this.path(sha256);
    const directory = dirname(target);
    return {
      prepare: () => this.#makeReady(directory, sha256),
      put: async (file) => {
        // Renaming over a file of the same hash replaces it by the same bytes; should it have been damaged, it heals it.
        await this.#inTurn(sha256, async () => {
          if (await renameIfThere(file, target)) return;
          // Somebody has removed the directory.
          this.#durable[digitsOf(sha256)] = 0;
          await this.#makeReady(directory, sha256);
          await rename(file, target);
        });
        await syncDirectory(directory);
      },
    };
  }

  /** Resolves when the directory of a hash is there, and its own name on the disk. */
  async #makeReady(directory: string, sha256: string): Promise<void> {
    const digits = digitsOf(sha256);
    if (this.#durable[digits] === 1) return;
    await mkdir(directory, { recursive: true });
    // Another writer may have made the directory a moment ago and not have synced its name yet.
    await Promise.all([dirname(directory), this.#root].map(syncDirectory));
    this.#durable[digits] = 1;
  }

  /** Runs `work` when all that was asked before for the same hash is done. */
  async #inTurn<T>(sha256: string, work: () => Promise<T>): Promise<T> {
    const { promise, resolve: endTurn } = Promise.withResolvers<void>();
    const before = this.#turns.get(sha256);
    this.#turns.set(sha256, promise);
    await before;
    try {
      return await work();
    } finally {
      endTurn();
      if (this.#turns.get(sha256) === promise) this.#turns.delete(sha256);
    }
  }
}

/** The names in a directory that are like `pattern`; whatever else somebody keeps there is none of ours. */
async function namesIn(directory: string, pattern: RegExp): Promise<string[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw error;
  });
  return names.filter((name) => pattern.test(name));
}

/** Null when it is no file, or gone. */
async function listedBlob(file: string, sha256: string): Promise<ListedBlob | null> {
  try {
    const facts = await stat(file);
    return facts.isFile() ? { sha256, byteSize: facts.size, modifiedMs: facts.mtimeMs } : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** `mkdir -p` that returns when the new names are on the disk. */
async function makeDirectory(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

/** Where a hash's directory stands among all. */
function digitsOf(sha256: string): number {
  return Number.parseInt(sha256.slice(0, 4), 16);
}

/** False when the directory to move it into is gone. */
async function renameIfThere(file: string, target: string): Promise<boolean> {
  try {
    await rename(file, target);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Makes the names in a directory durable: syncing a file says nothing of the name it is found by (fsync(2)). */
async function syncDirectory(directory: string): Promise<void> {
  // Windows opens no directory for syncing; its file systems log the names by themselves.
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    // Nothing was written through it, and so nothing is lost with it: nobody need wait.
    handle.close().catch(() => undefined);
  }
}

/** In milliseconds since 1970, or null when the file is gone: its writer has finished in the meantime. */
async function modificationTime(file: string): Promise<number | null> {
  try {
    const { mtimeMs } = await stat(file);
    return mtimeMs;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
