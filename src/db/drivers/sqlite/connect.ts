/** Connects to an embedded database without migrating it. */
import SQLite from 'better-sqlite3';
import { Kysely } from 'kysely';
import { type Database, DatabaseOpenError } from '../../database.ts';
import type { Tables } from '../../tables.ts';
import { OneWriterDialect } from './dialect.ts';
import { type DurableLog, openDurableLog, SYNCED_BY_SQLITE } from './durable-log.ts';
import { addSearchFunctions } from './search-functions.ts';

/** How long opening waits for another process that locks the file, in milliseconds. It blocks, but nothing is served yet. */
export const OPEN_TIMEOUT_MS = 5_000;

export interface ConnectOptions {
  /** How long a statement waits for another process that locks the database, in milliseconds. */
  readonly patienceMs: number;
  /** Pass it to wait for it elsewhere too, before rows are sent that were just read. Closed with the database. */
  readonly log?: DurableLog;
}

/**
 * Opens the database in `file`, or creates an empty one.
 * @throws {DatabaseOpenError} when the file cannot be used; the message says why.
 */
export function connectSqlite(file: string, { patienceMs, log = openDurableLog(file) }: ConnectOptions): Database {
  let writer: SQLite.Database | undefined;
  try {
    writer = new SQLite(file, { timeout: OPEN_TIMEOUT_MS });
    writer.pragma('journal_mode = WAL');
    writer.pragma(`synchronous = ${log.synchronous}`);
    writer.pragma('foreign_keys = ON');
    addSearchFunctions(writer);
    // What is deleted for good must not stay in unused parts of the file.
    writer.pragma('secure_delete = ON');
    // Waiting inside SQLite would block the process, so from here on the driver waits instead (busy.ts).
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

/** Opens a database that nobody writes, such as a copy. @throws {DatabaseOpenError} when the file cannot be used */
export function readSqlite(file: string): Database {
  try {
    const reader = new SQLite(file, { readonly: true });
    return new Kysely<Tables>({
      dialect: new OneWriterDialect({ writer: reader, reader, log: SYNCED_BY_SQLITE, patienceMs: 0 }),
    });
  } catch (cause) {
    throw new DatabaseOpenError(`cannot open the database ${file}: ${reasonOf(cause)}`, { cause });
  }
}

export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
