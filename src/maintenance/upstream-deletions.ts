/**
 * Deletes at the upstream what was deleted for good here, where the operator wants it (`UPSTREAM_DELETE`). What is to be
 * deleted is stored in the transaction that deletes it here. An upstream that is down is asked again by the next run.
 */
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import {
  deleteOldUpstreamDeletions,
  deleteUpstreamDeletion,
  pageOfUpstreamDeletions,
} from '../db/queries/engine/upstream-deletions.ts';
import type { UpstreamDeletion, UpstreamDeletionOutcome } from '../domain/upstream-deletion.ts';

/** An upstream keeps responses and files for at most that long by itself. */
const GIVE_UP_AFTER_MS = 30 * 24 * 60 * 60 * 1000;
const PAGE_SIZE = 100;
/** One after the other, then the upstream is down and not just forgetful of one id. */
const MAX_FAILURES = 3;

export interface UpstreamDeletionsOptions {
  readonly db: Database;
  /** Identifies the upstream that is asked: ids of another one mean nothing to it. */
  readonly upstream: string;
  /** Never rejects, and has a time limit of its own. */
  readonly deleteAtUpstream: (
    deletion: Pick<UpstreamDeletion, 'kind' | 'upstreamId'>,
  ) => Promise<UpstreamDeletionOutcome>;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** Sends what is waiting; never rejects. */
export async function deleteAtUpstream(options: UpstreamDeletionsOptions): Promise<void> {
  const { db, nowMs, signal, logger } = options;
  try {
    await deleteOldUpstreamDeletions(db, new Date(nowMs() - GIVE_UP_AFTER_MS).toISOString());
    const counts = await sendAll(options);
    if (counts.deleted > 0) logger.info(counts, 'deleted at the upstream');
    if (counts.refused + counts.failed > 0) logger.warn(counts, 'the upstream has not deleted everything');
  } catch (error) {
    if (!signal.aborted) logger.warn({ err: error }, 'nothing more could be deleted at the upstream');
  }
}

async function sendAll({ db, upstream, deleteAtUpstream, signal }: UpstreamDeletionsOptions) {
  const counts = { deleted: 0, refused: 0, failed: 0 };
  let failuresInARow = 0;
  for (let after: UpstreamDeletion | null = null; ; ) {
    const page: readonly UpstreamDeletion[] = await pageOfUpstreamDeletions(db, upstream, after, PAGE_SIZE);
    for (const deletion of page) {
      if (signal.aborted || failuresInARow === MAX_FAILURES) return counts;
      const outcome = await deleteAtUpstream(deletion);
      if (outcome === 'FAILED') {
        counts.failed += 1;
        failuresInARow += 1;
        continue;
      }
      failuresInARow = 0;
      counts[outcome === 'DELETED' ? 'deleted' : 'refused'] += 1;
      await deleteUpstreamDeletion(db, deletion);
    }
    after = page.at(-1) ?? null;
    if (page.length < PAGE_SIZE) return counts;
  }
}
