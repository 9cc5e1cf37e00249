/**
 * How much each client may do in a minute. Points are counted for a subject (a principal, its credentials or an address)
 * in a window that opens with the first points and lasts a minute. Points that do not fit are not counted at all.
 *
 * This file is the contract. Drivers are in drivers/, and test/contract/rate-limits.ts runs on each of them. A driver may
 * be shared by several servers, so every method is asynchronous; allowances.ts stands before it on hot paths.
 */

import { CLIENT_RATES } from '../domain/limits/client-limits.ts';

/** Failed authentications are counted for addresses alone: nobody is known yet. */
export const RATE_KINDS = [...CLIENT_RATES, 'FAILED_AUTHENTICATIONS'] as const;
export type RateKind = (typeof RATE_KINDS)[number];

/** Points within one minute, for each kind; null for no limit. */
export type PointsPerMinute = Readonly<Record<RateKind, number | null>>;

/** What is left of a window. */
export interface Remaining {
  readonly points: number;
  /** Milliseconds until the window ends and all points are there again; 0 when no window is open. */
  readonly resetsInMs: number;
}

export interface Consumed extends Remaining {
  /** False when the points did not fit. They fit after `resetsInMs`. */
  readonly isAllowed: boolean;
}

export interface RateLimits {
  /**
   * Counts the points if they fit, all or none. More points than the limit of a minute count as a whole minute, because
   * they would never fit.
   * @throws when the counts cannot be reached
   */
  consume(kind: RateKind, subject: string, points: number): Promise<Consumed>;
  /** Counts nothing. Without a limit, the points are infinite. */
  remaining(kind: RateKind, subject: string): Promise<Remaining>;
}
