/**
 * Syncs SQLite's write-ahead log on the thread pool, so that commits are durable and do not block the process.
 *
 * This is the riskiest code of the server: a mistake here loses acknowledged data in a power cut
 * (test/faults/power-cut). SQLite would sync the log itself within each commit, on the main thread; `SQLITE_SYNC=full`
 * returns to that. docs/decisions/2026-11-26-syncing-beside-the-process.md has the reasons and the measurements. It relies
 * on this:
 *
 * - SQLite writes the whole commit to the log before `commit` returns, and only syncs less often (`synchronous = NORMAL`).
 * - Before it copies the log into the database file, SQLite syncs the log, and then the file.
 * - The log stays the same file while a connection is open.
 * - Nobody is told about a commit, or about rows that were read, before `committed` or `settled` resolves. Commits that need
 *   not survive a power cut (src/db/durability.ts) are told at once: the next sync covers them, too, and until then a power
 *   cut takes them together with everything after them.
 * - A failed sync is final. Operating systems forget what they could not write, so the next sync would succeed over the
 *   gap. Until the process restarts on what is really stored, nothing is reported as stored, and nothing read is sent.
 */
import { type FileHandle, open } from 'node:fs/promises';
import type { Durability } from '../../../domain/durability.ts';

/** Who syncs commits: this file, beside the process, or SQLite within each commit. */
export type SqliteSync = 'beside' | 'full';

export interface DurableLog {
  /** The setting that the writing connection needs with this log. */
  readonly synchronous: 'NORMAL' | 'FULL';
  /**
   * Resolves when everything that is committed now, and is to survive a power cut, is on the disk. Await it before you send
   * what was read.
   * @throws when a sync has failed, from then on always
   */
  settled(): Promise<void>;
  /** Call it after each commit: resolves when the commit is as durable as it has to be. @throws like `settled` */
  committed(durability?: Durability): Promise<void>;
  /** Syncs everything that is committed, and ends. */
  close(): Promise<void>;
}

/** For databases that are not written here, and those that SQLite syncs itself. */
export const SYNCED_BY_SQLITE: DurableLog = {
  synchronous: 'FULL',
  settled: async () => {},
  committed: async () => {},
  close: async () => {},
};

/** The log of the database in `file`. */
export function openDurableLog(file: string, sync: SqliteSync = 'beside'): DurableLog {
  if (sync === 'full') return SYNCED_BY_SQLITE;
  let handle: Promise<FileHandle> | undefined;
  const log = createDurableLog(async () => {
    // The first commit creates the file.
    handle ??= open(`${file}-wal`, 'r+');
    await (await handle).datasync();
  });
  return {
    ...log,
    async close() {
      await log.close();
      // When it could not be opened, the commit that needed it has failed with the reason.
      const opened = await handle?.catch(() => undefined);
      await opened?.close();
    },
  };
}

/** @param sync makes durable what was written before it is called */
export function createDurableLog(sync: () => Promise<void>): DurableLog {
  let commits = 0;
  /** The newest commit that has to be on the disk. */
  let needed = 0;
  let durable = 0;
  let running: Promise<void> | undefined;
  let failure: Error | undefined;

  /** One sync covers all commits before its start. */
  async function run(): Promise<void> {
    const upTo = commits;
    try {
      await sync();
      durable = upTo;
    } catch (cause) {
      failure = new Error('writes to the database could not be made durable', { cause });
    } finally {
      running = undefined;
    }
  }

  async function settled(): Promise<void> {
    const upTo = needed;
    while (durable < upTo && failure === undefined) {
      running ??= run();
      await running;
    }
    if (failure !== undefined) throw failure;
  }

  return {
    synchronous: 'NORMAL',
    settled,
    async committed(durability = 'SYNCED') {
      commits += 1;
      if (durability === 'SYNCED') {
        needed = commits;
        await settled();
      } else if (failure !== undefined) {
        throw failure;
      }
    },
    close() {
      needed = commits;
      return settled().catch(() => undefined);
    },
  };
}
