/**
 * The running sums of the budgets: a row for each subject and period, so that a request is checked in the same time
 * however many calls there are. src/billing/reservations.ts is the only writer.
 */
import { type Insertable, sql } from 'kysely';
import type { BudgetSubject, Spending } from '../../../domain/limits/budget.ts';
import type { Charges } from '../../../domain/limits/charges.ts';
import type { Database, DatabaseTransaction } from '../../database.ts';
import { numbered, runPrepared } from '../../prepared-query.ts';
import type { SpendingTable } from '../../tables/money-and-access.ts';

export interface SpendingOf extends Spending, Charges {
  readonly subject: BudgetSubject;
  /** A day or a month, as `periodAt` of src/domain/limits/budget.ts writes it. */
  readonly period: string;
}

/** Adds to the sums, and locks their rows until the transaction ends. @param changes one for each row, in a fixed order */
export async function addSpending(transaction: DatabaseTransaction, changes: readonly SpendingOf[]): Promise<void> {
  if (changes.length === 0) return;
  const values = Object.fromEntries(
    changes.flatMap((change, row) =>
      Object.entries(COLUMNS).map(([column, property]) => [`${column} ${row}`, change[property]] as const),
    ),
  );
  await runPrepared(transaction, 'changes of spending', values, (given) =>
    transaction
      .insertInto('spending')
      .values(changes.map((_, row) => rowOf(given, row)))
      .onConflict((conflict) =>
        conflict.columns(['subject', 'period']).doUpdateSet(({ eb, ref }) => ({
          spent: eb('spending.spent', '+', ref('excluded.spent')),
          reserved: eb('spending.reserved', '+', ref('excluded.reserved')),
          charged: eb('spending.charged', '+', ref('excluded.charged')),
          charged_calls: eb('spending.charged_calls', '+', ref('excluded.charged_calls')),
          estimated_calls: eb('spending.estimated_calls', '+', ref('excluded.estimated_calls')),
          incomplete_calls: eb('spending.incomplete_calls', '+', ref('excluded.incomplete_calls')),
        })),
      ),
  );
}

const COLUMNS = {
  subject: 'subject',
  period: 'period',
  spent: 'spent',
  reserved: 'reserved',
  charged: 'charged',
  charged_calls: 'chargedCalls',
  estimated_calls: 'estimatedCalls',
  incomplete_calls: 'incompleteCalls',
} as const satisfies Record<keyof SpendingTable, keyof SpendingOf>;

function rowOf(values: Readonly<Record<string, string | number | bigint>>, row: number): Insertable<SpendingTable> {
  const columns = Object.keys(COLUMNS).map((column) => [column, values[`${column} ${row}`]]);
  // `addSpending` has put the columns of each row there.
  return Object.fromEntries(columns) as Insertable<SpendingTable>;
}

/** The sums of these subjects in these periods; those without any are left out. */
export async function findSpending(
  db: Database,
  subjects: readonly BudgetSubject[],
  periods: readonly string[],
): Promise<readonly (Spending & Pick<SpendingOf, 'subject' | 'period'>)[]> {
  const values = { ...numbered('subject', subjects), ...numbered('period', periods) };
  const rows = await runPrepared(db, 'spending', values, (given) =>
    db
      .selectFrom('spending')
      .select(['subject', 'period'])
      // As text: they can exceed the exact range of JavaScript numbers.
      .select([sql<string>`cast(spent as text)`.as('spent'), sql<string>`cast(reserved as text)`.as('reserved')])
      .where(
        'subject',
        'in',
        subjects.map((_, index) => given[`subject ${index}`] ?? ''),
      )
      .where(
        'period',
        'in',
        periods.map((_, index) => given[`period ${index}`] ?? ''),
      ),
  );
  return rows.map(({ subject, period, spent, reserved }) => ({
    // Only written from the union of the domain.
    subject: subject as BudgetSubject,
    period,
    spent: BigInt(spent),
    reserved: BigInt(reserved),
  }));
}
