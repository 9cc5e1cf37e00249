/** SIGTERM during calls: those that can continue without this server are left to the next one; it waits for the others. */
import { describe, expect } from 'vitest';
import { eventually, within } from '../api/steps.ts';
import { endOf, type Harness, toldOf } from './harness.ts';
import { snapshot } from './invariants.ts';
import { failureCodeOf } from './kill-steps.ts';
import { ROUNDS } from './rounds.ts';
import { keepTally } from './tally.ts';
import { isPartial } from './upstream.ts';
import { withHarness } from './with-harness.ts';

const tally = keepTally('stop');
/** The drain timeout when there is something to wait for, in milliseconds: longer than any machine needs. */
const DRAIN_TIMEOUT_MS = 60_000;
/** How many milliseconds a stop may take when there is nothing to wait for. */
const QUICK_MS = 20_000;

/** One call held at its first partial image, and another one queued after it. */
async function inTheMiddle(harness: Harness) {
  const held = harness.upstream.holdEvent((event) => isPartial(event, 1));
  const running = await harness.begin('Stopped in the middle');
  await held.reached();
  await running.seen('its first stage', (event) => event.__typename === 'PartialImageReceived');
  const waiting = await harness.begin('Stopped in the queue', { subscribers: 2 });
  return { held, running, waiting };
}

const ONE_AT_A_TIME = { CONCURRENCY: '1', DRAIN_TIMEOUT_MS: String(DRAIN_TIMEOUT_MS) };

describe('in the background', () => {
  const test = withHarness({ name: 'stop, in the background', background: true, tally });

  test(
    'promises 2, 5, 6: the server ends at once, and the next one goes on with one create',
    ONE_AT_A_TIME,
    async (harness) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const { held, running, waiting } = await inTheMiddle(harness);
        const startedAt = performance.now();
        expect(await within(QUICK_MS, 'the server to stop', () => harness.end('SIGTERM'))).toBe(0);
        expect(performance.now() - startedAt).toBeLessThan(QUICK_MS);
        expect(snapshot(harness.dataDir, running.raw).call).toMatchObject({ status: 'IN_PROGRESS', claimed_by: null });
        held.open();
        await harness.start(ONE_AT_A_TIME);
        await harness.settle();
        for (const call of [running, waiting]) {
          expect(endOf(call).__typename).toBe('GenerationCompleted');
          expect(harness.upstream.createsOf(call.prompt)).toHaveLength(1);
        }
        expect(toldOf(running).filter((type) => type === 'GenerationStarted')).toHaveLength(1);
      }
    },
  );
});

describe('on one connection', () => {
  const test = withHarness({ name: 'stop, on one connection', background: false, tally });

  test(
    'promises 5, 6: the server waits for what runs, and leaves what waits to the next one',
    ONE_AT_A_TIME,
    async (harness) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const { held, running, waiting } = await inTheMiddle(harness);
        const { server } = harness;
        const stopped = harness.end('SIGTERM');
        await eventually('the server to hear of it', () => (server.output().includes('Stopping') ? true : undefined));
        expect(snapshot(harness.dataDir, running.raw).call.status).toBe('IN_PROGRESS');
        held.open();
        expect(await within(DRAIN_TIMEOUT_MS, 'the server to stop', () => stopped)).toBe(0);
        expect(snapshot(harness.dataDir, running.raw).call.status).toBe('COMPLETED');
        expect(snapshot(harness.dataDir, waiting.raw).call.status).toBe('QUEUED');
        await harness.start(ONE_AT_A_TIME);
        await harness.settle();
        expect(endOf(waiting).__typename).toBe('GenerationCompleted');
        expect(harness.upstream.createsOf(running.prompt)).toHaveLength(1);
      }
    },
  );

  const impatient = { ...ONE_AT_A_TIME, DRAIN_TIMEOUT_MS: '300' };
  test('promises 3, 5, 6: what does not end within the drain ends as not known', impatient, async (harness) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const { held, running } = await inTheMiddle(harness);
      expect(await within(QUICK_MS, 'the server to stop', () => harness.end('SIGTERM'))).toBe(0);
      expect(failureCodeOf(snapshot(harness.dataDir, running.raw).call)).toBe('OUTCOME_UNKNOWN');
      held.open();
      await harness.start(impatient);
      await harness.settle();
      expect(harness.upstream.createsOf(running.prompt)).toHaveLength(1);
    }
  });
});
