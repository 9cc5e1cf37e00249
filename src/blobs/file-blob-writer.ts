/**
 * Writes one blob to a temporary file while its hash is taken, and hands the synced file over to be put in its place.
 * Nothing carries a hash for its name before every byte is on the disk, so a crash leaves at most a temporary file.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { BlobWriteError, type BlobWriter, type StoredBlob } from './blob-store.ts';
import { borrowBuffer, returnBuffer, SMALLEST_BUFFER_BYTES as SLAB_BYTES } from './buffers.ts';

/** How far a caller may run ahead of the disk; what gathers meanwhile is written in one piece. */
const AHEAD_BYTES = 1024 * 1024;
/** The same for one that does not wait. */
const MAX_PENDING_BYTES = 16 * 1024 * 1024;

/** What to do with a complete, synced file: resolves when it is durable under its hash. */
export type Place = (temporary: string, sha256: string) => Promise<void>;

export class FileBlobWriter implements BlobWriter {
  readonly #temporary: string;
  readonly #place: Place;
  readonly #hash = createHash('sha256');
  readonly #opened: Promise<FileHandle>;
  /** All writes so far; fails for good with the first of them that failed. */
  #tail: Promise<void>;
  /** What was handed in since the last write began. All slabs are full but the last, of which so much is. */
  #gathered: Buffer[] = [];
  #filled = SLAB_BYTES;
  #pendingBytes = 0;
  #byteSize = 0;
  #isBroken = false;
  #finished: Promise<StoredBlob> | undefined;
  #discarded: Promise<void> | undefined;

  constructor(temporary: string, place: Place) {
    this.#temporary = temporary;
    this.#place = place;
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
    const isFirst = this.#gathered.length === 0;
    this.#gather(chunk);
    if (isFirst) this.#tail = heard(this.#tail.then(() => this.#writeGathered()));
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
      if (this.#filled === SLAB_BYTES) {
        this.#gathered.push(borrowBuffer(SLAB_BYTES));
        this.#filled = 0;
      }
      const piece = chunk.subarray(at, at + SLAB_BYTES - this.#filled);
      this.#gathered.at(-1)?.set(piece, this.#filled);
      this.#filled += piece.byteLength;
      at += piece.byteLength;
    }
  }

  async #writeGathered(): Promise<void> {
    const slabs = this.#gathered;
    const inLast = this.#filled;
    this.#gathered = [];
    this.#filled = SLAB_BYTES;
    try {
      const file = await this.#opened;
      for (const [index, slab] of slabs.entries()) {
        // A discarded writer has no use for what is still queued.
        if (this.#discarded !== undefined) return;
        const bytes = index === slabs.length - 1 ? slab.subarray(0, inLast) : slab;
        // Unlike `write`, this goes on after a short write; it starts at the file's current position.
        await file.writeFile(bytes);
        this.#pendingBytes -= bytes.byteLength;
      }
    } catch (cause) {
      this.#break(cause);
    } finally {
      slabs.forEach(returnBuffer);
    }
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
