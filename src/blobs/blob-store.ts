/**
 * The contract for stored bytes. Content is addressed by its SHA-256: a hash names the same bytes for ever, and equal
 * content is stored once. drivers/<name>/ implements the contract, recent-cache.ts adds a cache to any driver, and
 * test/contract/blob-store.ts runs on each. No method returns a file path, because a driver may have no files.
 */
import type { Readable } from 'node:stream';
import type { Durability } from '../domain/durability.ts';

/** The receipt for stored bytes. */
export interface StoredBlob {
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly byteSize: number;
}

export interface BlobStat {
  readonly byteSize: number;
  /** When it was last stored; storing the same bytes again counts. Milliseconds since 1970. */
  readonly modifiedMs: number;
}

export interface ListedBlob extends StoredBlob, BlobStat {}

/** Part of a blob: the offsets of its first and its last byte, both included. `0 <= start <= end < byteSize`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A blob opened for reading. Must be closed. */
export interface BlobReader {
  /** Of the whole blob, whatever range is read. */
  readonly byteSize: number;
  /**
   * The bytes of the range in order: an array when they are in memory already, otherwise a stream. `for await` reads
   * both. The chunks keep their content until `close`.
   */
  readonly bytes: readonly Uint8Array[] | Readable;
  /**
   * Call it when the chunks are no longer needed. A second call does nothing.
   * @param canReuse false when something may still be reading the chunks, such as the system after a broken connection:
   * then their memory is left to the garbage collector.
   */
  close(canReuse?: boolean): void;
}

/**
 * Takes the bytes of one blob as they arrive; a `PictureSink<StoredBlob>` to the provider.
 * Every writer must be ended with `finish` or `discard`: until then it holds an open file.
 */
export interface BlobWriter {
  /**
   * Copies `chunk` before it returns, and resolves when more may be written. Calls keep their order even if they are
   * not awaited, but await some: a writer that gets too far ahead of the disk fails rather than fill the memory.
   * @throws {BlobWriteError} when this or an earlier chunk could not be written. Every later call fails as well,
   * including `finish`.
   */
  write(chunk: Uint8Array): Promise<void>;
  /**
   * Calls `use` with the path of a local file that has the bytes written so far, to inspect them before they are
   * stored. The file is there until `use` settles. Resolves with the result of `use`.
   * @throws {BlobWriteError} when something could not be written.
   */
  withLocalFile<T>(use: (path: string) => Promise<T>): Promise<T>;
  /**
   * Resolves when the bytes are stored as `durability` says (default: synced), and readable under their hash. After a power
   * cut, unsynced bytes are whole or missing, never damaged. The same bytes may be stored in both ways, independently of each
   * other. A second call gives the same answer.
   * @throws {BlobWriteError} when they could not be stored; nothing is left behind.
   */
  finish(durability?: Durability): Promise<StoredBlob>;
  /** Throws away what was written. Never rejects; does nothing after `finish`. */
  discard(): Promise<void>;
}

/**
 * Receives a writer's buffers once they are written, so that a cache can keep the bytes without copying them. A driver
 * that does not buffer in the pool of src/lib/buffer-pool.ts ignores it; its blobs are then not cached.
 */
export interface WriteObserver {
  /**
   * The next bytes of the blob were written: the first `byteLength` bytes of `buffer`. The buffer belongs to the observer
   * from now on, which gives it back to the pool.
   */
  onWritten(buffer: Buffer, byteLength: number): void;
  /** All bytes were passed to `onWritten`, and are stored. */
  onStored(blob: StoredBlob): void;
  /** The blob was discarded, or could not be stored. */
  onDiscarded(): void;
}

