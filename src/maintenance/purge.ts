/**
 * The purge: deletes for good what has been in the trash for long enough, and the partial images of calls that ended long
 * ago. What operators can set, and what stays, is in docs/archive.md.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { hasPlace } from '../db/queries/engine/instances.ts';
import {
  conversationsBeingPurged,
  deletePartials,
  pageOfExpiredPartials,
  pageOfTrashedConversations,
  pageOfTrashedImages,
  type TrashedRow,
  type TrashPlace,
} from '../db/queries/engine/purge-due.ts';
import { createRowPurge, PurgeStoppedError, type RowPurge, type RowPurgeOptions } from './purge-rows.ts';

/** For how many days things are kept; null for ever. */
export interface Retention {
  readonly trashDays: number | null;
  readonly partialDays: number | null;
}

export interface PurgeOptions {
  readonly storage: Pick<RowPurgeOptions, 'db' | 'archive' | 'instanceId'> & {
    /** Leaves nothing of deleted rows in the files of the database. */
    readonly eraseDeleted: () => Promise<void>;
  };
  readonly retention: Retention;
  readonly deletesUpstream: boolean;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

export interface Purger {
  /** Purges what is due now. It never rejects: what failed is tried again by the next run. */
  purge(): Promise<void>;
}

interface Counts {
  images: number;
  conversations: number;
  partials: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Rows read at a time. */
const PAGE_SIZE = 100;

export function createPurger(options: PurgeOptions): Purger {
  const { storage, retention, deletesUpstream, nowMs, signal, logger } = options;
  const rows = createRowPurge({ ...storage, deletesUpstream, signal });
  // A server that was killed may have deleted rows without erasing them.
  let isErased = false;

  async function purgeAll(counts: Counts): Promise<void> {
    await finishStarted(options, rows, counts);
    const { trashDays, partialDays } = retention;
    if (trashDays !== null) await purgeTrash(options, rows, { until: daysAgo(nowMs(), trashDays), counts });
    if (partialDays !== null) await purgePartials(options, { until: daysAgo(nowMs(), partialDays), counts });
  }

  return {
    async purge() {
      const counts: Counts = { images: 0, conversations: 0, partials: 0 };
      const begunMs = performance.now();
      try {
        await purgeAll(counts);
      } catch (error) {
        if (!signal.aborted && !(error instanceof PurgeStoppedError)) {
          logger.warn({ err: error }, 'a purge did not end; the next one goes on');
        }
      }
      const isChanged = Object.values(counts).some((count) => count > 0);
      try {
        if (!signal.aborted && (isChanged || !isErased)) {
          isErased = false;
          await storage.eraseDeleted();
          isErased = true;
        }
      } catch (error) {
        if (!signal.aborted) logger.warn({ err: error }, 'the files of the database still hold what was purged');
      }
      if (isChanged) logger.info({ ...counts, ms: Math.round(performance.now() - begunMs) }, 'purged');
    },
  };
}

/** The latest time that is at least so many days ago: RFC 3339. */
function daysAgo(nowMs: number, days: number): string {
  return new Date(nowMs - days * DAY_MS).toISOString();
}

/** Conversations that an earlier run has started, and those that wait for calls of other conversations. */
async function finishStarted({ storage: { db } }: PurgeOptions, rows: RowPurge, counts: Counts): Promise<void> {
  for (const conversation of await conversationsBeingPurged(db, PAGE_SIZE)) {
    counts.images += (await rows.finishConversation(conversation)).images;
  }
}

interface Due {
  readonly until: string;
  readonly counts: Counts;
}

async function purgeTrash({ storage: { db } }: PurgeOptions, rows: RowPurge, { until, counts }: Due): Promise<void> {
  const pageOfConversations = (after: TrashPlace) => pageOfTrashedConversations(db, until, after, PAGE_SIZE);
  for await (const conversation of everyRow(pageOfConversations)) {
    if (!(await rows.startConversation(conversation, until))) continue;
    counts.conversations += 1;
    counts.images += (await rows.finishConversation(conversation)).images;
  }
  const pageOfImages = (after: TrashPlace) => pageOfTrashedImages(db, until, after, PAGE_SIZE);
  for await (const image of everyRow(pageOfImages)) {
    if (await rows.purgeImage(image, until)) counts.images += 1;
  }
}

/** Before all that is in the trash. */
const TRASH_START: TrashPlace = { deletedAt: '', id: '' };

/** Rows that stay, because something still uses them, are returned once. */
async function* everyRow(page: (after: TrashPlace) => Promise<readonly TrashedRow[]>): AsyncGenerator<TrashedRow> {
  for (let after: TrashPlace = TRASH_START; ; ) {
    const rows: readonly TrashedRow[] = await page(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_SIZE) return;
    after = last;
  }
}

async function purgePartials(options: PurgeOptions, { until, counts }: Due): Promise<void> {
  const { db, instanceId } = options.storage;
  for (;;) {
    const ids = await pageOfExpiredPartials(db, until, PAGE_SIZE);
    await db.transaction().execute(async (transaction) => {
      if (options.signal.aborted || !(await hasPlace(transaction, instanceId))) throw new PurgeStoppedError();
      await deletePartials(transaction, ids);
    });
    counts.partials += ids.length;
    if (ids.length < PAGE_SIZE) return;
    await turn();
  }
}
