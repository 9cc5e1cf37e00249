/**
 * Removes what deleted rows have left in the files of a database. With `secure_delete` (connect.ts), SQLite overwrites
 * deleted rows with zeros. Copies of them stay in three places: in the write-ahead log, until it is emptied; in the unused
 * middle of pages from which SQLite has moved rows to others, until the database is rewritten; and as the words by which the
 * search index tells its pages apart, until it is built again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '../../database.ts';

/** Another process, such as a backup, may be reading the log. */
const TRIES = 20;
const PAUSE_MS = 250;
/**
 * A database up to this size is rewritten: it takes up to 30 ms for each MB, in which nothing else happens. A larger one is
 * rewritten by its operator (docs/archive.md).
 */
const MAX_REWRITTEN_BYTES = 16 * 1024 * 1024;

/**
 * Leaves nothing of deleted rows in the files of the database, but see `MAX_REWRITTEN_BYTES`.
 * @throws when another process uses the database for longer than some seconds
 */
export async function eraseDeletedRows(db: Database): Promise<void> {
  if ((await byteSizeOf(db)) <= MAX_REWRITTEN_BYTES) {
    await sql`insert into search_index (search_index) values ('rebuild')`.execute(db);
    await sql`vacuum`.execute(db);
  }
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(db);
    if (rows[0]?.busy === 0) return;
    await sleep(PAUSE_MS);
  }
  throw new Error('another process is reading the write-ahead log of the database');
}

async function byteSizeOf(db: Database): Promise<number> {
  const { rows } = await sql<{
    bytes: number;
  }>`select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()`.execute(db);
  return rows[0]?.bytes ?? 0;
}
