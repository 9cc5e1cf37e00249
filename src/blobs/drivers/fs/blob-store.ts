/**
 * Blobs on the local disk: synced ones as `<directory>/ab/<sha256>`, others as `<directory>/unsynced/ab/<sha256>`. Decided in docs/decisions/2026-11-23-files-on-disk.md; the files
 * beside this one each do one part of the work.
 */
import { hash, randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { Durability } from '../../../domain/durability.ts';
import {
  BlobDamagedError,
  BlobMissingError,
  type BlobStore,
  BlobWriteError,
  type ByteRange,
  type WriteObserver,
} from '../../blob-store.ts';
import { writeAll } from '../../write-all.ts';
import { FileBlobWriter } from './blob-writer.ts';
import { makeDirectory } from './directories.ts';
import { FileReader } from './file-reader.ts';
import { checkFreeSpace } from './free-space.ts';
import { blobFile, createShards, needsMigration, temporaryDirectory, unsyncedRoot } from './layout.ts';
import { listFiles, removeOldFiles } from './list-files.ts';
import { isMissing, statFile } from './missing-file.ts';
import { StoredFiles } from './stored-files.ts';
import { UnsyncedFiles } from './unsynced-files.ts';

export interface FileBlobStoreOptions {
  /** Created when it does not exist. Several processes of one machine may share it. */
  readonly directory: string;
}

/** @throws the system's error when the directory cannot be created. */
export async function openFileBlobStore(options: FileBlobStoreOptions): Promise<BlobStore> {
  const root = resolve(options.directory);
  await makeDirectory(temporaryDirectory(root));
  await makeDirectory(temporaryDirectory(unsyncedRoot(root)));
  if (await needsMigration(root)) await createShards(root);
  return new FileBlobStore(root);
}

class FileBlobStore implements BlobStore {
  readonly #root: string;
  readonly #temporary: string;
  readonly #files: StoredFiles;
  readonly #unsynced: UnsyncedFiles;
  readonly #reader = new FileReader();

  constructor(root: string) {
    this.#root = root;
    this.#temporary = temporaryDirectory(root);
    this.#files = new StoredFiles(root, 'SYNCED');
    this.#unsynced = new UnsyncedFiles(unsyncedRoot(root));
  }

  openWriter(observer?: WriteObserver) {
    const temporary = join(this.#temporary, randomUUID());
    const place = (file: string, sha256: string, durability: Durability) =>
      (durability === 'SYNCED' ? this.#files : this.#unsynced).place(file, sha256);
    return new FileBlobWriter(temporary, place, observer);
  }

  put(bytes: Uint8Array) {
    return writeAll(this.openWriter(), bytes);
  }

  async read(sha256: string) {
    const bytes = await this.#fromFile(sha256, (path) =>
      readFile(path).catch((error: unknown) => {
        throw isMissing(error) ? new BlobMissingError(sha256, error) : error;
      }),
    );
    // On another thread: a large image takes some ten milliseconds.
    const digest = await crypto.subtle.digest('SHA-256', bytes);
    if (Buffer.from(digest).toString('hex') !== sha256) throw new BlobDamagedError(sha256);
    return bytes;
  }

  async withBytes<T>(sha256: string, use: (bytes: Buffer) => T) {
    const { bytes: chunks, close } = await this.openRead(sha256);
    try {
      if (chunks instanceof Readable) return use(await this.read(sha256));
      const [chunk = new Uint8Array()] = chunks;
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      if (hash('sha256', bytes) !== sha256) throw new BlobDamagedError(sha256);
      return use(bytes);
    } finally {
      close();
    }
  }

  async openRead(sha256: string, range?: ByteRange) {
    return this.#fromFile(sha256, (path) => this.#reader.openRead(path, sha256, range));
  }

  async withLocalFile<T>(sha256: string, use: (path: string) => Promise<T>) {
    const synced = blobFile(this.#root, sha256);
    const path = (await statFile(synced)) === null ? await this.#unsynced.fileOf(sha256) : synced;
    if (path === null || (await statFile(path)) === null) throw new BlobMissingError(sha256);
    return use(path);
  }

  async stat(sha256: string) {
    const stat = await statFile(blobFile(this.#root, sha256));
    if (stat !== null) return stat;
    const path = await this.#unsynced.fileOf(sha256);
    return path === null ? null : statFile(path);
  }

  async delete(sha256: string) {
    await this.#files.remove(sha256);
    await this.#unsynced.remove(sha256);
  }

  async *list() {
    yield* listFiles(this.#root);
    yield* listFiles(unsyncedRoot(this.#root));
  }

  async deleteOlder(sha256: string, beforeMs: number) {
    const isRemoved = await this.#files.removeOlder(sha256, beforeMs);
    return (await this.#unsynced.removeOlder(sha256, beforeMs)) || isRemoved;
  }

  async removeTemporary(olderThanMs: number) {
    const aside = temporaryDirectory(unsyncedRoot(this.#root));
    return (await removeOldFiles(this.#temporary, olderThanMs)) + (await removeOldFiles(aside, olderThanMs));
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

  close() {
    return this.#files.close();
  }

  /** Reads the synced file, or else the other. @throws {BlobMissingError} when there is neither, and what `read` throws */
  async #fromFile<T>(sha256: string, read: (path: string) => Promise<T>): Promise<T> {
    try {
      return await read(blobFile(this.#root, sha256));
    } catch (error) {
      const path = error instanceof BlobMissingError ? await this.#unsynced.fileOf(sha256) : null;
      if (path === null) throw error;
      return read(path);
    }
  }
}
