/** SIGKILL at each step, the same for both ways of asking the upstream. */
import { expect } from 'vitest';
import { snapshot } from './invariants.ts';
import { killWhileAccepting } from './kill-accept.ts';
import { expectations, KILL_STEPS } from './kill-steps.ts';
import { ROUNDS } from './rounds.ts';
import type { Tally } from './tally.ts';
import { outcomeOf } from './upstream-rounds.ts';
import { inHouse } from './with-harness.ts';

export function describeKills(background: boolean, tally: Tally): void {
  const mode = background ? 'in the background' : 'on one connection';
  const test = inHouse({ name: mode, background, tally });
  for (const { name, concurrency = 4, play, met, after } of KILL_STEPS) {
    const env = { CONCURRENCY: String(concurrency) };
    test(`promises 1-6, 8: ${mode}, killed ${name}`, env, async (house) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        await play(house);
        const last = house.calls.at(-1);
        if (last === undefined) throw new Error('no call was begun');
        const left = snapshot(house.dataDir, last.raw);
        met(left);
        const expected = expectations(house);
        await house.start(env);
        for (const call of await house.settle()) {
          expect(outcomeOf(call), `round ${round}, "${call.prompt}"`).toBe(expected.get(call));
        }
        after?.(left, snapshot(house.dataDir, last.raw));
      }
    });
  }
  test(`promises 4-6: ${mode}, killed between a mutation and its answer`, { CONCURRENCY: '4' }, async (house) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const { call, expected } = await killWhileAccepting(house, round, { CONCURRENCY: '4' });
      await house.settle();
      expect(outcomeOf(call), `round ${round}`).toBe(expected);
    }
  });
}
