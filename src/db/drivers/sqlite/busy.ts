/**
 * Waiting for a database that another process holds, without stopping this one: SQLite's own waiting would block every
 * request of the server for as long as it lasts. Only what changes nothing when it fails is tried again.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** The database was held by another process for longer than we wait; nothing was written. */
export class DatabaseBusyError extends Error {
  override readonly name = 'DatabaseBusyError';

  constructor(cause?: unknown) {
    super('The database is held by another process; nothing was written.', { cause });
  }
}

/** The pauses between two tries, in milliseconds: most holders are gone after one write. */
const PAUSE_MS = { first: 1, longest: 25 };

/**
 * Runs `attempt` until the database is free for it; anything else that it throws is thrown at once.
 * @param deadlineMs by performance.now(); whatever the hour, it is tried once
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

/** SQLITE_PROTOCOL: two processes met while they opened the log; it passes like the others. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^SQLITE_(BUSY|LOCKED|PROTOCOL)/u.test(String(error.code));
}
