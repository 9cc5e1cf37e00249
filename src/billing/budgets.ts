/** The budgets of a spender, set by the operator or by default, with what is spent and reserved at a moment. */
import type { Database } from '../db/database.ts';
import { findBudgets } from '../db/queries/engine/budgets.ts';
import { findSpending } from '../db/queries/engine/spending.ts';
import {
  BUDGET_PERIODS,
  type Budget,
  type BudgetAction,
  type BudgetPeriod,
  type BudgetState,
  boundsOf,
  NOTHING_SPENT,
  periodAt,
  type Spender,
  subjectsOf,
} from '../domain/limits/budget.ts';

export interface Budgets {
  /** Every budget that limits the spender at this moment. The principal's come before those of the key. */
  of(db: Database, spender: Spender, at: string): Promise<readonly BudgetState[]>;
}

/** The budgets of every principal that has none of its own; null for no limit. */
export interface DefaultBudgets {
  readonly limits: Readonly<Record<BudgetPeriod, bigint | null>>;
  readonly onExceed: BudgetAction;
}

export function createBudgets(defaults: DefaultBudgets): Budgets {
  return {
    async of(db, spender, at) {
      const subjects = subjectsOf(spender);
      const stored = await findBudgets(db, subjects);
      const budgets = subjects.flatMap((subject) =>
        BUDGET_PERIODS.flatMap((period): readonly Budget[] => {
          const own = stored.find((budget) => budget.subject === subject && budget.period === period);
          if (own !== undefined) return [{ ...own, isDefault: false }];
          const limit = subject.startsWith('principal:') ? defaults.limits[period] : null;
          return limit === null ? [] : [{ subject, period, limit, onExceed: defaults.onExceed, isDefault: true }];
        }),
      );
      return withSpending(db, budgets, at);
    },
  };
}

/** Adds what is spent and reserved in the periods of the moment. */
export async function withSpending(
  db: Database,
  budgets: readonly Budget[],
  at: string,
): Promise<readonly BudgetState[]> {
  if (budgets.length === 0) return [];
  const subjects = [...new Set(budgets.map(({ subject }) => subject))];
  const sums = await findSpending(
    db,
    subjects,
    BUDGET_PERIODS.map((period) => periodAt(period, at)),
  );
  return budgets.map((budget) => {
    const period = periodAt(budget.period, at);
    const sum = sums.find((each) => each.subject === budget.subject && each.period === period) ?? NOTHING_SPENT;
    return { ...budget, spent: sum.spent, reserved: sum.reserved, ...boundsOf(budget.period, at) };
  });
}
