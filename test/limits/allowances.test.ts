/** Points handed out from memory: exactly those that the driver has counted, whoever asks and whenever. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Allowances } from '../../src/limits/allowances.ts';
import { createInProcessRateLimits } from '../../src/limits/drivers/in-process/rate-limits.ts';
import type { RateLimits } from '../../src/limits/rate-limits.ts';

const NO_LIMITS = {
  REQUESTS: null,
  COST: null,
  UPLOADS: null,
  IMAGES: null,
  VARIANTS: null,
  FAILED_AUTHENTICATIONS: null,
};
const LIMIT = 100;

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
});
afterAll(() => {
  vi.useRealTimers();
});

let rates: RateLimits;
let asked = 0;
beforeEach(() => {
  asked = 0;
  rates = counting(createInProcessRateLimits({ perMinute: { ...NO_LIMITS, COST: LIMIT }, maxSubjects: 100 }));
});

function counting(driver: RateLimits): RateLimits {
  return {
    remaining: (...args) => driver.remaining(...args),
    consume(...args) {
      asked += 1;
      return driver.consume(...args);
    },
  };
}

function open(driver = rates): Allowances {
  const subjectOf = (id: string) => `principal:${id}`;
  return new Allowances({
    rates: driver,
    kind: 'COST',
    subjectOf,
    perMinute: LIMIT,
    maxSubjects: 100,
    nowMs: Date.now,
  });
}

describe('allowances', () => {
  it('let exactly the points of a minute through, and ask the driver only now and then', async () => {
    const allowances = open();
    let allowed = 0;
    let atOnce = 0;
    for (let request = 0; request < 2 * LIMIT; request += 1) {
      const waiting = allowances.take('a', 1);
      if (waiting === null) atOnce += 1;
      if ((await waiting) === null) allowed += 1;
    }
    expect(allowed).toBe(LIMIT);
    expect(asked).toBe(20);
    expect(atOnce).toBe(LIMIT - 20);
  });

  it('let exactly the points of a minute through to all who ask at the same time', async () => {
    const allowances = open();
    const answers = await Promise.all(Array.from({ length: 3 * LIMIT }, () => allowances.take('a', 1)));
    expect(answers.filter((answer) => answer === null)).toHaveLength(LIMIT);
  });

  it('refuse without asking the driver again while nothing can have changed', async () => {
    const allowances = open();
    await allowances.take('a', LIMIT);
    asked = 0;
    for (let request = 0; request < 50; request += 1) expect(await allowances.take('a', 1)).toBe(60_000);
    expect(asked).toBe(0);
  });

  it('of two servers let no more through than one would', async () => {
    const [one, other] = [open(), open()];
    let allowed = 0;
    for (let request = 0; request < LIMIT; request += 1) {
      if ((await one.take('a', 1)) === null) allowed += 1;
      if ((await other.take('a', 1)) === null) allowed += 1;
    }
    expect(allowed).toBe(LIMIT);
  });

  it('tell what is left, of the driver and in memory', async () => {
    const allowances = open();
    expect(await allowances.remaining('a')).toEqual({ points: LIMIT, resetsInMs: 0 });
    await allowances.take('a', 7);
    expect(await allowances.remaining('a')).toEqual({ points: LIMIT - 7, resetsInMs: 60_000 });
    allowances.take('a', 2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await allowances.remaining('a')).toMatchObject({ resetsInMs: 59_000 });
  });

  it('never let more through than a window has, and what is refused fits exactly when it says', async () => {
    const request = fc.record({
      points: fc.integer({ min: 1, max: 130 }),
      afterMs: fc.integer({ min: 0, max: 15_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 30 }), async (requests) => {
        const allowances = open(
          createInProcessRateLimits({ perMinute: { ...NO_LIMITS, COST: LIMIT }, maxSubjects: 9 }),
        );
        let window = { endsAtMs: 0, points: 0 };
        const count = (points: number) => {
          if (Date.now() >= window.endsAtMs) window = { endsAtMs: Date.now() + 60_000, points: 0 };
          window.points += Math.min(points, LIMIT);
          expect(window.points).toBeLessThanOrEqual(LIMIT);
        };
        for (const { points, afterMs } of requests) {
          await vi.advanceTimersByTimeAsync(afterMs);
          const refusedForMs = await allowances.take('a', points);
          if (refusedForMs === null) {
            count(points);
            continue;
          }
          expect(Date.now() + refusedForMs).toBe(window.endsAtMs);
          expect(window.points + Math.min(points, LIMIT)).toBeGreaterThan(LIMIT);
          await vi.advanceTimersByTimeAsync(refusedForMs);
          expect(await allowances.take('a', points)).toBeNull();
          count(points);
        }
      }),
      { numRuns: 100 },
    );
  });
});
