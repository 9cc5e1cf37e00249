/** SIGTERM in the middle: what can go on without this server is left to the next one, what cannot is waited for. */
import { describe, expect } from 'vitest';
import { eventually, within } from '../api/steps.ts';
import { endOf, type House, toldOf } from './harness.ts';
import { snapshot } from './invariants.ts';
import { failureCodeOf } from './kill-steps.ts';
import { ROUNDS } from './rounds.ts';
import { keepTally } from './tally.ts';
import { isPartial } from './upstream.ts';
import { inHouse } from './with-harness.ts';

const tally = keepTally('stop');
/** How long a stop waits that has something to wait for: far longer than any machine needs. Milliseconds. */
const DRAIN_TIMEOUT_MS = 60_000;
/** How long a stop may take that has nothing to wait for. */
const QUICK_MS = 20_000;

/** One call at its first stage, and the upstream held there; another one behind it. */
async function inTheMiddle(house: House) {
  const held = house.upstream.holdEvent((event) => isPartial(event, 1));
  const running = await house.begin('Stopped in the middle');
  await held.reached();
  await running.seen('its first stage', (event) => event.__typename === 'PartialImageReceived');
  const waiting = await house.begin('Stopped in the queue', { subscribers: 2 });
  return { held, running, waiting };
}

const ONE_AT_A_TIME = { CONCURRENCY: '1', DRAIN_TIMEOUT_MS: String(DRAIN_TIMEOUT_MS) };

describe('in the background', () => {
  const test = inHouse({ name: 'stop, in the background', background: true, tally });

  test(
    'promises 2, 5, 6: the server ends at once, and the next one goes on with one create',
    ONE_AT_A_TIME,
    async (house) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const { held, running, waiting } = await inTheMiddle(house);
        const startedAt = performance.now();
        expect(await within(QUICK_MS, 'the server to stop', () => house.end('SIGTERM'))).toBe(0);
        expect(performance.now() - startedAt).toBeLessThan(QUICK_MS);
        expect(snapshot(house.dataDir, running.raw).call).toMatchObject({ status: 'IN_PROGRESS', claimed_by: null });
        held.open();
        await house.start(ONE_AT_A_TIME);
        await house.settle();
        for (const call of [running, waiting]) {
          expect(endOf(call).__typename).toBe('GenerationCompleted');
          expect(house.upstream.createsOf(call.prompt)).toHaveLength(1);
        }
        expect(toldOf(running).filter((type) => type === 'GenerationStarted')).toHaveLength(1);
      }
    },
  );
});

describe('on one connection', () => {
  const test = inHouse({ name: 'stop, on one connection', background: false, tally });

  test(
    'promises 5, 6: the server waits for what runs, and leaves what waits to the next one',
    ONE_AT_A_TIME,
    async (house) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const { held, running, waiting } = await inTheMiddle(house);
        const { server } = house;
        const stopped = house.end('SIGTERM');
        await eventually('the server to hear of it', () => (server.output().includes('Stopping') ? true : undefined));
        expect(snapshot(house.dataDir, running.raw).call.status).toBe('IN_PROGRESS');
        held.open();
        expect(await within(DRAIN_TIMEOUT_MS, 'the server to stop', () => stopped)).toBe(0);
        expect(snapshot(house.dataDir, running.raw).call.status).toBe('COMPLETED');
        expect(snapshot(house.dataDir, waiting.raw).call.status).toBe('QUEUED');
        await house.start(ONE_AT_A_TIME);
        await house.settle();
        expect(endOf(waiting).__typename).toBe('GenerationCompleted');
        expect(house.upstream.createsOf(running.prompt)).toHaveLength(1);
      }
    },
  );

  const impatient = { ...ONE_AT_A_TIME, DRAIN_TIMEOUT_MS: '300' };
  test('promises 3, 5, 6: what does not end within the drain ends as not known', impatient, async (house) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const { held, running } = await inTheMiddle(house);
      expect(await within(QUICK_MS, 'the server to stop', () => house.end('SIGTERM'))).toBe(0);
      expect(failureCodeOf(snapshot(house.dataDir, running.raw).call)).toBe('OUTCOME_UNKNOWN');
      held.open();
      await house.start(impatient);
      await house.settle();
      expect(house.upstream.createsOf(running.prompt)).toHaveLength(1);
    }
  });
});
