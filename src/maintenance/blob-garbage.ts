/**
 * Blob garbage collection: removes stored blobs that no row refers to. A crash between storing the bytes and storing the
 * event leaves them, and so does a writer that lost its claim.
 *
 * Why no needed blob is removed: bytes are stored before the row that refers to them, and storing resets a blob's age,
 * also when the same bytes were there already. A row that `referenced` below lacks was written after the reading began.
 * Its bytes were stored at most `graceMs` before that, so the blob is not old. `deleteOlder` checks the age again where
 * nobody can store in between. This requires that no row is written later than `graceMs` after its bytes; the longest
 * wait between the two is for a database that another process has locked, which ends much sooner.
 */
import type { Logger } from 'pino';
import type { BlobStore } from '../blobs/blob-store.ts';
import type { BlobReference } from '../db/queries/engine/blob-references.ts';

/** Longer than any pause of a live stream. */
const TEMPORARY_GRACE_MS = 2 * 60 * 60 * 1000;

export interface BlobGarbageOptions {
  /** The blobs of this store that rows refer to (src/db/queries/engine/blob-references.ts). */
  readonly references: () => AsyncIterable<Pick<BlobReference, 'sha256'>>;
  /** Removes rows that need not be kept, before the blobs are looked at. */
  readonly before?: () => Promise<void>;
  readonly blobs: Pick<BlobStore, 'list' | 'deleteOlder' | 'removeTemporary'>;
  /** Blobs that were stored more recently are kept; milliseconds. */
  readonly graceMs: number;
  /** Milliseconds since 1970, by the clock that stamps the blobs. */
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

export interface BlobGarbageCollector {
  /** Removes unreferenced blobs and unfinished writes once; never rejects. */
  collect(): Promise<void>;
}

export function createBlobGarbageCollector(options: BlobGarbageOptions): BlobGarbageCollector {
  const { blobs, signal, logger } = options;

  async function collect(): Promise<void> {
    try {
      await blobs.removeTemporary(TEMPORARY_GRACE_MS);
      await options.before?.();
      await removeUnreferenced(options);
    } catch (error) {
      // After the signal, the server closes its database even if a collection has not stopped yet.
      if (!signal.aborted) logger.warn({ err: error }, 'unreferenced blobs could not be removed');
    }
  }

  return { collect };
}

async function removeUnreferenced(options: BlobGarbageOptions): Promise<void> {
  const { references, blobs, graceMs, nowMs, signal, logger } = options;
  const beforeMs = nowMs() - graceMs;
  // Takes some hundred bytes of memory for each image while a collection runs.
  const referenced = new Set<string>();
  for await (const { sha256 } of references()) {
    if (signal.aborted) return;
    referenced.add(sha256);
  }
  let files = 0;
  let bytes = 0;
  for await (const { sha256, byteSize, modifiedMs } of blobs.list()) {
    if (signal.aborted) return;
    if (modifiedMs >= beforeMs || referenced.has(sha256)) continue;
    if (!(await blobs.deleteOlder(sha256, beforeMs))) continue;
    files += 1;
    bytes += byteSize;
  }
  if (files > 0) logger.info({ files, bytes }, 'removed unreferenced blobs');
}
