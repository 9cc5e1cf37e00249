/** Every fault of the upstream, in background mode and on one connection. */
import { expect } from 'vitest';
import { endOf, type Harness, type TrackedCall } from './harness.ts';
import { snapshot } from './invariants.ts';
import { ROUNDS } from './rounds.ts';
import type { Tally } from './tally.ts';
import { MAX_ATTEMPTS, UPSTREAM_FAULTS } from './upstream-faults.ts';
import { withHarness } from './with-harness.ts';

const ENV = {
  // Silence is tested in silence.faults.ts. Here, a busy machine must not be mistaken for a silent upstream.
  UPSTREAM_IDLE_TIMEOUT_MS: '30000',
  MAX_ATTEMPTS: String(MAX_ATTEMPTS),
  // A retry is due before the attempt before it has ended.
  RETRY_BASE_DELAY_MS: '1',
  // So long that the periodic adoption of abandoned calls cannot hide a lost retry.
  LEASE_MS: '600000',
};

export function describeUpstreamFaults(background: boolean, tally: Tally): void {
  const mode = background ? 'in the background' : 'on one connection';
  const test = withHarness({ name: `upstream, ${mode}`, background, tally, env: ENV });
  for (const fault of UPSTREAM_FAULTS) {
    test(`promises 1-6, 8: ${mode}, the upstream ${fault.name}`, {}, async (harness) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        harness.upstream.setBehavior({});
        fault.steer?.(harness);
        const call = await harness.begin('Disturbed', fault.markers === undefined ? {} : { markers: fault.markers });
        await harness.settle();
        const allowed = allowedEnds(background ? fault.background : fault.plain, harness, call);
        expect(allowed, `round ${round}`).toContain(outcomeOf(call));
        expect(harness.upstream.createsOf(call.prompt), `round ${round}`).toHaveLength(fault.creates ?? 1);
      }
    });
  }

  test(`promises 1-6: ${mode}, the upstream cannot be reached for a while`, {
    // There are always attempts left until the upstream is reachable again.
    MAX_ATTEMPTS: '100',
    RETRY_BASE_DELAY_MS: '150',
    RETRY_MAX_DELAY_MS: '600',
  }, async (harness) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      await harness.upstream.proxy.refuse();
      const call = await harness.begin('Not reached');
      await call.seen('a second attempt', (event) => event.__typename === 'GenerationRetrying');
      await harness.upstream.proxy.accept();
      await harness.settle();
      expect(outcomeOf(call)).toBe('COMPLETED');
      expect(harness.upstream.createsOf(call.prompt)).toHaveLength(1);
      expect(snapshot(harness.dataDir, call.raw).call.attempts).toBeGreaterThan(1);
    }
  });
}

export function outcomeOf(call: TrackedCall): string {
  const end = endOf(call);
  return end.__typename === 'GenerationFailed' ? end.failure.code : end.call.status;
}

function allowedEnds(ends: string | readonly string[], harness: Harness, call: TrackedCall): readonly string[] {
  if (ends !== 'NAMED') return typeof ends === 'string' ? [ends] : ends;
  const named = snapshot(harness.dataDir, call.raw).attempts.some(({ response_id: id }) => id !== null);
  return [named ? 'COMPLETED' : 'OUTCOME_UNKNOWN'];
}
