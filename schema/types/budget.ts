/** Budget, and the error of a request that does not fit into one. */

import { fromPicodollars } from '../../src/domain/cost/cost.ts';
import { BudgetExceededError } from '../../src/domain/errors.ts';
import {
  BUDGET_ACTIONS,
  BUDGET_PERIODS,
  BUDGET_SUBJECTS,
  type BudgetAction,
  type BudgetPeriod,
  type BudgetState,
  type BudgetSubjectKind,
  partsOf,
  remainingOf,
} from '../../src/domain/limits/budget.ts';
import { builder } from '../builder.ts';
import { ErrorRef } from '../errors.ts';
import { currencyField } from './cost.ts';
import { enumOf } from './images/image-settings.ts';

const BudgetPeriodRef = enumOf<BudgetPeriod>('BudgetPeriod', 'The period of a budget.', BUDGET_PERIODS, {
  DAY: 'A day of the calendar, in UTC.',
  MONTH: 'A month of the calendar, in UTC.',
});

const BudgetActionRef = enumOf<BudgetAction>(
  'BudgetAction',
  'What happens to a request that does not fit into a budget.',
  BUDGET_ACTIONS,
  {
    REFUSE: 'The request is refused with a `BudgetExceededError`.',
    ASK: 'The call is accepted, and waits as AWAITING_APPROVAL until an administrator decides.',
  },
);

const BudgetSubjectRef = enumOf<BudgetSubjectKind>(
  'BudgetSubject',
  'Whose spending a budget limits.',
  BUDGET_SUBJECTS,
  {
    PRINCIPAL: 'All calls of the principal.',
    KEY: 'The calls that were started with one API key.',
  },
);

export const BudgetRef = builder.objectRef<BudgetState>('Budget').implement({
  description:
    'What may be spent in a day or a month. Amounts are in `currency`, in decimals that are never rounded. With the ' +
    'built-in simulator, which is free, they are what OpenAI would charge.',
  fields: (t) => ({
    subject: t.field({
      type: BudgetSubjectRef,
      description: 'Whose spending the budget limits.',
      resolve: ({ subject }) => partsOf(subject).kind,
    }),
    subjectId: t.string({
      description: 'The id of that principal or API key.',
      resolve: ({ subject }) => partsOf(subject).id,
    }),
    period: t.expose('period', { type: BudgetPeriodRef, description: 'The period of the budget.' }),
    currency: currencyField(t),
    limit: t.field({
      type: 'Decimal',
      description: 'What may be spent in the period.',
      resolve: ({ limit }) => fromPicodollars(limit),
    }),
    spent: t.field({
      type: 'Decimal',
      description:
        'What the calls accepted in this period have cost so far. Anything that may have been charged counts in full.',
      resolve: ({ spent }) => fromPicodollars(spent),
    }),
    reserved: t.field({
      type: 'Decimal',
      description: 'What calls that have not ended may still cost.',
      resolve: ({ reserved }) => fromPicodollars(reserved),
    }),
    remaining: t.field({
      type: 'Decimal',
      description: 'What may still be reserved: `limit` without `spent` and `reserved`, and never less than 0.',
      resolve: (budget) => fromPicodollars(remainingOf(budget)),
    }),
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'The start of the current period.' }),
    resetsAt: t.expose('resetsAt', {
      type: 'DateTime',
      description: 'The end of the current period, when `spent` starts at 0 again.',
    }),
    onExceed: t.expose('onExceed', {
      type: BudgetActionRef,
      description: 'What happens to a request that does not fit.',
    }),
    isDefault: t.exposeBoolean('isDefault', {
      description: 'Whether this is the default of the server for principals without a budget of their own.',
    }),
  }),
});

builder.objectType(BudgetExceededError, {
  name: 'BudgetExceededError',
  description:
    'What the request may cost does not fit into a budget. Nothing was stored, and the upstream was not asked.',
  interfaces: [ErrorRef],
  fields: (t) => ({
    budget: t.expose('budget', {
      type: BudgetRef,
      description: 'The budget with the least left, when there are several that the request does not fit into.',
    }),
    required: t.field({
      type: 'Decimal',
      description: 'What the request would have reserved, in `currency`: the most that such a request costs as a rule.',
      resolve: ({ required }) => fromPicodollars(required),
    }),
    currency: currencyField(t),
    resetsAt: t.expose('resetsAt', {
      type: 'DateTime',
      description:
        'The time at which all budgets are reset that the request does not fit into. It may fit earlier if other ' +
        'calls end and have cost less than was reserved for them.',
    }),
  }),
});
