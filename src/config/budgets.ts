/** The environment variables that say what may be spent. */
import type * as v from 'valibot';

export type BudgetsConfig = Record<never, never>;

export const BUDGETS_ENVIRONMENT = {};

type Values = v.InferOutput<v.ObjectSchema<typeof BUDGETS_ENVIRONMENT, undefined>>;

/** Problems with combinations of variables that are valid one by one. */
export function budgetsProblems(_given: Readonly<Record<string, string | undefined>>): readonly string[] {
  return [];
}

export function budgetsConfig(_values: Values): BudgetsConfig {
  return {};
}
