/** What is limited for each client, and how much of it is left. */

/** Counted in windows of a minute. */
export const CLIENT_RATES = ['REQUESTS', 'COST', 'UPLOADS', 'IMAGES', 'VARIANTS'] as const;
export type ClientRate = (typeof CLIENT_RATES)[number];

/** Counted while it is open. */
export const CONCURRENCY_KINDS = ['SUBSCRIPTIONS', 'OPERATIONS'] as const;
export type ConcurrencyKind = (typeof CONCURRENCY_KINDS)[number];

/** What a client may still do within a minute. */
export interface RateUsage {
  readonly kind: ClientRate;
  readonly perMinute: number;
  readonly remaining: number;
  /** RFC 3339; null when nothing is counted now. */
  readonly resetsAt: string | null;
}

/** What a client has open. */
export interface ConcurrencyUsage {
  readonly kind: ConcurrencyKind;
  readonly limit: number;
  readonly inUse: number;
}

/** Both for one client, without what is not limited. */
export interface ClientUsage {
  readonly rates: readonly RateUsage[];
  readonly concurrency: readonly ConcurrencyUsage[];
}
