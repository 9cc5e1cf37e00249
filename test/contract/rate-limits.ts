/**
 * What every driver of RateLimits promises, as tests. A driver's own test file calls `describeRateLimits` with the way to
 * open one that has counted nothing, and to let time pass.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PointsPerMinute, RateLimits } from '../../src/limits/rate-limits.ts';

export interface RateLimitsHarness {
  open(perMinute: PointsPerMinute): Promise<RateLimits>;
  /** Lets this many milliseconds pass for the driver. */
  pass(ms: number): Promise<void>;
}

const NO_LIMITS: PointsPerMinute = {
  REQUESTS: null,
  COST: null,
  UPLOADS: null,
  IMAGES: null,
  VARIANTS: null,
  FAILED_AUTHENTICATIONS: null,
};
const MINUTE_MS = 60_000;

export function describeRateLimits(name: string, { open, pass }: RateLimitsHarness): void {
  describe(`${name} as rate limits`, () => {
    it('lets all points of a minute through, then none, and all of them again when the minute has ended', async () => {
      const rates = await open({ ...NO_LIMITS, REQUESTS: 3 });
      for (const points of [2, 1, 0]) {
        expect(await rates.consume('REQUESTS', 'a', 1)).toMatchObject({ isAllowed: true, points });
      }
      const refused = await rates.consume('REQUESTS', 'a', 1);
      expect(refused).toMatchObject({ isAllowed: false, points: 0 });
      expect(refused.resetsInMs).toBeGreaterThan(0);
      expect(refused.resetsInMs).toBeLessThanOrEqual(MINUTE_MS);
      await pass(refused.resetsInMs);
      expect(await rates.consume('REQUESTS', 'a', 3)).toMatchObject({ isAllowed: true, points: 0 });
    });

    it('counts each subject and each kind for itself', async () => {
      const rates = await open({ ...NO_LIMITS, REQUESTS: 1, IMAGES: 1 });
      await rates.consume('REQUESTS', 'a', 1);
      expect(await rates.consume('REQUESTS', 'b', 1)).toMatchObject({ isAllowed: true });
      expect(await rates.consume('IMAGES', 'a', 1)).toMatchObject({ isAllowed: true });
      expect(await rates.consume('REQUESTS', 'a', 1)).toMatchObject({ isAllowed: false });
    });

    it('counts all points of a request or none', async () => {
      const rates = await open({ ...NO_LIMITS, IMAGES: 10 });
      await rates.consume('IMAGES', 'a', 7);
      expect(await rates.consume('IMAGES', 'a', 4)).toMatchObject({ isAllowed: false, points: 3 });
      expect(await rates.consume('IMAGES', 'a', 3)).toMatchObject({ isAllowed: true, points: 0 });
    });

    it('counts more points than a minute has as a whole minute', async () => {
      const rates = await open({ ...NO_LIMITS, COST: 100 });
      expect(await rates.consume('COST', 'a', 5_000)).toMatchObject({ isAllowed: true, points: 0 });
      const { isAllowed, resetsInMs } = await rates.consume('COST', 'a', 5_000);
      expect(isAllowed).toBe(false);
      await pass(resetsInMs);
      expect(await rates.consume('COST', 'a', 5_000)).toMatchObject({ isAllowed: true });
    });

    it('tells what is left without counting', async () => {
      const rates = await open({ ...NO_LIMITS, UPLOADS: 5 });
      expect(await rates.remaining('UPLOADS', 'a')).toEqual({ points: 5, resetsInMs: 0 });
      await rates.consume('UPLOADS', 'a', 2);
      expect(await rates.remaining('UPLOADS', 'a')).toMatchObject({ points: 3 });
      expect(await rates.remaining('UPLOADS', 'a')).toMatchObject({ points: 3 });
      await pass(MINUTE_MS);
      expect(await rates.remaining('UPLOADS', 'a')).toEqual({ points: 5, resetsInMs: 0 });
    });

    it('limits nothing without a limit', async () => {
      const rates = await open(NO_LIMITS);
      expect(await rates.consume('COST', 'a', 1e9)).toMatchObject({ isAllowed: true });
      expect(await rates.remaining('COST', 'a')).toEqual({ points: Number.POSITIVE_INFINITY, resetsInMs: 0 });
    });

    it('never lets more through than a window has, and what is refused fits exactly when it says', async () => {
      const request = fc.record({
        points: fc.integer({ min: 1, max: 12 }),
        afterMs: fc.integer({ min: 0, max: 20_000 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 40 }), async (requests) => {
          const limit = 20;
          const rates = await open({ ...NO_LIMITS, COST: limit });
          let nowMs = 0;
          let window = { endsAtMs: 0, points: 0 };
          for (const { points, afterMs } of requests) {
            await pass(afterMs);
            nowMs += afterMs;
            const { isAllowed, resetsInMs } = await rates.consume('COST', 'a', points);
            if (nowMs >= window.endsAtMs) window = { endsAtMs: nowMs + resetsInMs, points: 0 };
            expect(nowMs + resetsInMs).toBe(window.endsAtMs);
            expect(isAllowed).toBe(window.points + points <= limit);
            if (isAllowed) window.points += points;
            expect(window.points).toBeLessThanOrEqual(limit);
            if (isAllowed) continue;
            await pass(resetsInMs);
            nowMs += resetsInMs;
            const again = await rates.consume('COST', 'a', points);
            expect(again.isAllowed).toBe(true);
            window = { endsAtMs: nowMs + again.resetsInMs, points };
          }
        }),
        { numRuns: 60 },
      );
    });
  });
}
