/** Spending: what was spent in some days, in all and day by day. */
import { fromPicodollars } from '../../src/domain/cost/cost.ts';
import { basisOf, type Charges, type DayCharges, type PeriodCharges } from '../../src/domain/limits/charges.ts';
import { MAX_DAYS } from '../../src/domain/limits/day-range.ts';
import { builder } from '../builder.ts';
import { CostBasisRef, currencyField } from './cost.ts';

const COMPLETE_DESCRIPTION =
  'Whether `amount` covers everything. False when the price or the number of some tokens is not known; the real cost is then ' +
  'higher than `amount`, and budgets count at least what was reserved.';
const CALLS_DESCRIPTION = 'The number of calls that were charged for.';

const DaySpendingRef = builder.objectRef<DayCharges>('DaySpending').implement({
  description: 'What was spent on one day.',
  fields: (t) => ({
    date: t.expose('date', { type: 'Date', description: 'The day, in UTC.' }),
    amount: t.field({
      type: 'Decimal',
      description: 'The sum of all costs of the day whose price is known, in `Spending.currency`.',
      resolve: ({ charged }) => fromPicodollars(charged),
    }),
    complete: t.boolean({ description: COMPLETE_DESCRIPTION, resolve: isComplete }),
    calls: t.exposeInt('chargedCalls', { description: CALLS_DESCRIPTION }),
  }),
});

export const SpendingRef = builder.objectRef<PeriodCharges>('Spending').implement({
  description:
    'What was spent in some days of the calendar, in UTC: the sum of the costs of all calls, in decimals that are never ' +
    'rounded. With the built-in simulator, which is free, it is what OpenAI would charge.',
  fields: (t) => ({
    from: t.expose('from', { type: 'Date', description: 'The first day.' }),
    to: t.expose('to', { type: 'Date', description: 'The last day, which is included.' }),
    amount: t.field({
      type: 'Decimal',
      description: 'The sum of all costs whose price is known, in `currency`.',
      resolve: ({ charged }) => fromPicodollars(charged),
    }),
    currency: currencyField(t),
    basis: t.field({
      type: CostBasisRef,
      description: 'How the cost was determined: ESTIMATED when any part is an estimate.',
      resolve: basisOf,
    }),
    complete: t.boolean({ description: COMPLETE_DESCRIPTION, resolve: isComplete }),
    calls: t.exposeInt('chargedCalls', { description: CALLS_DESCRIPTION }),
    days: t.field({
      type: [DaySpendingRef],
      complexity: { multiplier: MAX_DAYS },
      description: 'Every day, in their order, also those on which nothing was spent.',
      resolve: ({ days }) => [...days],
    }),
  }),
});

function isComplete({ incompleteCalls }: Charges): boolean {
  return incompleteCalls === 0;
}
