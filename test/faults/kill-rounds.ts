/** SIGKILL at each step, in background mode and on one connection. */
import { expect } from 'vitest';
import { snapshot } from './invariants.ts';
import { killWhileAccepting } from './kill-accept.ts';
import { expectations, KILL_STEPS } from './kill-steps.ts';
import { ROUNDS } from './rounds.ts';
import type { Tally } from './tally.ts';
import { outcomeOf } from './upstream-rounds.ts';
import { withHarness } from './with-harness.ts';

export function describeKills(background: boolean, tally: Tally): void {
  const mode = background ? 'in the background' : 'on one connection';
  const test = withHarness({ name: mode, background, tally });
  for (const { name, concurrency = 4, play, met, after } of KILL_STEPS) {
    const env = { CONCURRENCY: String(concurrency) };
    test(`promises 1-6, 8: ${mode}, killed ${name}`, env, async (harness) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        await play(harness);
        const last = harness.calls.at(-1);
        if (last === undefined) throw new Error('no call was begun');
        const left = snapshot(harness.dataDir, last.raw);
        met(left);
        const expected = expectations(harness);
        await harness.start(env);
        for (const call of await harness.settle()) {
          expect(outcomeOf(call), `round ${round}, "${call.prompt}"`).toBe(expected.get(call));
        }
        after?.(left, snapshot(harness.dataDir, last.raw));
      }
    });
  }
  test(`promises 4-6: ${mode}, killed between a mutation and its answer`, { CONCURRENCY: '4' }, async (harness) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const { call, expected } = await killWhileAccepting(harness, round, { CONCURRENCY: '4' });
      await harness.settle();
      expect(outcomeOf(call), `round ${round}`).toBe(expected);
    }
  });
}
