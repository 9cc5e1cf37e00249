/** SIGKILL at each step, the same for both ways of asking the upstream. */
import { expect } from 'vitest';
import { endOf } from './house.ts';
import { inHouse } from './in-house.ts';
import { snapshot } from './invariants.ts';
import { expectations, KILL_STEPS } from './kill-steps.ts';
import { ROUNDS } from './rounds.ts';
import type { Tally } from './tally.ts';

export function describeKills(background: boolean, tally: Tally): void {
  const mode = background ? 'in the background' : 'on one connection';
  const test = inHouse({ name: mode, background, tally });
  for (const { name, concurrency = 4, play, met } of KILL_STEPS) {
    const env = { CONCURRENCY: String(concurrency) };
    test(`promises 1-6, 8: ${mode}, killed ${name}`, env, async (house) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        await play(house);
        const last = house.calls.at(-1);
        expect(last).toBeDefined();
        if (last !== undefined) met(snapshot(house.dataDir, last.raw));
        const expected = expectations(house);
        await house.start(env);
        for (const call of await house.settle()) {
          const end = endOf(call);
          const ended = end.__typename === 'GenerationFailed' ? end.failure.code : end.call.status;
          expect(ended, `round ${round}, "${call.prompt}"`).toBe(expected.get(call));
        }
      }
    });
  }
}
