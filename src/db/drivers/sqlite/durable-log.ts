/**
 * Makes commits durable without stopping the process: SQLite would sync its write-ahead log within the commit, on the
 * thread that everything runs on (docs/decisions). Here it only writes the log; who commits waits for the sync behind it,
 * which is one for all who committed before it began.
 *
 * What could not be synced stays so: systems forget what they failed to write, and a second sync would succeed over the
 * gap. Then nothing more is told as stored, or read, until the process has begun anew on what is really there.
 */
import { type FileHandle, open } from 'node:fs/promises';

export interface DurableLog {
  /**
   * Resolves when everything that was committed until now is on the disk: to be awaited before anything is told that was
   * read. @throws when it could not be made durable, and then always
   */
  settled(): Promise<void>;
  /** The same behind a commit. */
  committed(): Promise<void>;
  close(): Promise<void>;
}

/** For connections that never write, and those that SQLite itself syncs. */
export const NOTHING_TO_SYNC: DurableLog = {
  settled: async () => {},
  committed: async () => {},
  close: async () => {},
};

/** The log of the database in `file`. */
export function openDurableLog(file: string): DurableLog {
  let handle: Promise<FileHandle> | undefined;
  const log = createDurableLog(async () => {
    // It exists from the first commit on, and stays the same for as long as the database is open.
    handle ??= open(`${file}-wal`, 'r+');
    await (await handle).datasync();
  });
  return {
    ...log,
    async close() {
      await log.close();
      // One that could not be opened has been told of by the commit that needed it.
      const opened = await handle?.catch(() => undefined);
      await opened?.close();
    },
  };
}

/** @param sync makes durable what was written before it is called */
export function createDurableLog(sync: () => Promise<void>): DurableLog {
  let commits = 0;
  let durable = 0;
  let running: Promise<void> | undefined;
  let failure: Error | undefined;

  async function run(): Promise<void> {
    const upTo = commits;
    try {
      await sync();
      durable = upTo;
    } catch (cause) {
      failure = new Error('what was written to the database could not be made durable', { cause });
    } finally {
      running = undefined;
    }
  }

  async function settled(): Promise<void> {
    const upTo = commits;
    while (durable < upTo && failure === undefined) {
      running ??= run();
      await running;
    }
    if (failure !== undefined) throw failure;
  }

  return {
    settled,
    committed() {
      commits += 1;
      return settled();
    },
    close: () => settled().catch(() => undefined),
  };
}
