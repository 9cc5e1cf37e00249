/**
 * Budgets, what each call counts for in them, and their running sums. Calls that exist already count with what they have
 * cost, so that a budget that is set today knows what was spent this month. src/db/tables.ts describes the columns.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('budgets')
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('period', 'text', (column) => column.notNull())
    .addColumn('amount', 'bigint', (column) => column.notNull())
    .addColumn('on_exceed', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('budgets_key', ['subject', 'period'])
    .execute();

  await db.schema
    .createTable('reservations')
    .addColumn('call_id', 'text', (column) => column.primaryKey().references('calls.id'))
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('credential', 'text')
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('reserved', 'bigint', (column) => column.notNull())
    .addColumn('cost', 'bigint', (column) => column.notNull())
    .addColumn('is_open', 'integer', (column) => column.notNull())
    .execute();
  await sql`insert into reservations (call_id, principal, credential, at, reserved, cost, is_open)
    select id, principal, null, created_at, 0, coalesce((
      select sum(amount) from cost_lines where cost_lines.principal = calls.principal and cost_lines.call_id = calls.id
    ), 0), completed_at is null from calls`.execute(db);

  await db.schema
    .createTable('spending')
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('period', 'text', (column) => column.notNull())
    .addColumn('spent', 'bigint', (column) => column.notNull())
    .addColumn('reserved', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('spending_key', ['subject', 'period'])
    .execute();
  // The day of a time is its first 10 characters, its month the first 7.
  for (const length of [10, 7]) {
    await sql`insert into spending (subject, period, spent, reserved)
      select 'principal:' || principal, substr(at, 1, ${length}), sum(cost), 0 from reservations
      where cost > 0 group by 1, 2`.execute(db);
  }
}
