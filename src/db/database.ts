/**
 * The database as the rest of the server knows it: Kysely over one of the drivers (sqlite.ts). Operations take a
 * `Database`, which may be a transaction; one operation a function, one file a table.
 */
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;
export type DatabaseTransaction = Transaction<Tables>;

/** Thrown when the database cannot be opened: a message for the operator, one line. */
export class DatabaseOpenError extends Error {
  override readonly name = 'DatabaseOpenError';
}
