/**
 * Blobs on the local disk, as `<directory>/ab/<sha256>`. Decided in docs/decisions/2026-11-23-files-on-disk.md; the files
 * beside this one each do one part of the work.
 */
import { hash, randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
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
import { blobFile, createShards, needsMigration, temporaryDirectory } from './layout.ts';
import { listFiles, removeOldFiles } from './list-files.ts';
import { isMissing, statFile } from './missing-file.ts';
import { StoredFiles } from './stored-files.ts';

export interface FileBlobStoreOptions {
  /** Created when it does not exist. Several processes of one machine may share it. */
  readonly directory: string;
}

/** @throws the system's error when the directory cannot be created. */
export async function openFileBlobStore(options: FileBlobStoreOptions): Promise<BlobStore> {
  const root = resolve(options.directory);
  await makeDirectory(temporaryDirectory(root));
  if (await needsMigration(root)) await createShards(root);
  return new FileBlobStore(root);
}

class FileBlobStore implements BlobStore {
  readonly #root: string;
  readonly #temporary: string;
  readonly #files: StoredFiles;
  readonly #reader = new FileReader();

  constructor(root: string) {
    this.#root = root;
    this.#temporary = temporaryDirectory(root);
    this.#files = new StoredFiles(root);
  }

  openWriter(observer?: WriteObserver) {
    const temporary = join(this.#temporary, randomUUID());
    return new FileBlobWriter(temporary, (file, sha256) => this.#files.place(file, sha256), observer);
  }

  put(bytes: Uint8Array) {
    return writeAll(this.openWriter(), bytes);
  }

  async read(sha256: string) {
    const bytes = await readFile(this.#path(sha256)).catch((error: unknown) => {
      throw isMissing(error) ? new BlobMissingError(sha256, error) : error;
    });
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
    return this.#reader.openRead(this.#path(sha256), sha256, range);
  }

  async withLocalFile<T>(sha256: string, use: (path: string) => Promise<T>) {
    const path = this.#path(sha256);
    if ((await statFile(path)) === null) throw new BlobMissingError(sha256);
    return use(path);
  }

  async stat(sha256: string) {
    return statFile(this.#path(sha256));
  }

  async delete(sha256: string) {
    await this.#files.remove(sha256);
  }

  list() {
    return listFiles(this.#root);
  }

  async deleteOlder(sha256: string, beforeMs: number) {
    return this.#files.removeOlder(sha256, beforeMs);
  }

  removeTemporary(olderThanMs: number) {
    return removeOldFiles(this.#temporary, olderThanMs);
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

  #path(sha256: string): string {
    return blobFile(this.#root, sha256);
  }
}
