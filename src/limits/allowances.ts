/**
 * Rate limits for hot paths. A share of a minute's points is taken from the driver at once and handed out from memory, so
 * that most operations wait for nothing and allocate nothing, whatever the driver. Nothing is let through that the driver
 * has not counted. A server that shares its driver with others may hold a share that another one could have used.
 */
import { RecentMap } from '../lib/recent-map.ts';
import type { RateKind, RateLimits, Remaining } from './rate-limits.ts';

/** What part of a minute's points is taken at once. */
const SHARE = 1 / 20;

export interface AllowancesOptions {
  readonly rates: RateLimits;
  readonly kind: RateKind;
  /** What the driver knows the subject with this id by. */
  readonly subjectOf: (id: string) => string;
  readonly perMinute: number;
  readonly maxSubjects: number;
  readonly nowMs: () => number;
}

interface Allowance {
  /** Counted by the driver, and not used yet. */
  points: number;
  /** What the driver had left when it was last asked. Within a window it only becomes less. */
  atDriver: number;
  /** When the window ends, milliseconds since the epoch. */
  endsAtMs: number;
  refill: Promise<void> | null;
}

export class Allowances {
  readonly #options: AllowancesOptions;
  readonly #allowances: RecentMap<string, Allowance>;

  constructor(options: AllowancesOptions) {
    this.#options = options;
    this.#allowances = new RecentMap(options.maxSubjects);
  }

  /**
   * Null at once when the points are allowed and at hand. Otherwise resolves with null when they are allowed, and with the
   * milliseconds after which they will be when they are not.
   */
  take(id: string, points: number): null | Promise<number | null> {
    const allowance = this.#allowances.get(id);
    if (allowance === undefined || !this.#use(allowance, points)) return this.#wait(id, points);
    return null;
  }

  async remaining(id: string): Promise<Remaining> {
    const { rates, kind, subjectOf } = this.#options;
    const { points, resetsInMs } = await rates.remaining(kind, subjectOf(id));
    const allowance = this.#allowances.get(id);
    const held = allowance !== undefined && this.#isCurrent(allowance) ? allowance.points : 0;
    return { points: points + held, resetsInMs };
  }

  async #wait(id: string, wanted: number): Promise<number | null> {
    // More than a minute has would never fit.
    const points = Math.min(wanted, this.#options.perMinute);
    const allowance = this.#allowances.get(id) ?? { points: 0, atDriver: 0, endsAtMs: 0, refill: null };
    this.#allowances.set(id, allowance);
    while (!this.#use(allowance, points)) {
      const { nowMs } = this.#options;
      if (this.#isCurrent(allowance) && points > allowance.points + allowance.atDriver) {
        return Math.max(allowance.endsAtMs - nowMs(), 0);
      }
      // One at a time, so that those who wait share what comes.
      allowance.refill ??= this.#refill(id, allowance, points).finally(() => {
        allowance.refill = null;
      });
      await allowance.refill;
    }
    return null;
  }

  async #refill(id: string, allowance: Allowance, points: number): Promise<void> {
    const { rates, kind, subjectOf, perMinute, nowMs } = this.#options;
    const subject = subjectOf(id);
    const missing = points - (this.#isCurrent(allowance) ? allowance.points : 0);
    const left = await rates.remaining(kind, subject);
    const wanted = Math.min(Math.max(missing, Math.ceil(perMinute * SHARE)), left.points);
    const consumed = wanted < missing ? { isAllowed: false, ...left } : await rates.consume(kind, subject, wanted);
    if (!this.#isCurrent(allowance)) allowance.points = 0;
    if (consumed.isAllowed) allowance.points += wanted;
    allowance.atDriver = consumed.points;
    allowance.endsAtMs = nowMs() + consumed.resetsInMs;
  }

  #use(allowance: Allowance, points: number): boolean {
    if (allowance.points < points || !this.#isCurrent(allowance)) return false;
    allowance.points -= points;
    return true;
  }

  #isCurrent({ endsAtMs }: Allowance): boolean {
    return this.#options.nowMs() < endsAtMs;
  }
}
