/** The rates of clients: what an operation counts for whom, and what a client has left. */
import type { AddressOf } from '../http/client-address.ts';
import { Allowances } from './allowances.ts';
import { type Client, credentialOf, type Holder } from './client.ts';
import { rateExceeded } from './rate-limited.ts';
import { CLIENT_RATES, type ClientRate, type PointsPerMinute, type RateKind, type RateLimits } from './rate-limits.ts';

/** Counted for every operation, so never waited for without need. */
type HotRate = 'REQUESTS' | 'COST';

export interface CountedRates {
  readonly perMinute: PointsPerMinute;
  readonly rates: RateLimits;
}

export interface ClientRatesOptions {
  /** For principals and addresses. */
  readonly whole: CountedRates;
  /** For credentials; null when they have all that their principal has. */
  readonly share: CountedRates | null;
  readonly addressOf: AddressOf;
  readonly maxSubjects: number;
  readonly nowMs: () => number;
}

/** What a client may still do within a minute. */
export interface RateUsage {
  readonly kind: ClientRate;
  readonly perMinute: number;
  readonly remaining: number;
  /** RFC 3339; null when nothing is counted now. */
  readonly resetsAt: string | null;
}

export interface ClientRates {
  /** Whether there is a limit at all. */
  has(kind: ClientRate): boolean;
  /** Null when the points are allowed. @returns otherwise what rejects with a RateLimitedError if they are not */
  take(kind: HotRate, client: Client, points: number): null | Promise<void>;
  /** @throws {RateLimitedError} */
  takeFor(kind: 'UPLOADS' | 'IMAGES', principal: string, points: number): Promise<void>;
  /** What is left for the client, of each rate that is limited. */
  usageOf(client: Client): Promise<readonly RateUsage[]>;
}

export function createClientRates(options: ClientRatesOptions): ClientRates {
  const { whole, share, addressOf, nowMs } = options;
  const principals = createHotRates(whole, 'principal', options);
  const addresses = createHotRates(whole, 'address', options);
  const credentials = share === null ? null : createHotRates(share, 'credential', options);

  /** Waits for what is missing, credentials before their principal. */
  async function waitForBoth(kind: HotRate, { identity }: Client, points: number): Promise<void> {
    await credentials?.take(kind, credentialOf(identity), points);
    await principals.take(kind, identity.id, points);
  }

  /** What the client has left of one rate, for whoever of its holders has least. */
  async function remainingOf(kind: ClientRate, { identity, req }: Client) {
    const isHot = kind === 'REQUESTS' || kind === 'COST';
    if (!isHot) return whole.rates.remaining(kind, subjectOf('principal', identity.id));
    if (identity.credential === null) return addresses.remaining(kind, addressOf(req));
    const ofPrincipal = await principals.remaining(kind, identity.id);
    const ofCredential = await credentials?.remaining(kind, credentialOf(identity));
    return ofCredential === undefined || ofPrincipal.points < ofCredential.points ? ofPrincipal : ofCredential;
  }

  return {
    has: (kind) => whole.perMinute[kind] !== null,

    take(kind, client, points) {
      const { identity, req } = client;
      if (identity.credential === null) return addresses.take(kind, addressOf(req), points);
      if (credentials === null) return principals.take(kind, identity.id, points);
      return waitForBoth(kind, client, points);
    },

    async takeFor(kind, principal, points) {
      const { perMinute, rates } = whole;
      const { isAllowed, resetsInMs } = await rates.consume(kind, subjectOf('principal', principal), points);
      if (isAllowed) return;
      const limit = { kind, holder: 'principal', perMinute: perMinute[kind] ?? 0 } as const;
      throw rateExceeded({ ...limit, resetsAtMs: nowMs() + resetsInMs });
    },

    async usageOf(client) {
      const usages = CLIENT_RATES.map(async (kind): Promise<RateUsage | null> => {
        const isShared = client.identity.credential !== null && (kind === 'REQUESTS' || kind === 'COST');
        const perMinute = ((isShared ? share : null) ?? whole).perMinute[kind];
        if (perMinute === null) return null;
        const { points, resetsInMs } = await remainingOf(kind, client);
        const resetsAt = resetsInMs === 0 ? null : new Date(nowMs() + resetsInMs).toISOString();
        return { kind, perMinute, remaining: Math.max(points, 0), resetsAt };
      });
      return (await Promise.all(usages)).filter((usage) => usage !== null);
    },
  };
}

function subjectOf(holder: Holder, id: string): string {
  return `${holder}:${id}`;
}

/** The rates of one kind of holder, handed out from memory. */
function createHotRates({ perMinute, rates }: CountedRates, holder: Holder, options: ClientRatesOptions) {
  const { maxSubjects, nowMs } = options;
  const open = (kind: RateKind) => {
    const limit = perMinute[kind];
    if (limit === null) return null;
    return new Allowances({
      rates,
      kind,
      subjectOf: (id) => subjectOf(holder, id),
      perMinute: limit,
      maxSubjects,
      nowMs,
    });
  };
  const allowances = { REQUESTS: open('REQUESTS'), COST: open('COST') };

  async function orRefuse(kind: HotRate, waiting: Promise<number | null>): Promise<void> {
    const resetsInMs = await waiting;
    if (resetsInMs === null) return;
    throw rateExceeded({ kind, holder, perMinute: perMinute[kind] ?? 0, resetsAtMs: nowMs() + resetsInMs });
  }

  return {
    take(kind: HotRate, id: string, points: number): null | Promise<void> {
      const waiting = allowances[kind]?.take(id, points) ?? null;
      return waiting === null ? null : orRefuse(kind, waiting);
    },
    remaining: async (kind: HotRate, id: string) =>
      (await allowances[kind]?.remaining(id)) ?? { points: Number.POSITIVE_INFINITY, resetsInMs: 0 },
  };
}
