/**
 * Writes one blob to a temporary file while its hash is computed, and hands the file over to be put in its place. A blob that
 * is to survive a power cut is synced before, so a crash leaves at most a temporary file.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Durability } from '../../../domain/durability.ts';
import { returnBuffer } from '../../../lib/buffer-pool.ts';
import { BlobWriteError, type BlobWriter, type StoredBlob, type WriteObserver } from '../../blob-store.ts';
import { PendingBytes } from './pending-bytes.ts';

/** A caller with more pending than this waits for the disk; meanwhile more chunks are gathered into one write. */
const MAX_UNAWAITED_BYTES = 1024 * 1024;
/** The writer of a caller that does not wait fails at this. */
const MAX_PENDING_BYTES = 16 * 1024 * 1024;
/** Pictures are private, also where the data folder was made by somebody else and is open to other users. */
const OWNER_ONLY = 0o600;

/** Moves a complete file under its hash; resolves when that is as durable as its bytes. */
export type Place = (temporary: string, sha256: string, durability: Durability) => Promise<void>;

export class FileBlobWriter implements BlobWriter {
  readonly #temporary: string;
  readonly #place: Place;
  readonly #observer: WriteObserver | undefined;
  readonly #hash = createHash('sha256');
  readonly #opened: Promise<FileHandle>;
  readonly #pending: PendingBytes;
  /** All writes so far; stays rejected with the first error. */
  #writes: Promise<void>;
  /** Whether a write is queued that has not started: it takes what is appended meanwhile. */
  #isQueued = false;
  #byteSize = 0;
  #hasFailed = false;
  #finished: Promise<StoredBlob> | undefined;
  #discarded: Promise<void> | undefined;

  /** @param temporary path of the file to create */
  constructor(temporary: string, place: Place, observer?: WriteObserver) {
    this.#temporary = temporary;
    this.#place = place;
    this.#observer = observer;
    this.#pending = new PendingBytes((buffer, byteLength) => {
      if (observer === undefined) returnBuffer(buffer);
      else observer.onWritten(buffer, byteLength);
    });
    this.#opened = open(temporary, 'wx', OWNER_ONLY);
    this.#writes = withHandler(
      this.#opened.then(
        () => {},
        (cause) => this.#fail(cause),
      ),
    );
  }

  write(chunk: Uint8Array): Promise<void> {
    if (this.#finished !== undefined || this.#discarded !== undefined) {
      return withHandler(Promise.reject(new BlobWriteError('the writer has ended.')));
    }
    if (this.#pending.byteLength > MAX_PENDING_BYTES) {
      this.#hasFailed = true;
      this.#writes = withHandler(Promise.reject(new BlobWriteError('the caller does not wait for the disk.')));
      return this.#writes;
    }
    this.#hash.update(chunk);
    this.#byteSize += chunk.byteLength;
    this.#pending.append(chunk);
    if (!this.#isQueued) this.#writes = withHandler(this.#writes.then(() => this.#writePending()));
    this.#isQueued = true;
    return this.#pending.byteLength > MAX_UNAWAITED_BYTES || this.#hasFailed ? this.#writes : RESOLVED;
  }

  async withLocalFile<T>(use: (path: string) => Promise<T>): Promise<T> {
    await this.#writes;
    return use(this.#temporary);
  }

  finish(durability: Durability = 'SYNCED'): Promise<StoredBlob> {
    if (this.#discarded !== undefined) return Promise.reject(new BlobWriteError('the writer was discarded.'));
    this.#finished ??= this.#commit(durability);
    return this.#finished;
  }

  async discard(): Promise<void> {
    if (this.#finished !== undefined) {
      await this.#finished.catch(() => {});
      return;
    }
    this.#discarded ??= this.#remove();
    await this.#discarded;
  }

  async #writePending(): Promise<void> {
    try {
      const file = await this.#opened;
      this.#isQueued = false;
      await this.#pending.writeTo(file, () => this.#discarded !== undefined);
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #fail(cause: unknown): never {
    this.#hasFailed = true;
    throw BlobWriteError.from(cause);
  }

  async #commit(durability: Durability): Promise<StoredBlob> {
    try {
      await this.#writes;
      const file = await this.#opened;
      // The blob's age counts from now, however slowly its bytes came; otherwise `deleteOlder` might remove it.
      const now = new Date();
      await Promise.all([file.utimes(now, now), durability === 'SYNCED' ? file.sync() : undefined]);
      const stored = { sha256: this.#hash.digest('hex'), byteSize: this.#byteSize };
      await this.#place(this.#temporary, stored.sha256, durability);
      this.#pending.releaseLast();
      this.#observer?.onStored(stored);
      // What has to be synced is, so an error cannot lose anything: do not wait.
      file.close().catch(() => undefined);
      return stored;
    } catch (cause) {
      await this.#remove();
      throw BlobWriteError.from(cause);
    }
  }

  async #remove(): Promise<void> {
    await this.#writes.catch(() => {});
    this.#observer?.onDiscarded();
    this.#pending.clear();
    try {
      const file = await this.#opened;
      await file.close();
    } catch {
      // The file was never opened, or the disk failed: there is nothing left to close.
    }
    // A file that cannot be removed now is left to `removeTemporary`.
    await rm(this.#temporary, { force: true }).catch(() => {});
  }
}

const RESOLVED: Promise<void> = Promise.resolve();

/** `finish` reports a failed write again, so a write that nobody awaits must not end the process when it fails. */
function withHandler(write: Promise<void>): Promise<void> {
  write.catch(() => {});
  return write;
}
