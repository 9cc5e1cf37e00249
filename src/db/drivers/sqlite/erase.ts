/**
 * Removes what deleted rows have left in the files of a database. With `secure_delete` (connect.ts), SQLite overwrites
 * deleted rows with zeros; their old pages are still in the write-ahead log until it is emptied.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '../../database.ts';

/** Another process, such as a backup, may be reading the log. */
const TRIES = 20;
const PAUSE_MS = 250;

/** @throws when another process reads the log for longer than some seconds */
export async function emptyLog(db: Database): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(db);
    if (rows[0]?.busy === 0) return;
    await sleep(PAUSE_MS);
  }
  throw new Error('another process is reading the write-ahead log of the database');
}
