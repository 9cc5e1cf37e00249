/**
 * Bytes kept by the SHA-256 of their content. What is stored never changes, so a hash names the same bytes for ever
 * and the same picture stored twice is stored once. One interface, one file a driver: ./file-blobs.ts.
 */

import type { HeldBlob } from './recent-blobs.ts';

/** The receipt for stored bytes. */
export interface StoredBlob {
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly byteSize: number;
}

/**
 * Takes the bytes of one blob as they arrive; a `PictureSink<StoredBlob>` to the engine.
 * Every writer must be ended with `finish` or `discard`: until then it holds an open file.
 */
export interface BlobWriter {
  /**
   * Copies `chunk` before it returns, and resolves when more may be written. Calls keep their order without being awaited
   * one by one, but await some: a writer that is handed too much ahead of the disk fails rather than fill the memory.
   * @throws {BlobWriteError} when this or anything before it could not be written, and so does every later call, `finish`
   * included.
   */
  write(chunk: Uint8Array): Promise<void>;
  /**
   * Resolves with the path of a file on the local disk that holds what was written so far, to be looked at before it is
   * kept; it is there until `finish` or `discard`.
   * @throws {BlobWriteError} when something could not be written.
   */
  peek(): Promise<string>;
  /**
   * Resolves when the bytes are durable and readable under their hash. Asked again, it gives the same answer.
   * @throws {BlobWriteError} when they could not be stored; nothing is left behind.
   */
  finish(): Promise<StoredBlob>;
  /** Throws away what was written. Never rejects; harmless after `finish`. */
  discard(): Promise<void>;
}

/** A blob as it stands in the store. */
export interface ListedBlob extends StoredBlob {
  /** When it was stored last, the same bytes stored again counting as well. Milliseconds since 1970. */
  readonly modifiedMs: number;
}

export interface BlobStore {
  open(): BlobWriter;
  /** @throws {BlobWriteError} when the bytes could not be stored. */
  put(bytes: Uint8Array): Promise<StoredBlob>;
  /**
   * Never resolves with other bytes than those of the hash.
   * @throws {BlobMissingError} when nothing is stored under this hash · {BlobDamagedError} when it is something else ·
   * the system's error when it cannot be read
   */
  read(sha256: string): Promise<Buffer>;
  /**
   * As `read`, for who is done with the bytes at once: `look` has them until it returns. Resolves with what it returns.
   * @throws what `read` throws
   */
  lend<T>(sha256: string, look: (bytes: Buffer) => T): Promise<T>;
  /** The bytes in memory, if they were stored just now. To be released. */
  hold(sha256: string): HeldBlob | null;
  /** The number of stored bytes, or null when nothing is stored under this hash. */
  size(sha256: string): Promise<number | null>;
  /** Where the bytes are, or would be, on the local disk: for serving them without passing through memory. */
  path(sha256: string): string;
  /** Removes the bytes; harmless when there are none. That nothing refers to them any more is the caller's to know. */
  delete(sha256: string): Promise<void>;
  /** Every blob that was there throughout; what comes or goes meanwhile may be left out. */
  list(): AsyncIterable<ListedBlob>;
  /**
   * Removes the bytes unless they were stored, or stored again, at `beforeMs` (milliseconds since 1970) or later, be it
   * at this very moment: a writer's `finish` that resolved since then is never undone. Whether they were removed.
   */
  deleteOlder(sha256: string, beforeMs: number): Promise<boolean>;
  /**
   * Removes what unfinished writers of a process that died have left; returns how many. Another process may be writing
   * at this moment: the age, counted from a writer's last write, must exceed any pause in a living stream.
   */
  sweepTemporary(olderThanMs: number): Promise<number>;
  /** Gives back what it holds of the system, when all writers have ended. */
  close(): Promise<void>;
  /** Resolves when a picture could be stored now. @throws {BlobWriteError} when none could. */
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

/** What is stored under this hash is not what it names: a disk lost some of it, or somebody wrote into the file. */
export class BlobDamagedError extends Error {
  override readonly name = 'BlobDamagedError';
  readonly sha256: string;

  constructor(sha256: string) {
    super(`The bytes that are stored under ${sha256} are not the ones that were stored.`);
    this.sha256 = sha256;
  }
}

/** Bytes could not be stored: the disk is full, not writable, gone … The `cause` is the system's own error. */
export class BlobWriteError extends Error {
  override readonly name = 'BlobWriteError';

  constructor(reason: string, cause?: unknown) {
    super(`The bytes could not be stored: ${reason}`, { cause });
  }

  /** The same error again if it is one already, so that a writer's first failure is the one that is told. */
  static from(cause: unknown): BlobWriteError {
    if (cause instanceof BlobWriteError) return cause;
    return new BlobWriteError(cause instanceof Error ? cause.message : String(cause), cause);
  }
}
