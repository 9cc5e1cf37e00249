/**
 * Writes one blob to a temporary file while its hash is taken, and hands the synced file over to be put in its place.
 * Nothing carries a hash for its name before every byte is on the disk, so a crash leaves at most a temporary file.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { borrowBuffer, returnBuffer, SMALLEST_BUFFER_BYTES as SLAB_BYTES } from '../../../lib/buffer-pool.ts';
import { BlobWriteError, type BlobWriter, type StoredBlob } from '../../blob-store.ts';
import type { RecentBlobs, Retained } from '../../recent-blobs.ts';

/** How far a caller may run ahead of the disk; what gathers meanwhile is written in one piece. */
const AHEAD_BYTES = 1024 * 1024;
/** The same for one that does not wait. */
const MAX_PENDING_BYTES = 16 * 1024 * 1024;

/** What to do with a complete, synced file: resolves when it is durable under its hash. */
export type Place = (temporary: string, sha256: string) => Promise<void>;

/** A buffer with the first bytes filled, and the first of these written. */
interface Slab {
  readonly buffer: Buffer;
  filled: number;
  written: number;
}

export class FileBlobWriter implements BlobWriter {
  readonly #temporary: string;
  readonly #place: Place;
  readonly #retained: Retained;
  readonly #hash = createHash('sha256');
  readonly #opened: Promise<FileHandle>;
  /** All writes so far; fails for good with the first of them that failed. */
  #tail: Promise<void>;
  /** What was handed in and is not wholly written. All are full but the last. */
  readonly #slabs: Slab[] = [];
  /** Whether a write is to begin that will take what is handed in now. */
  #isQueued = false;
  #pendingBytes = 0;
  #byteSize = 0;
  #isBroken = false;
  #finished: Promise<StoredBlob> | undefined;
  #discarded: Promise<void> | undefined;

  constructor(temporary: string, place: Place, recent: RecentBlobs) {
    this.#temporary = temporary;
    this.#place = place;
    this.#retained = recent.retain();
    this.#opened = open(temporary, 'wx');
    this.#tail = heard(
      this.#opened.then(
        () => {},
        (cause) => this.#break(cause),
      ),
    );
  }

  write(chunk: Uint8Array): Promise<void> {
    if (this.#finished !== undefined || this.#discarded !== undefined) {
      return heard(Promise.reject(new BlobWriteError('the writer has ended.')));
    }
    if (this.#pendingBytes > MAX_PENDING_BYTES) {
      this.#isBroken = true;
      this.#tail = heard(Promise.reject(new BlobWriteError('the caller does not wait for the disk.')));
      return this.#tail;
    }
    this.#hash.update(chunk);
    this.#byteSize += chunk.byteLength;
    this.#pendingBytes += chunk.byteLength;
    this.#gather(chunk);
    if (!this.#isQueued) this.#tail = heard(this.#tail.then(() => this.#writeGathered()));
    this.#isQueued = true;
    return this.#pendingBytes > AHEAD_BYTES || this.#isBroken ? this.#tail : WRITE_ON;
  }

  async peek(): Promise<string> {
    await this.#tail;
    return this.#temporary;
  }

  finish(): Promise<StoredBlob> {
    if (this.#discarded !== undefined) return Promise.reject(new BlobWriteError('the writer was discarded.'));
    this.#finished ??= this.#commit();
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

  #gather(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.byteLength; ) {
      let slab = this.#slabs.at(-1);
      if (slab === undefined || slab.filled === SLAB_BYTES) {
        slab = { buffer: borrowBuffer(SLAB_BYTES), filled: 0, written: 0 };
        this.#slabs.push(slab);
      }
      const piece = chunk.subarray(at, at + SLAB_BYTES - slab.filled);
      slab.buffer.set(piece, slab.filled);
      slab.filled += piece.byteLength;
      at += piece.byteLength;
    }
  }

  async #writeGathered(): Promise<void> {
    try {
      const file = await this.#opened;
      this.#isQueued = false;
      for (const slab of [...this.#slabs]) {
        // A discarded writer has no use for what is still queued.
        if (this.#discarded !== undefined) return;
        const bytes = slab.buffer.subarray(slab.written, slab.filled);
        // The write before has taken it along.
        if (bytes.byteLength === 0) continue;
        // Unlike `write`, this goes on after a short write; it starts at the file's current position.
        await file.writeFile(bytes);
        slab.written += bytes.byteLength;
        this.#pendingBytes -= bytes.byteLength;
        if (slab.written === SLAB_BYTES) this.#retainFirst();
      }
    } catch (cause) {
      this.#break(cause);
    }
  }

  #retainFirst(): void {
    const slab = this.#slabs.shift();
    if (slab !== undefined) this.#retained.add(slab.buffer, slab.written);
  }

  #break(cause: unknown): never {
    this.#isBroken = true;
    throw BlobWriteError.from(cause);
  }

  async #commit(): Promise<StoredBlob> {
    try {
      await this.#tail;
      const file = await this.#opened;
      // The age of a blob is counted from here, however slowly its bytes came: `deleteOlder` must not take it for old.
      const now = new Date();
      await Promise.all([file.utimes(now, now), file.sync()]);
      const sha256 = this.#hash.digest('hex');
      await this.#place(this.#temporary, sha256);
      this.#retainFirst();
      this.#retained.keep(sha256);
      // Nothing is lost with it any more: nobody need wait.
      file.close().catch(() => undefined);
      return { sha256, byteSize: this.#byteSize };
    } catch (cause) {
      await this.#remove();
      throw BlobWriteError.from(cause);
    }
  }

  async #remove(): Promise<void> {
    await this.#tail.catch(() => {});
    this.#retained.drop();
    for (const { buffer } of this.#slabs.splice(0)) returnBuffer(buffer);
    try {
      const file = await this.#opened;
      await file.close();
    } catch {
      // It was never opened, or the disk failed it: either way there is nothing more to close.
    }
    // What cannot be removed now is left to `sweepTemporary`.
    await rm(this.#temporary, { force: true }).catch(() => {});
  }
}

const WRITE_ON: Promise<void> = Promise.resolve();

/** A failed write is told again by `finish`; that nobody awaited this very one must not end the process. */
function heard(write: Promise<void>): Promise<void> {
  write.catch(() => {});
  return write;
}
