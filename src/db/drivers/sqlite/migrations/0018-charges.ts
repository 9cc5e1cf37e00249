/**
 * What was charged, beside what counts in budgets: of each call, and in the sums by day and month. src/db/tables.ts describes
 * the columns.
 *
 * Of calls that were deleted for good, the sums have what they counted for; how many they were, nobody knows any more.
 */
import { type Kysely, sql } from 'kysely';

const COUNTS = ['charged_calls', 'estimated_calls', 'incomplete_calls'] as const;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['reservations', 'spending']) {
    await db.schema
      .alterTable(table)
      .addColumn('charged', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
    for (const count of COUNTS) {
      await db.schema
        .alterTable(table)
        .addColumn(count, 'integer', (column) => column.notNull().defaultTo(0))
        .execute();
    }
  }
  await sql`
    update reservations set charged = lines.charged, charged_calls = 1, estimated_calls = lines.is_estimated,
      incomplete_calls = lines.is_incomplete
    from (
      select call_id, coalesce(sum(amount), 0) as charged, max(basis = 'ESTIMATED') as is_estimated,
        max(is_counted = 0 or amount is null) as is_incomplete
      from cost_lines group by call_id
    ) as lines where lines.call_id = reservations.call_id
  `.execute(db);
  await sql`update spending set charged = spent`.execute(db);
  // The day of a time is its first 10 characters, its month the first 7.
  for (const length of [10, 7]) {
    for (const subject of [`'principal:' || principal`, `case when credential like 'key:%' then credential end`]) {
      await sql`
        update spending set charged = spent - sums.uncertain, charged_calls = sums.charged_calls,
          estimated_calls = sums.estimated_calls, incomplete_calls = sums.incomplete_calls
        from (
          select ${sql.raw(subject)} as subject, substr(at, 1, ${length}) as period, sum(cost - charged) as uncertain,
            sum(charged_calls) as charged_calls, sum(estimated_calls) as estimated_calls,
            sum(incomplete_calls) as incomplete_calls
          from reservations group by 1, 2
        ) as sums where sums.subject = spending.subject and sums.period = spending.period
      `.execute(db);
    }
  }
}
