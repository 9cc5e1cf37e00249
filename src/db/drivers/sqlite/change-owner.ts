/**
 * Gives the rows of one principal to another. Foreign keys carry the owner, so all tables change in one transaction with
 * foreign keys off; they are checked before it commits. No server may run meanwhile: it holds owners in memory.
 */
import SQLite from 'better-sqlite3';
import { DatabaseOpenError } from '../../database.ts';
import { OPEN_TIMEOUT_MS, reasonOf } from './connect.ts';
import { addSearchFunctions } from './search-functions.ts';

/** What happens to the rows of each table that has owners. test/storage/change-owner.test.ts knows every such table. */
export const OWNED_TABLES = {
  /** Every row changes its owner. */
  changed: [
    'conversations',
    'calls',
    'call_sources',
    'attempts',
    'images',
    'image_tags',
    'partial_images',
    'cost_lines',
    'reservations',
    'upstream_deletions',
  ],
  /** A row with the same key of the new owner is kept, and the old owner's is removed. */
  unlessTaken: ['idempotency_keys', 'upload_keys', 'upstream_files', 'variants'],
  /** The log of the old owner is appended to that of the new one: who follows it sees what was added. */
  appended: ['events', 'viewer_logs'],
  /** Sums of both owners are added up. */
  summed: ['purged_costs'],
  /** By the subject of a budget. Sums are added up; a budget of the new owner is kept. */
  bySubject: ['spending', 'budgets'],
  /** Triggers change them with the rows that they are about. */
  derived: ['search_documents', 'list_counts'],
  /** A key gives access for the principal that it was made for. */
  kept: ['api_keys'],
} as const;

const SUMS_OF_SPENDING = ['spent', 'reserved', 'charged', 'charged_calls', 'estimated_calls', 'incomplete_calls'];

/** The number of rows that changed, by table. */
export type ChangedRows = Readonly<Record<string, number>>;

/** @throws {DatabaseOpenError} when the database cannot be changed; then nothing has changed */
export function changeOwner(file: string, from: string, to: string): ChangedRows {
  try {
    const db = new SQLite(file, { fileMustExist: true, timeout: OPEN_TIMEOUT_MS });
    try {
      db.pragma('synchronous = FULL');
      // It cannot be switched within a transaction.
      db.pragma('foreign_keys = OFF');
      addSearchFunctions(db);
      return db.transaction(() => changeRows(db, from, to)).immediate();
    } finally {
      db.close();
    }
  } catch (cause) {
    throw new DatabaseOpenError(`cannot change the owners in the database ${file}: ${reasonOf(cause)}`, { cause });
  }
}

function changeRows(db: SQLite.Database, from: string, to: string): ChangedRows {
  const changed: Record<string, number> = {};
  for (const table of OWNED_TABLES.changed) {
    changed[table] = db.prepare(`update ${table} set principal = ? where principal = ?`).run(to, from).changes;
  }
  for (const table of OWNED_TABLES.unlessTaken) {
    changed[table] = db
      .prepare(`update or ignore ${table} set principal = ? where principal = ?`)
      .run(to, from).changes;
    db.prepare(`delete from ${table} where principal = ?`).run(from);
  }
  // Its place in the log moves with the log, behind every place that the other one has reserved. The calls have their new
  // owner already.
  db.prepare(
    `update calls set last_event_id = last_event_id + coalesce((select reserved_id from viewer_logs where principal = ?), 0)
     where id in (select call_id from events where principal = ?)`,
  ).run(to, from);
  changed['events'] = db
    .prepare(
      `update events set principal = ?,
         id = id + coalesce((select reserved_id from viewer_logs where viewer_logs.principal = ?), 0)
       where principal = ?`,
    )
    .run(to, to, from).changes;
  changed['viewer_logs'] = db
    .prepare(
      `insert into viewer_logs (principal, last_id, reserved_id)
       select ?, last_id, reserved_id from viewer_logs where principal = ?
       on conflict (principal) do update set
         last_id = viewer_logs.reserved_id + excluded.last_id,
         reserved_id = viewer_logs.reserved_id + excluded.reserved_id`,
    )
    .run(to, from).changes;
  db.prepare('delete from viewer_logs where principal = ?').run(from);
  changed['purged_costs'] = db
    .prepare(
      `insert into purged_costs (principal, basis, is_counted, kind, model, price, tokens, amount)
       select ?, basis, is_counted, kind, model, price, tokens, amount from purged_costs where principal = ?
       on conflict (principal, basis, is_counted, kind, model, price) do update set
         tokens = purged_costs.tokens + excluded.tokens, amount = purged_costs.amount + excluded.amount`,
    )
    .run(to, from).changes;
  db.prepare('delete from purged_costs where principal = ?').run(from);
  const [old, next] = [`principal:${from}`, `principal:${to}`];
  changed['spending'] = db
    .prepare(
      `insert into spending (subject, period, ${SUMS_OF_SPENDING.join(', ')})
       select ?, period, ${SUMS_OF_SPENDING.join(', ')} from spending where subject = ?
       on conflict (subject, period) do update set
         ${SUMS_OF_SPENDING.map((sum) => `${sum} = spending.${sum} + excluded.${sum}`).join(', ')}`,
    )
    .run(next, old).changes;
  changed['budgets'] = db.prepare('update or ignore budgets set subject = ? where subject = ?').run(next, old).changes;
  for (const table of OWNED_TABLES.bySubject) db.prepare(`delete from ${table} where subject = ?`).run(old);
  db.prepare('delete from list_counts where principal = ? and count = 0').run(from);
  const broken = db.pragma('foreign_key_check');
  if (Array.isArray(broken) && broken.length > 0) throw new Error('rows would refer to rows of another principal');
  return changed;
}
