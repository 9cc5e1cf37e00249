/** SIGKILL while budgets are being spent. */
import { it } from 'vitest';
import { playBudgetKills } from './budget-rounds.ts';
import { ROUNDS } from './rounds.ts';

it.each([true, false])(
  'promise 5: no reservation is lost or counted twice, and no budget is exceeded, in background mode: %s',
  (background) => playBudgetKills(ROUNDS, background),
);
