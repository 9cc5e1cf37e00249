/** Several pictures at once, each in a task of its own: killed, stopped and cut at chance moments. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { callDetails } from '../api/steps.ts';
import { endOf, type House, type TrackedCall } from './harness.ts';
import { snapshot } from './invariants.ts';
import { ROUNDS } from './rounds.ts';
import { keepTally } from './tally.ts';
import { isCreate } from './upstream.ts';
import { inHouse } from './with-harness.ts';

const COUNT = 3;
/** A stop waits for what runs, however slow the machine is. */
const PATIENT = { DRAIN_TIMEOUT_MS: '60000' };
const tally = keepTally('tasks');

/** Every create answers with 429 the first time that its place in the order of creates is odd. */
function turnAwayEveryOther({ upstream }: House): void {
  let nth = 0;
  upstream.steer({
    onRequest: (request) => {
      if (!isCreate(request)) return null;
      nth += 1;
      if (nth % 2 === 1 || nth > COUNT) return null;
      return { status: 429, headers: {}, body: { error: { code: 'rate_limit_exceeded', message: 'Busy.' } } };
    },
  });
}

async function begin(house: House): Promise<TrackedCall> {
  return house.begin('Side by side', { count: COUNT, partialImages: 1 });
}

for (const background of [true, false]) {
  const mode = background ? 'in the background' : 'on one connection';
  describe(mode, () => {
    const test = inHouse({ name: `tasks, ${mode}`, background, tally, durationMs: 150 });

    test(`promises 1-6, 8: ${mode}, killed at a chance moment with several pictures on their way`, {}, async (house) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        house.upstream.steer({});
        const call = await begin(house);
        await delay(house.random.integer(0, 600));
        await house.end('SIGKILL');
        await house.start();
        await house.settle();
        const { attempts, images } = snapshot(house.dataDir, call.raw);
        // In the background every task that had a name comes to its picture, whatever was killed.
        const named = attempts.filter(({ response_id: id }) => id !== null).length;
        if (background) expect(images.length, `round ${round}`).toBeGreaterThanOrEqual(named);
      }
    });

    test(`promises 1-6: ${mode}, some tasks turned away, and killed before they are tried again`, {
      RETRY_BASE_DELAY_MS: '150',
    }, async (house) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        turnAwayEveryOther(house);
        const call = await begin(house);
        if (round % 2 === 0) {
          await delay(house.random.integer(0, 500));
          await house.end('SIGKILL');
          await house.start();
        }
        await house.settle();
        if (round % 2 === 1) {
          expect(endOf(call).__typename, `round ${round}`).toBe('GenerationCompleted');
          expect(snapshot(house.dataDir, call.raw).images).toHaveLength(COUNT);
        }
      }
    });

    test(`promises 1-3: ${mode}, stopped with several pictures on their way`, PATIENT, async (house) => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        house.upstream.steer({});
        const call = await begin(house);
        await delay(house.random.integer(0, 400));
        await house.end('SIGTERM');
        await house.start(PATIENT);
        await house.settle();
        expect(endOf(call).__typename, `round ${round}`).toBe('GenerationCompleted');
        expect((await callDetails(house.server.url, call.id)).images, `round ${round}`).toHaveLength(COUNT);
      }
    });
  });
}
