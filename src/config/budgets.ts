/** The environment variables that say what may be spent. */
import Big from 'big.js';
import * as v from 'valibot';
import { toPicodollars } from '../domain/cost/cost.ts';
import type { BudgetAction, BudgetPeriod } from '../domain/limits/budget.ts';
import { integerOr, oneOf, orNull, text } from './values.ts';

/** Amounts are in picodollars. */
export interface BudgetsConfig {
  /** The budgets of every principal that has none of its own; null for no limit. */
  readonly limits: Readonly<Record<BudgetPeriod, bigint | null>>;
  /** What happens to a request that does not fit into one of them. */
  readonly onExceed: BudgetAction;
  /** What is reserved for each image of a model whose price is not known. */
  readonly unpricedImage: bigint;
  /** How long a call waits for approval, in milliseconds. */
  readonly approvalTimeoutMs: number;
}

/** Sums of such amounts stay far below what a database integer holds. */
const MAX_AMOUNT = 1_000_000;
const MAX_DECIMALS = 6;

/** What an amount must look like. */
export const AMOUNT_EXPECTED = `US dollars as a decimal such as "5.00", at most ${MAX_DECIMALS} decimals and ${MAX_AMOUNT}`;

export function isAmount(value: string): boolean {
  if (!/^\d{1,7}(\.\d+)?$/u.test(value)) return false;
  return new Big(value).lte(MAX_AMOUNT) && new Big(value).round(MAX_DECIMALS).eq(value);
}

const amount = v.pipe(text(isAmount, { expected: AMOUNT_EXPECTED }), v.transform(toPicodollars));

export const BUDGETS_ENVIRONMENT = {
  BUDGET_PER_DAY: orNull(amount),
  BUDGET_PER_MONTH: orNull(amount),
  BUDGET_ON_EXCEED: oneOf(['refuse', 'ask'], 'refuse'),
  BUDGET_UNPRICED_IMAGE: v.optional(amount, '0.25'),
  APPROVAL_TIMEOUT_MS: integerOr(604_800_000, 1000, 31_536_000_000),
};

type Values = v.InferOutput<v.ObjectSchema<typeof BUDGETS_ENVIRONMENT, undefined>>;

export function budgetsConfig(values: Values): BudgetsConfig {
  return {
    limits: { DAY: values.BUDGET_PER_DAY, MONTH: values.BUDGET_PER_MONTH },
    onExceed: values.BUDGET_ON_EXCEED === 'ask' ? 'ASK' : 'REFUSE',
    unpricedImage: values.BUDGET_UNPRICED_IMAGE,
    approvalTimeoutMs: values.APPROVAL_TIMEOUT_MS,
  };
}
