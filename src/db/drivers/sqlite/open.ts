/**
 * The embedded database: SQLite in one file, through better-sqlite3. In WAL mode, readers and the writer do not wait for
 * each other. A commit is reported only when it would survive a power cut (durable-log.ts).
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Database, DatabaseOpenError } from '../../database.ts';
import { type ConnectOptions, connectSqlite, reasonOf } from './connect.ts';
import { isBehind, migrateToLatest } from './migrate.ts';

export interface OpenOptions extends ConnectOptions {
  /** Called before a migration. When it throws, the database stays as it is. */
  readonly beforeMigration?: (db: Database) => Promise<void>;
}

/**
 * Opens the database in `file`; creates and migrates it if necessary.
 * @throws {DatabaseOpenError} when the file cannot be used; the message says why
 * @throws what `beforeMigration` throws
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
