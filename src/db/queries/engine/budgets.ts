/** The budgets that an operator has set. Defaults come from the configuration (src/billing/budgets.ts). */
import { type Selectable, sql } from 'kysely';
import type { Budget, BudgetAction, BudgetPeriod, BudgetSubject } from '../../../domain/limits/budget.ts';
import { deletedRows } from '../../affected-rows.ts';
import type { Database } from '../../database.ts';
import { numbered, runPrepared } from '../../prepared-query.ts';
import type { BudgetsTable } from '../../tables/money-and-access.ts';

export type StoredBudget = Omit<Budget, 'isDefault'>;

/** Sets a budget, or replaces it. */
export async function putBudget(db: Database, budget: StoredBudget, at: string): Promise<void> {
  const { subject, period, limit, onExceed } = budget;
  const values = { amount: limit, on_exceed: onExceed, updated_at: at };
  await db
    .insertInto('budgets')
    .values({ subject, period, ...values })
    .onConflict((conflict) => conflict.columns(['subject', 'period']).doUpdateSet(values))
    .execute();
}

/** False when there was no such budget. */
export async function deleteBudget(db: Database, subject: BudgetSubject, period: BudgetPeriod): Promise<boolean> {
  const result = await db
    .deleteFrom('budgets')
    .where('subject', '=', subject)
    .where('period', '=', period)
    .executeTakeFirstOrThrow();
  return deletedRows(result) > 0;
}

export async function findBudgets(db: Database, subjects: readonly BudgetSubject[]): Promise<readonly StoredBudget[]> {
  const rows = await runPrepared(db, 'budgets', numbered('subject', subjects), (given) =>
    budgetRows(db).where('subject', 'in', Object.values(given)),
  );
  return rows.map(toBudget);
}

export async function allBudgets(db: Database): Promise<readonly StoredBudget[]> {
  const rows = await budgetRows(db).orderBy('subject').orderBy('period').execute();
  return rows.map(toBudget);
}

/** Amounts are read as text: they can exceed the exact range of JavaScript numbers. */
function budgetRows(db: Database) {
  return db
    .selectFrom('budgets')
    .select(['subject', 'period', 'on_exceed', sql<string>`cast(amount as text)`.as('amount')]);
}

function toBudget({
  subject,
  period,
  on_exceed: onExceed,
  amount,
}: Pick<Selectable<BudgetsTable>, 'subject' | 'period' | 'on_exceed'> & { readonly amount: string }): StoredBudget {
  return {
    // Only written from the unions of the domain.
    subject: subject as BudgetSubject,
    period: period as BudgetPeriod,
    onExceed: onExceed as BudgetAction,
    limit: BigInt(amount),
  };
}
