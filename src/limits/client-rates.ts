/** The rates of clients: what an operation counts for whom, and what a client has left. */
import { CLIENT_RATES, type ClientRate, type RateUsage } from '../domain/limits/client-limits.ts';
import type { AddressOf } from '../http/admission/client-address.ts';
import { Allowances } from './allowances.ts';
import { type Client, credentialOf, type Holder, type Identity } from './client.ts';
import { rateExceeded } from './rate-limited.ts';
import type { PointsPerMinute, RateKind, RateLimits } from './rate-limits.ts';

/** Counted for every operation, so never waited for without need. */
type HotRate = 'REQUESTS' | 'COST';
/** Counted before work that takes much longer than counting. */
type ColdRate = 'UPLOADS' | 'IMAGES' | 'VARIANTS';

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

export interface ClientRates {
  /** Whether there is a limit at all. */
  has(kind: ClientRate): boolean;
  /** Null when the points are allowed. @returns otherwise what rejects with a RateLimitedError if they are not */
  take(kind: HotRate, client: Client, points: number): null | Promise<void>;
  /** @throws {RateLimitedError} */
  takeFor(kind: ColdRate, identity: Identity, points: number): Promise<void>;
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

  async function consume(
    { perMinute, rates }: CountedRates,
    kind: ColdRate,
    { holder, id, points }: { readonly holder: Holder; readonly id: string; readonly points: number },
  ): Promise<void> {
    const { isAllowed, resetsInMs } = await rates.consume(kind, subjectOf(holder, id), points);
    if (isAllowed) return;
    throw rateExceeded({ kind, holder, perMinute: perMinute[kind] ?? 0, resetsAtMs: nowMs() + resetsInMs });
  }

  /** Whose counts are shown to the client: of principal and credentials, those of who has less left. */
  async function remainingOf(kind: ClientRate, { identity, req }: Client) {
    const isHot = kind === 'REQUESTS' || kind === 'COST';
    if (isHot && identity.credential === null)
      return { rate: whole, left: await addresses.remaining(kind, addressOf(req)) };
    const left = isHot
      ? await principals.remaining(kind, identity.id)
      : await whole.rates.remaining(kind, subjectOf('principal', identity.id));
    if (share === null || credentials === null || identity.credential === null) return { rate: whole, left };
    const ofCredential = isHot
      ? await credentials.remaining(kind, credentialOf(identity))
      : await share.rates.remaining(kind, subjectOf('credential', credentialOf(identity)));
    return left.points < ofCredential.points ? { rate: whole, left } : { rate: share, left: ofCredential };
  }

  return {
    has: (kind) => whole.perMinute[kind] !== null,

    take(kind, client, points) {
      const { identity, req } = client;
      if (identity.credential === null) return addresses.take(kind, addressOf(req), points);
      if (credentials === null) return principals.take(kind, identity.id, points);
      return waitForBoth(kind, client, points);
    },

    async takeFor(kind, identity, points) {
      if (share !== null && identity.credential !== null) {
        await consume(share, kind, { holder: 'credential', id: credentialOf(identity), points });
      }
      await consume(whole, kind, { holder: 'principal', id: identity.id, points });
    },

    async usageOf(client) {
      const limited = CLIENT_RATES.filter((kind) => whole.perMinute[kind] !== null);
      return Promise.all(
        limited.map(async (kind) => {
          const { rate, left } = await remainingOf(kind, client);
          const resetsAt = left.resetsInMs === 0 ? null : new Date(nowMs() + left.resetsInMs).toISOString();
          return { kind, perMinute: rate.perMinute[kind] ?? 0, remaining: Math.max(left.points, 0), resetsAt };
        }),
      );
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