export interface BlobStore {
  openWriter(observer?: WriteObserver): BlobWriter;
  /** @throws {BlobWriteError} when the bytes could not be stored. */
  put(bytes: Uint8Array): Promise<StoredBlob>;
  /**
   * Reads the whole blob and verifies its hash.
   * @throws {BlobMissingError} when nothing is stored under this hash · {BlobDamagedError} when the stored bytes have
   * another hash · the system's error when they cannot be read
   */
  read(sha256: string): Promise<Buffer>;
  /**
   * Like `read`, but in memory that is used again: the bytes are valid until `use` returns. Resolves with the result of
   * `use`.
   * @throws what `read` throws
   */
  withBytes<T>(sha256: string, use: (bytes: Buffer) => T): Promise<T>;
  /**
   * Opens the blob, or a range of it, without verifying its hash.
   * @throws {BlobMissingError} when nothing is stored under this hash · {RangeError} when the range is not within the
   * blob · the system's error when it cannot be opened. All of these before the first byte.
   */
  openRead(sha256: string, range?: ByteRange): Promise<BlobReader>;
  /**
   * Calls `use` with the path of a local file that has the bytes; a remote store downloads one. The file must not be
   * changed and is there until `use` settles. Resolves with the result of `use`.
   * @throws {BlobMissingError} when nothing is stored under this hash
   */
  withLocalFile<T>(sha256: string, use: (path: string) => Promise<T>): Promise<T>;
  /** Null when nothing is stored under this hash. */
  stat(sha256: string): Promise<BlobStat | null>;
  /**
   * A URL from which a client can read the bytes directly for `expiresInMs`. A driver without such URLs leaves the
   * method out.
   */
  url?(sha256: string, expiresInMs: number): Promise<string>;
  /** Removes the bytes, if there are any. The caller has to know that nothing refers to them any more. */
  delete(sha256: string): Promise<void>;
  /**
   * Every blob that is stored throughout; blobs that are stored or removed meanwhile may be left out. One that is stored both
   * synced and unsynced may come twice.
   */
  list(): AsyncIterable<ListedBlob>;
  /**
   * Removes the bytes if they were last stored before `beforeMs` (milliseconds since 1970), and resolves with whether
   * they were removed. A `finish` that resolved since then is never undone, even if it resolves during this call.
   */
  deleteOlder(sha256: string, beforeMs: number): Promise<boolean>;
  /**
   * Removes what the unfinished writers of a dead process have left, and resolves with how many there were. Another
   * process may be writing at this moment: the age counts from a writer's last write, so `olderThanMs` must exceed any
   * pause of a live stream.
   */
  removeTemporary(olderThanMs: number): Promise<number>;
  /** Releases system resources; call it when all writers have ended. */
  close(): Promise<void>;
  /** Resolves when an image could be stored now. @throws {BlobWriteError} when none could. */
  check(): Promise<void>;
}

/** No bytes are stored under this hash. */
export class BlobMissingError extends Error {
  override readonly name = 'BlobMissingError';
  readonly sha256: string;

  constructor(sha256: string, cause?: unknown) {
    super(`No bytes are stored under ${sha256}.`, { cause });
    this.sha256 = sha256;
  }
}

/** The stored bytes have another hash: the disk lost some of them, or somebody changed the file. */
export class BlobDamagedError extends Error {
  override readonly name = 'BlobDamagedError';
  readonly sha256: string;

  constructor(sha256: string) {
    super(`The bytes stored under ${sha256} are damaged: their hash is not ${sha256}.`);
    this.sha256 = sha256;
  }
}

/** Bytes could not be stored: the disk is full, not writable, missing … The `cause` is the system's own error. */
export class BlobWriteError extends Error {
  override readonly name = 'BlobWriteError';

  constructor(reason: string, cause?: unknown) {
    super(`The bytes could not be stored: ${reason}`, { cause });
  }

  /** Returns a BlobWriteError unchanged, so that a writer reports its first failure. */
  static from(cause: unknown): BlobWriteError {
    if (cause instanceof BlobWriteError) return cause;
    return new BlobWriteError(cause instanceof Error ? cause.message : String(cause), cause);
  }
}
