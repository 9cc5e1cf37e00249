/**
 * Rate limits of a single process. The library counts; here subjects are bounded, because a client can have any number of
 * addresses, and what does not fit is taken back, because the library counts it.
 */
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { type PointsPerMinute, RATE_KINDS, type RateKind, type RateLimits } from '../../rate-limits.ts';

export interface InProcessRateLimitsOptions {
  readonly perMinute: PointsPerMinute;
  /** How many subjects are counted for each kind. Of more, the one that was longest silent starts anew. */
  readonly maxSubjects: number;
}

const MINUTE_SECONDS = 60;
const UNLIMITED = { points: Number.POSITIVE_INFINITY, resetsInMs: 0 };

export function createInProcessRateLimits({ perMinute, maxSubjects }: InProcessRateLimitsOptions): RateLimits {
  const limiters = new Map<RateKind, BoundedLimiter>();
  for (const kind of RATE_KINDS) {
    const points = perMinute[kind];
    if (points !== null) limiters.set(kind, new BoundedLimiter(points, maxSubjects));
  }
  return {
    async consume(kind, subject, points) {
      const limiter = limiters.get(kind);
      return limiter === undefined ? { isAllowed: true, ...UNLIMITED } : limiter.consume(subject, points);
    },
    remaining: async (kind, subject) => (await limiters.get(kind)?.remaining(subject)) ?? UNLIMITED,
  };
}

class BoundedLimiter {
  readonly #limiter: RateLimiterMemory;
  readonly #subjects: LRUCache<string, true>;

  constructor(points: number, maxSubjects: number) {
    const limiter = new RateLimiterMemory({ points, duration: MINUTE_SECONDS, keyPrefix: '' });
    this.#limiter = limiter;
    this.#subjects = new LRUCache({
      max: maxSubjects,
      dispose: (_, subject, reason) => {
        if (reason === 'evict') void limiter.delete(subject);
      },
    });
  }

  async consume(subject: string, wanted: number) {
    const points = Math.min(wanted, this.#limiter.points);
    this.#subjects.set(subject, true);
    try {
      const { remainingPoints, msBeforeNext } = await this.#limiter.consume(subject, points);
      return { isAllowed: true, points: remainingPoints, resetsInMs: msBeforeNext };
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return { isAllowed: false, points: await this.#takeBack(subject, points), resetsInMs: refusal.msBeforeNext };
    }
  }

  async remaining(subject: string) {
    const counted = await this.#limiter.get(subject);
    // The library forgets a window by a timer, which may be late.
    if (counted === null || counted.msBeforeNext <= 0) return { points: this.#limiter.points, resetsInMs: 0 };
    return { points: counted.remainingPoints, resetsInMs: counted.msBeforeNext };
  }

  /** @returns the points that are left */
  async #takeBack(subject: string, points: number): Promise<number> {
    const { consumedPoints, remainingPoints } = await this.#limiter.reward(subject, points);
    if (consumedPoints >= 0) return Math.min(remainingPoints, this.#limiter.points);
    // The window has ended meanwhile, and the new one would begin with more points than it may have.
    return (await this.#limiter.penalty(subject, points)).remainingPoints;
  }
}
