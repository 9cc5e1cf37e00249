/** Every fault of the upstream, the same for both ways of asking it. */
import { expect } from 'vitest';
import { endOf, type House, type TrackedCall } from './harness.ts';
import { snapshot } from './invariants.ts';
import { ROUNDS } from './rounds.ts';
import type { Tally } from './tally.ts';
import { MAX_ATTEMPTS, UPSTREAM_FAULTS } from './upstream-faults.ts';
import { inHouse } from './with-harness.ts';

const ENV = {
  // None of these is about silence (silence.faults.ts is): a busy machine shall not be taken for one that fell silent.
  UPSTREAM_IDLE_TIMEOUT_MS: '30000',
  MAX_ATTEMPTS: String(MAX_ATTEMPTS),
  // Due before the attempt in front of it is put away.
  RETRY_BASE_DELAY_MS: '1',
  // So long that nothing is picked up again by looking for what was left: a retry that is lost stays lost.
  LEASE_MS: '600000',
};

export function describeUpstreamFaults(background: boolean, tally: Tally): void {
  const mode = background ? 'in the background' : 'on one connection';
  const test = inHouse({ name: `upstream, ${mode}`, background, tally, env: ENV });
  for (const fault of UPSTREAM_FAULTS) {
    test(`promises 1-6, 8: ${mode}, the upstream ${fault.name}`, {}, async (house) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        house.upstream.steer({});
        fault.steer?.(house);
        const call = await house.begin('Disturbed', fault.markers === undefined ? {} : { markers: fault.markers });
        await house.settle();
        const allowed = allowedEnds(background ? fault.background : fault.plain, house, call);
        expect(allowed, `round ${round}`).toContain(outcomeOf(call));
        expect(house.upstream.createsOf(call.prompt), `round ${round}`).toHaveLength(fault.creates ?? 1);
      }
    });
  }

  test(`promises 1-6: ${mode}, the upstream cannot be reached for a while`, {
    // However long it takes until it is reached again, there are attempts left.
    MAX_ATTEMPTS: '100',
    RETRY_BASE_DELAY_MS: '150',
    RETRY_MAX_DELAY_MS: '600',
  }, async (house) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      await house.upstream.wire.refuse();
      const call = await house.begin('Not reached');
      await call.seen('a second attempt', (event) => event.__typename === 'GenerationRetrying');
      await house.upstream.wire.accept();
      await house.settle();
      expect(outcomeOf(call)).toBe('COMPLETED');
      expect(house.upstream.createsOf(call.prompt)).toHaveLength(1);
      expect(snapshot(house.dataDir, call.raw).call.attempts).toBeGreaterThan(1);
    }
  });
}

export function outcomeOf(call: TrackedCall): string {
  const end = endOf(call);
  return end.__typename === 'GenerationFailed' ? end.failure.code : end.call.status;
}

function allowedEnds(ends: string | readonly string[], house: House, call: TrackedCall): readonly string[] {
  if (ends !== 'NAMED') return typeof ends === 'string' ? [ends] : ends;
  const named = snapshot(house.dataDir, call.raw).attempts.some(({ response_id: id }) => id !== null);
  return [named ? 'COMPLETED' : 'OUTCOME_UNKNOWN'];
}
