/** The arithmetic of budgets: exact for any amounts, and never more generous than the limit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spendingChanges } from '../../src/billing/reservations.ts';
import {
  BUDGET_PERIODS,
  type BudgetState,
  boundsOf,
  decideBudgets,
  periodAt,
  type Reservation,
  remainingOf,
  type Spending,
  spendingOf,
  subjectsOf,
} from '../../src/domain/limits/budget.ts';
import { addCharges, type Charges, NOTHING_CHARGED } from '../../src/domain/limits/charges.ts';

const amount = fc.bigInt({ min: 0n, max: 10n ** 18n });
const instant = fc
  .integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 0, 1) })
  .map((ms) => new Date(ms).toISOString());
const credential = fc.constantFrom(null, 'jwt', 'key:abc', 'token:abc');
const charges = fc.record({
  charged: amount,
  chargedCalls: fc.constantFrom(0, 1),
  estimatedCalls: fc.constantFrom(0, 1),
  incompleteCalls: fc.constantFrom(0, 1),
});
const reservation: fc.Arbitrary<Reservation> = fc.record({
  callId: fc.constant('call'),
  principal: fc.constantFrom('anna', 'bert'),
  credential,
  at: instant,
  reserved: amount,
  cost: amount,
  isOpen: fc.boolean(),
  charges,
});

const MORNING = '2026-11-28T09:30:00.000Z';

function budgetOf(changes: Partial<BudgetState> = {}): BudgetState {
  return {
    subject: 'principal:anna',
    period: 'DAY',
    limit: 100n,
    onExceed: 'REFUSE',
    isDefault: false,
    spent: 0n,
    reserved: 0n,
    ...boundsOf(changes.period ?? 'DAY', MORNING),
    ...changes,
  };
}

describe('what a call counts for', () => {
  it('is the larger of its reservation and its cost while it is open, and its cost when it has ended', () => {
    fc.assert(
      fc.property(reservation, (each) => {
        const { spent, reserved } = spendingOf(each);
        expect(spent).toBe(each.cost);
        const larger = each.reserved > each.cost ? each.reserved : each.cost;
        expect(spent + reserved).toBe(each.isOpen ? larger : each.cost);
      }),
    );
  });

  it('changes the sums by exactly the difference, in every period of every subject', () => {
    fc.assert(
      fc.property(reservation, amount, charges, fc.boolean(), instant, (before, cost, changed, isOpen, at) => {
        const after = { ...before, cost, charges: changed, isOpen, at };
        const nothing = { spent: 0n, reserved: 0n, ...NOTHING_CHARGED };
        const sums = new Map<string, Spending & Charges>();
        for (const { subject, period, ...change } of spendingChanges(before, after)) {
          expect(sums.has(`${subject} ${period}`)).toBe(false);
          sums.set(`${subject} ${period}`, change);
        }
        const sumsAt = (each: Reservation, key: string) => {
          const keys = subjectsOf({ id: each.principal, credential: each.credential }).flatMap((subject) =>
            BUDGET_PERIODS.map((period) => `${subject} ${periodAt(period, each.at)}`),
          );
          return keys.includes(key) ? { ...spendingOf(each), ...each.charges } : nothing;
        };
        for (const subject of subjectsOf({ id: before.principal, credential: before.credential })) {
          for (const moment of [before.at, at]) {
            for (const period of BUDGET_PERIODS) {
              const key = `${subject} ${periodAt(period, moment)}`;
              const change = sums.get(key) ?? nothing;
              const [had, has] = [sumsAt(before, key), sumsAt(after, key)];
              expect(change.spent).toBe(has.spent - had.spent);
              expect(change.reserved).toBe(has.reserved - had.reserved);
              expect(addCharges(had, change)).toEqual(addCharges(has, NOTHING_CHARGED));
            }
          }
        }
      }),
    );
  });

  it('limits the principal always, and a key that was used', () => {
    expect(subjectsOf({ id: 'anna', credential: null })).toEqual(['principal:anna']);
    expect(subjectsOf({ id: 'anna', credential: 'jwt' })).toEqual(['principal:anna']);
    expect(subjectsOf({ id: 'anna', credential: 'key:abc' })).toEqual(['principal:anna', 'key:abc']);
  });
});

describe('a period', () => {
  it('contains its moment and ends where the next one starts, at midnight in UTC', () => {
    fc.assert(
      fc.property(instant, fc.constantFrom(...BUDGET_PERIODS), (at, period) => {
        const { startsAt, resetsAt } = boundsOf(period, at);
        expect(startsAt <= at && at < resetsAt).toBe(true);
        expect(startsAt.slice(10)).toBe('T00:00:00.000Z');
        expect(boundsOf(period, resetsAt).startsAt).toBe(resetsAt);
        expect(periodAt(period, startsAt)).toBe(periodAt(period, at));
        expect(periodAt(period, resetsAt)).not.toBe(periodAt(period, at));
      }),
    );
  });

  it('is a day or a month of the calendar', () => {
    expect(boundsOf('DAY', '2028-02-29T23:59:59.999Z')).toEqual({
      startsAt: '2028-02-29T00:00:00.000Z',
      resetsAt: '2028-03-01T00:00:00.000Z',
    });
    expect(boundsOf('MONTH', '2026-12-05T00:00:00.000Z')).toEqual({
      startsAt: '2026-12-01T00:00:00.000Z',
      resetsAt: '2027-01-01T00:00:00.000Z',
    });
  });
});

describe('a decision', () => {
  it('accepts exactly what fits into every budget', () => {
    const state = fc.record({ limit: amount, spent: amount, reserved: amount }).map((sums) => budgetOf(sums));
    fc.assert(
      fc.property(fc.array(state, { maxLength: 4 }), amount, (budgets, asked) => {
        const fits = budgets.every(({ limit, spent, reserved }) => spent + reserved + asked <= limit);
        expect(decideBudgets(budgets, asked).action).toBe(fits ? 'ACCEPT' : 'REFUSE');
        if (fits) for (const budget of budgets) expect(remainingOf(budget)).toBeGreaterThanOrEqual(asked);
      }),
    );
  });

  it('takes any sequence of requests at most to the limit', () => {
    fc.assert(
      fc.property(amount, fc.array(amount), (limit, requests) => {
        let reserved = 0n;
        for (const asked of requests) {
          if (decideBudgets([budgetOf({ limit, reserved })], asked).action === 'ACCEPT') reserved += asked;
        }
        expect(reserved).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('names the budget with the least left, and the time when all that are exceeded are reset', () => {
    const day = budgetOf({ spent: 95n });
    const month = budgetOf({ period: 'MONTH', spent: 90n, reserved: 8n });
    const key = budgetOf({ subject: 'key:abc', limit: 1_000n });
    const { action, exceeded } = decideBudgets([day, month, key], 10n);
    expect(action).toBe('REFUSE');
    expect(exceeded?.tightest).toBe(month);
    expect(exceeded?.resetsAt).toBe('2026-12-01T00:00:00.000Z');
    expect(decideBudgets([day, month, key], 4n).exceeded).toMatchObject({
      tightest: month,
      resetsAt: '2026-12-01T00:00:00.000Z',
    });
  });

  it('refuses where one budget refuses and another asks, and asks where no other is exceeded', () => {
    const asking = budgetOf({ onExceed: 'ASK', spent: 100n });
    const refusing = budgetOf({ period: 'MONTH', spent: 95n });
    expect(decideBudgets([asking, refusing], 5n).action).toBe('ASK');
    expect(decideBudgets([asking, refusing], 6n)).toMatchObject({
      action: 'REFUSE',
      exceeded: { tightest: refusing, resetsAt: refusing.resetsAt },
    });
  });

  it('leaves nothing of a budget that was lowered below what is spent', () => {
    const lowered = budgetOf({ limit: 5n, spent: 20n });
    expect(remainingOf(lowered)).toBe(0n);
    expect(decideBudgets([lowered], 0n).action).toBe('REFUSE');
  });
});
