/**
 * Removes stored files that nothing names: left by a crash between storing the bytes and storing the event, or by a
 * writer whose claim was lost. Everything else stays.
 *
 * Why nothing that is needed goes: bytes are stored before the row that names them, and storing makes a file young,
 * also when the same bytes were there already. So a row that the reading of rows below has not seen was written after
 * it began, its bytes were stored at most `graceMs` before that, and its file is not old; and `deleteOlder` looks at the
 * age once more where nobody can store in between. What this rests on is that no row comes later than `graceMs` behind
 * its bytes: the longest wait between the two is for a database that another process holds, which ends much sooner.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { BlobStore } from '../blobs/blob-store.ts';
import type { Database } from '../db/database.ts';
import { blobReferences } from '../db/queries/blob-references.ts';

const INTERVAL_MS = 60 * 60 * 1000;
/** Longer than any pause of a stream that is alive. */
const TEMPORARY_GRACE_MS = 2 * 60 * 60 * 1000;

export interface OrphansOptions {
  readonly db: Database;
  readonly blobs: Pick<BlobStore, 'list' | 'deleteOlder' | 'sweepTemporary'>;
  /** Files that were stored more recently are left alone; milliseconds. */
  readonly graceMs: number;
  /** Milliseconds since 1970, by the clock that stamps the files. */
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

export interface Orphans {
  /** Removes what is orphaned and what was left half-written; never rejects. */
  sweep(): Promise<void>;
  /** Sweeps now and every hour until the signal aborts; never rejects. */
  run(): Promise<void>;
}

export function createOrphans({ db, blobs, graceMs, nowMs, signal, logger }: OrphansOptions): Orphans {
  async function sweepFiles(): Promise<void> {
    const beforeMs = nowMs() - graceMs;
    // Some hundred bytes of memory for each picture, for as long as a sweep takes.
    const named = new Set<string>();
    for await (const { sha256 } of blobReferences(db)) {
      if (signal.aborted) return;
      named.add(sha256);
    }
    let files = 0;
    let bytes = 0;
    for await (const { sha256, byteSize, modifiedMs } of blobs.list()) {
      if (signal.aborted) return;
      if (modifiedMs >= beforeMs || named.has(sha256) || !(await blobs.deleteOlder(sha256, beforeMs))) continue;
      files += 1;
      bytes += byteSize;
    }
    if (files > 0) logger.info({ files, bytes }, 'removed stored files that nothing names');
  }

  async function sweep(): Promise<void> {
    try {
      await blobs.sweepTemporary(TEMPORARY_GRACE_MS);
      await sweepFiles();
    } catch (error) {
      // The server closes its database under a sweep that has not noticed yet.
      if (!signal.aborted) logger.warn({ err: error }, 'files that nothing names could not be removed');
    }
  }

  return {
    sweep,
    async run() {
      while (!signal.aborted) {
        await sweep();
        // Its rejection says only that the signal has aborted.
        await sleep(INTERVAL_MS, undefined, { signal, ref: false }).catch(() => undefined);
      }
    },
  };
}
