/**
 * The running sums of the budgets: a row for each subject and period, so that a request is checked in the same time
 * however many calls there are. src/billing/reservations.ts is the only writer.
 */
import { sql } from 'kysely';
import type { BudgetSubject, Spending } from '../../../domain/budget.ts';
import type { Database, DatabaseTransaction } from '../../database.ts';

export interface SpendingOf extends Spending {
  readonly subject: BudgetSubject;
  /** A day or a month, as `periodAt` of src/domain/budget.ts writes it. */
  readonly period: string;
}

/** Adds to the sums, and locks their rows until the transaction ends. @param changes one for each row, in a fixed order */
export async function addSpending(transaction: DatabaseTransaction, changes: readonly SpendingOf[]): Promise<void> {
  if (changes.length === 0) return;
  await transaction
    .insertInto('spending')
    .values(changes.map(({ subject, period, spent, reserved }) => ({ subject, period, spent, reserved })))
    .onConflict((conflict) =>
      conflict.columns(['subject', 'period']).doUpdateSet(({ eb, ref }) => ({
        spent: eb('spending.spent', '+', ref('excluded.spent')),
        reserved: eb('spending.reserved', '+', ref('excluded.reserved')),
      })),
    )
    .execute();
}

/** The sums of these subjects in these periods; those without any are left out. */
export async function findSpending(
  db: Database,
  subjects: readonly BudgetSubject[],
  periods: readonly string[],
): Promise<readonly SpendingOf[]> {
  const rows = await db
    .selectFrom('spending')
    .select(['subject', 'period'])
    // As text: they can exceed the exact range of JavaScript numbers.
    .select([sql<string>`cast(spent as text)`.as('spent'), sql<string>`cast(reserved as text)`.as('reserved')])
    .where('subject', 'in', subjects)
    .where('period', 'in', periods)
    .execute();
  return rows.map(({ subject, period, spent, reserved }) => ({
    // Only written from the union of the domain.
    subject: subject as BudgetSubject,
    period,
    spent: BigInt(spent),
    reserved: BigInt(reserved),
  }));
}
