/**
 * The embedded database: SQLite in one file, through better-sqlite3. WAL, so that readers outside do not block; and
 * synchronous=FULL, so that what was committed survives a power cut, not only a crash of the process.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import SQLite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { type Database, DatabaseOpenError } from './database.ts';
import { migrateToLatest } from './migrate.ts';
import type { Tables } from './tables.ts';

/** How long a statement waits for another process that holds the file, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens (and creates, and migrates) the database in `file`.
 * @throws {DatabaseOpenError} when the file cannot be used; the message says why.
 */
export async function openSqlite(file: string): Promise<Database> {
  let connection: SQLite.Database;
  try {
    mkdirSync(dirname(file), { recursive: true });
    connection = new SQLite(file, { timeout: BUSY_TIMEOUT_MS });
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
  } catch (cause) {
    throw new DatabaseOpenError(`cannot open the database ${file}: ${reason(cause)}`, { cause });
  }
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: connection }) });
  try {
    await migrateToLatest(db);
  } catch (cause) {
    await db.destroy();
    throw new DatabaseOpenError(`cannot migrate the database ${file}: ${reason(cause)}`, { cause });
  }
  return db;
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
