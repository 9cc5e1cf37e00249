/** A few rounds of test/faults/budgets.faults.ts, in every run of the tests. */
import { it } from 'vitest';
import { playBudgetKills } from '../faults/budget-rounds.ts';

it('promise 5: kills lose no reservation and count none twice, and the budget is not exceeded', () =>
  playBudgetKills(3, true));
