/**
 * The database as the rest of the server sees it: Kysely over one of the drivers in src/db/drivers. The queries in
 * src/db/queries take a `Database`, which may be a transaction. There is one file per table and one function per query.
 * test/contract/database.ts is their contract on every driver.
 */
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;
export type DatabaseTransaction = Transaction<Tables>;

/** The database cannot be opened. The message is one line for the operator. */
export class DatabaseOpenError extends Error {
  override readonly name = 'DatabaseOpenError';
}
