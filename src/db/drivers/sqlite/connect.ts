/** A connection to an embedded database as it is, without bringing it to another shape. */
import SQLite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { type Database, DatabaseOpenError } from '../../database.ts';
import type { Tables } from '../../tables.ts';
import { OneWriterDialect } from './dialect.ts';
import { type DurableLog, openDurableLog } from './durable-log.ts';

/** How long opening waits for another process that holds the file; nothing is served yet. Milliseconds. */
export const OPEN_TIMEOUT_MS = 5_000;

export interface ConnectOptions {
  /** How long a statement waits for another process that holds the database, in milliseconds. */
  readonly patienceMs: number;
  /** The database's own log, for those who have to know when what they have read is durable. Closed with the database. */
  readonly log?: DurableLog;
}

/**
 * Opens the database in `file`, and creates an empty one when there is none.
 * @throws {DatabaseOpenError} when the file cannot be used; the message says why.
 */
export function connectSqlite(file: string, { patienceMs, log = openDurableLog(file) }: ConnectOptions): Database {
  let writer: SQLite.Database | undefined;
  try {
    writer = new SQLite(file, { timeout: OPEN_TIMEOUT_MS });
    writer.pragma('journal_mode = WAL');
    // The log itself is synced behind each commit (durable-log.ts); this syncs it before it is taken into the file.
    writer.pragma('synchronous = NORMAL');
    writer.pragma('foreign_keys = ON');
    // From here on nothing waits inside SQLite, where it would block the process: the dialect waits instead.
    writer.pragma('busy_timeout = 0');
    const reader = new SQLite(file, { readonly: true, timeout: 0 });
    return new Kysely<Tables>({
      dialect: new OneWriterDialect({ writer, reader, log, patienceMs }),
    });
  } catch (cause) {
    writer?.close();
    throw new DatabaseOpenError(`cannot open the database ${file}: ${reasonOf(cause)}`, { cause });
  }
}

/** Opens a database that nobody writes, such as a copy. @throws {DatabaseOpenError} */
export function readSqlite(file: string): Database {
  try {
    return new Kysely<Tables>({ dialect: new SqliteDialect({ database: new SQLite(file, { readonly: true }) }) });
  } catch (cause) {
    throw new DatabaseOpenError(`cannot open the database ${file}: ${reasonOf(cause)}`, { cause });
  }
}

export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
