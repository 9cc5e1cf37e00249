/**
 * Row locks for transactions that read a row to decide what they write. SQLite has none and needs none: its driver lets
 * one transaction write at a time. PostgreSQL does, so there the row is locked until the transaction ends.
 */
import type { DialectAdapter, SelectQueryBuilder } from 'kysely';
import type { Database } from './database.ts';

/**
 * A dialect adapter that may declare that its SQL has no row locks. An adapter that declares nothing gets them: SQL that
 * is rejected is noticed, a missing lock is not.
 */
export interface LockingAdapter extends DialectAdapter {
  readonly supportsRowLocks?: boolean;
}

/** Adds `for update` where the dialect has it: nobody else can change or lock these rows until the transaction ends. */
export function forUpdate<DB, TB extends keyof DB, O>(
  db: Database,
  query: SelectQueryBuilder<DB, TB, O>,
): SelectQueryBuilder<DB, TB, O> {
  return supportsRowLocks(db) ? query.forUpdate() : query;
}

/** Adds `for share` where the dialect has it: nobody else can change these rows until the transaction ends. */
export function forShare<DB, TB extends keyof DB, O>(
  db: Database,
  query: SelectQueryBuilder<DB, TB, O>,
): SelectQueryBuilder<DB, TB, O> {
  return supportsRowLocks(db) ? query.forShare() : query;
}

function supportsRowLocks(db: Database): boolean {
  const adapter: LockingAdapter = db.getExecutor().adapter;
  return adapter.supportsRowLocks ?? true;
}
