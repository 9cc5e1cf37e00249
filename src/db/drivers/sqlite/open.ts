/**
 * The embedded database: SQLite in one file, through better-sqlite3. WAL, so that readers and the writer do not wait
 * for each other; and nothing is told as committed that would not survive a power cut (durable-log.ts).
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Database, DatabaseOpenError } from '../../database.ts';
import { type ConnectOptions, connectSqlite, reasonOf } from './connect.ts';
import { isBehind, migrateToLatest } from './migrate.ts';

export interface OpenOptions extends ConnectOptions {
  /** Called before the database is brought to another shape; what it throws leaves the database as it is. */
  readonly beforeMigration?: (db: Database) => Promise<void>;
}

/**
 * Opens (and creates, and migrates) the database in `file`.
 * @throws {DatabaseOpenError} when the file cannot be used; the message says why. · What `beforeMigration` throws
 */
export async function openSqlite(file: string, options: OpenOptions): Promise<Database> {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (cause) {
    throw new DatabaseOpenError(`cannot open the database ${file}: ${reasonOf(cause)}`, { cause });
  }
  const refuse = (cause: unknown) => {
    throw new DatabaseOpenError(`cannot migrate the database ${file}: ${reasonOf(cause)}`, { cause });
  };
  const db = connectSqlite(file, options);
  try {
    if (await isBehind(db).catch(refuse)) {
      await options.beforeMigration?.(db);
      await migrateToLatest(db).catch(refuse);
    }
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}
