/**
 * Blobs on the local disk, as `<directory>/ab/<sha256>`. Decided in docs/decisions/2026-11-23-files-on-disk.md.
 * A file gets its name by a rename within the same file system, after its bytes were synced: under a hash there is
 * either nothing or the whole content, whatever happened to the process or the machine.
 */
import { hash, randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { borrowBuffer, LARGEST_BUFFER_BYTES, returnBuffer } from '../../../lib/buffer-pool.ts';
import {
  BlobDamagedError,
  BlobMissingError,
  type BlobStore,
  BlobWriteError,
  type ListedBlob,
} from '../../blob-store.ts';
import { lookAtHeld, RecentBlobs } from '../../recent-blobs.ts';
import { FileBlobWriter } from './blob-writer.ts';
import { makeDirectory, SyncedDirectories } from './directories.ts';
import { checkFreeSpace } from './free-space.ts';
import { isOfOldLayout, layOut, SHELVES } from './layout.ts';

/** How much of a blob that is there as a whole is copied at once. */
const PUT_BYTES = 1024 * 1024;
const SHA256 = /^[0-9a-f]{64}$/;

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
  if (await isOfOldLayout(root)) await layOut(root);
  return new FileBlobs(root, temporary);
}

class FileBlobs implements BlobStore {
  readonly #root: string;
  readonly #temporary: string;
  readonly #recent = new RecentBlobs();
  readonly #shelves = new SyncedDirectories();
  /** Resolves when there is a directory for every hash. */
  #laidOut: Promise<void> | undefined;
  /** The hashes whose file is being put in its place or removed, each with the last of those who wait for it. */
  readonly #turns = new Map<string, Promise<void>>();

  constructor(root: string, temporary: string) {
    this.#root = root;
    this.#temporary = temporary;
  }

  open() {
    return new FileBlobWriter(
      join(this.#temporary, randomUUID()),
      (file, sha256) => this.#place(file, sha256),
      this.#recent,
    );
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

  hold(sha256: string) {
    return this.#recent.hold(sha256);
  }

  async lend<T>(sha256: string, look: (bytes: Buffer) => T) {
    const held = this.#recent.hold(sha256);
    if (held !== null) return lookAtHeld(held, look);
    const file = await open(this.path(sha256), 'r').catch((error: unknown) => {
      throw isMissing(error) ? new BlobMissingError(sha256, error) : error;
    });
    let room: Buffer | undefined;
    try {
      const { size } = await file.stat();
      if (size > LARGEST_BUFFER_BYTES) return look(await this.read(sha256));
      room = borrowBuffer(size);
      const bytes = room.subarray(0, await readFully(file, room.subarray(0, size)));
      if (hash('sha256', bytes) !== sha256) throw new BlobDamagedError(sha256);
      return look(bytes);
    } finally {
      if (room !== undefined) returnBuffer(room);
      // Nothing was written through it: nobody need wait.
      file.close().catch(() => undefined);
    }
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
    return join(this.#root, sha256.slice(0, 2), sha256);
  }

  async delete(sha256: string) {
    this.#recent.forget(sha256);
    await rm(this.path(sha256), { force: true });
  }

  async *list() {
    for (const shelf of SHELVES) {
      for (const sha256 of await namesIn(join(this.#root, shelf), SHA256)) {
        const listed = await listedBlob(this.path(sha256), sha256);
        if (listed !== null) yield listed;
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
      this.#recent.forget(sha256);
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

  async close() {
    await this.#shelves.close();
  }

  /** Renaming over a file of the same hash replaces it by the same bytes; should it have been damaged, it heals it. */
  async #place(file: string, sha256: string) {
    const target = this.path(sha256);
    const directory = dirname(target);
    await this.#layOut();
    await this.#inTurn(sha256, async () => {
      if (await renameIfThere(file, target)) return;
      this.#shelves.forget(directory);
      await makeDirectory(directory);
      await rename(file, target);
    });
    await this.#shelves.sync(directory);
  }

  /** With the first blob, not at the start: on a new disk it can take some tenths of a second, once. */
  #layOut(): Promise<void> {
    this.#laidOut ??= layOut(this.#root).catch((error: unknown) => {
      // The disk may be full: the next one tries again.
      this.#laidOut = undefined;
      throw error;
    });
    return this.#laidOut;
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

/** Reads until the buffer is full or the file has ended; resolves with how many bytes came. */
async function readFully(file: FileHandle, buffer: Buffer): Promise<number> {
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, at, buffer.length - at, at);
    at += bytesRead;
    if (bytesRead === 0 || at === buffer.length) return at;
  }
}

/** False when somebody has removed the directory to move it into. */
async function renameIfThere(file: string, target: string): Promise<boolean> {
  try {
    await rename(file, target);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
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
