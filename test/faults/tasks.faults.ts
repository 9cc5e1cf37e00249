/** Several images at once, each in its own task: killed, stopped and cut at random moments. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { callDetails } from '../api/steps.ts';
import { endOf, type Harness, type TrackedCall } from './harness.ts';
import { snapshot } from './invariants.ts';
import { ROUNDS } from './rounds.ts';
import { keepTally } from './tally.ts';
import { isCreate } from './upstream.ts';
import { withHarness } from './with-harness.ts';

const COUNT = 3;
/** The drain timeout: a stop waits for what runs, however slow the machine is. */
const PATIENT = { DRAIN_TIMEOUT_MS: '60000' };
const tally = keepTally('tasks');

/** Answers every second create with 429, as far as the first creates go. */
function turnAwayEveryOther({ upstream }: Harness): void {
  let nth = 0;
  upstream.setBehavior({
    onRequest: (request) => {
      if (!isCreate(request)) return null;
      nth += 1;
      if (nth % 2 === 1 || nth > COUNT) return null;
      return { status: 429, headers: {}, body: { error: { code: 'rate_limit_exceeded', message: 'Busy.' } } };
    },
  });
}

async function begin(harness: Harness): Promise<TrackedCall> {
  return harness.begin('Side by side', { count: COUNT, partialImages: 1 });
}

for (const background of [true, false]) {
  const mode = background ? 'in the background' : 'on one connection';
  describe(mode, () => {
    const test = withHarness({ name: `tasks, ${mode}`, background, tally, durationMs: 150 });

    test(`promises 1-6, 8: ${mode}, killed at a chance moment with several pictures on their way`, {}, async (harness) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        harness.upstream.setBehavior({});
        const call = await begin(harness);
        await delay(harness.random.integer(0, 600));
        await harness.end('SIGKILL');
        await harness.start();
        await harness.settle();
        const { attempts, images } = snapshot(harness.dataDir, call.raw);
        // In the background, every task with a response id gets its image, whatever was killed.
        const named = attempts.filter(({ response_id: id }) => id !== null).length;
        if (background) expect(images.length, `round ${round}`).toBeGreaterThanOrEqual(named);
      }
    });

    test(`promises 1-6: ${mode}, some tasks turned away, and killed before they are tried again`, {
      RETRY_BASE_DELAY_MS: '150',
    }, async (harness) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        turnAwayEveryOther(harness);
        const call = await begin(harness);
        if (round % 2 === 0) {
          await delay(harness.random.integer(0, 500));
          await harness.end('SIGKILL');
          await harness.start();
        }
        await harness.settle();
        if (round % 2 === 1) {
          expect(endOf(call).__typename, `round ${round}`).toBe('GenerationCompleted');
          expect(snapshot(harness.dataDir, call.raw).images).toHaveLength(COUNT);
        }
      }
    });

    test(`promises 1-3: ${mode}, stopped with several pictures on their way`, PATIENT, async (harness) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        harness.upstream.setBehavior({});
        const call = await begin(harness);
        await delay(harness.random.integer(0, 400));
        await harness.end('SIGTERM');
        await harness.start(PATIENT);
        await harness.settle();
        expect(endOf(call).__typename, `round ${round}`).toBe('GenerationCompleted');
        expect((await callDetails(harness.server.url, call.id)).images, `round ${round}`).toHaveLength(COUNT);
      }
    });
  });
}
