/**
 * Waits for a database that another process has locked. SQLite's own waiting would block the process, and with it every
 * request. Only work that changes nothing when it fails is tried again.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Another process locked the database for longer than a statement may wait; nothing was written. */
export class DatabaseBusyError extends Error {
  override readonly name = 'DatabaseBusyError';

  constructor(cause?: unknown) {
    super('Another process has locked the database; nothing was written.', { cause });
  }
}

/** Pauses between tries, in milliseconds. Most locks last for one write. */
const PAUSE_MS = { first: 1, longest: 25 };

/**
 * Runs `attempt` until the database is free. Throws any other error at once.
 * @param deadlineMs as of performance.now(); one try is made even when it has passed
 * @throws {DatabaseBusyError} when the deadline has passed
 */
export async function whenFree<T>(attempt: () => T, deadlineMs: number): Promise<T> {
  for (let pause = PAUSE_MS.first; ; pause = Math.min(PAUSE_MS.longest, pause * 2)) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() >= deadlineMs) throw new DatabaseBusyError(error);
    }
    await sleep(pause);
  }
}

/** SQLITE_PROTOCOL means that two processes opened the log at the same time; it is temporary, like the others. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^SQLITE_(BUSY|LOCKED|PROTOCOL)/u.test(String(error.code));
}
