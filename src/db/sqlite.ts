/**
 * The embedded database: SQLite in one file, through better-sqlite3. WAL, so that readers and the writer do not wait
 * for each other; and synchronous=FULL, so that what was committed survives a power cut, not only a crash of the process.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Database, DatabaseOpenError } from './database.ts';
import { migrateToLatest } from './migrate.ts';
import { type ConnectOptions, connectSqlite, reasonOf } from './sqlite-connect.ts';

/**
 * Opens (and creates, and migrates) the database in `file`.
 * @throws {DatabaseOpenError} when the file cannot be used; the message says why.
 */
export async function openSqlite(file: string, options: ConnectOptions): Promise<Database> {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (cause) {
    throw new DatabaseOpenError(`cannot open the database ${file}: ${reasonOf(cause)}`, { cause });
  }
  const db = connectSqlite(file, options);
  try {
    await migrateToLatest(db);
  } catch (cause) {
    await db.destroy();
    throw new DatabaseOpenError(`cannot migrate the database ${file}: ${reasonOf(cause)}`, { cause });
  }
  return db;
}
