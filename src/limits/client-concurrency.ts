/** What clients may have open at once: subscriptions and running operations, whatever the transport. */
import { CONCURRENCY_KINDS, type ConcurrencyKind, type ConcurrencyUsage } from '../domain/limits/client-limits.ts';
import type { AddressOf } from '../http/admission/client-address.ts';
import { Concurrency } from '../lib/concurrency.ts';
import { type Client, credentialOf, type Holder, shareOf } from './client.ts';
import { tooManyAtOnce } from './rate-limited.ts';

/** Null for no limit. */
export interface ConcurrencyLimits {
  readonly subscriptionsPerPrincipal: number | null;
  readonly subscriptionsPerAddress: number | null;
  readonly operationsPerPrincipal: number | null;
}

export interface ClientConcurrencyOptions {
  readonly max: ConcurrencyLimits;
  /** What part of a limit of its principal one credential may use, in percent. */
  readonly credentialSharePercent: number;
  readonly addressOf: AddressOf;
}

export interface ClientConcurrency {
  /** Whether there is a limit at all. */
  has(kind: ConcurrencyKind): boolean;
  /** @returns what must be called once when it has ended; it may be called again. @throws {RateLimitedError} */
  enter(kind: ConcurrencyKind, client: Client): () => void;
  /** What the client has open, of each kind that is limited. */
  usageOf(client: Client): readonly ConcurrencyUsage[];
}

interface Place {
  readonly holder: Holder;
  readonly counts: Concurrency;
  readonly subjectOf: (client: Client) => string;
}

const WORDS = { SUBSCRIPTIONS: 'subscriptions', OPERATIONS: 'operations' } as const;

export function createClientConcurrency(options: ClientConcurrencyOptions): ClientConcurrency {
  const { max, credentialSharePercent: percent, addressOf } = options;

  /** @param perAddress for clients with credentials, too; without credentials the address stands for the principal */
  function placesOf(perPrincipal: number | null, perAddress: number | null) {
    const perCredential = perPrincipal === null || percent === 100 ? null : shareOf(perPrincipal, percent);
    const principal: Place = {
      holder: 'principal',
      counts: new Concurrency(perPrincipal),
      subjectOf: ({ identity }) => identity.id,
    };
    const credential: Place = {
      holder: 'credential',
      counts: new Concurrency(perCredential),
      subjectOf: ({ identity }) => credentialOf(identity),
    };
    const address: Place = {
      holder: 'address',
      counts: new Concurrency(perAddress),
      subjectOf: ({ req }) => addressOf(req),
    };
    const limited = (places: readonly Place[]) => places.filter(({ counts }) => counts.max !== null);
    return { known: limited([address, credential, principal]), unknown: limited([address]) };
  }

  const subscriptions = placesOf(max.subscriptionsPerPrincipal, max.subscriptionsPerAddress);
  // Many users of one address run operations at once, but nobody without credentials can be told from another.
  const operations = {
    known: placesOf(max.operationsPerPrincipal, null).known,
    unknown: placesOf(null, max.operationsPerPrincipal).unknown,
  };
  const placesOfKind = { SUBSCRIPTIONS: subscriptions, OPERATIONS: operations };

  function placesFor(kind: ConcurrencyKind, { identity }: Client): readonly Place[] {
    return identity.credential === null ? placesOfKind[kind].unknown : placesOfKind[kind].known;
  }

  /** As `enter`, for most operations. */
  function enterOne(kind: ConcurrencyKind, { holder, counts, subjectOf }: Place, client: Client): () => void {
    const subject = subjectOf(client);
    if (!counts.enter(subject)) throw tooManyAtOnce({ what: WORDS[kind], holder, max: counts.max ?? 0 });
    let isIn = true;
    return () => {
      if (isIn) counts.leave(subject);
      isIn = false;
    };
  }

  return {
    has: (kind) => placesOfKind[kind].known.length > 0 || placesOfKind[kind].unknown.length > 0,

    enter(kind, client) {
      const places = placesFor(kind, client);
      const [only] = places;
      if (only !== undefined && places.length === 1) return enterOne(kind, only, client);
      const entered: { readonly counts: Concurrency; readonly subject: string }[] = [];
      const leave = () => {
        for (const { counts, subject } of entered.splice(0)) counts.leave(subject);
      };
      for (const { holder, counts, subjectOf } of places) {
        const subject = subjectOf(client);
        if (!counts.enter(subject)) {
          leave();
          throw tooManyAtOnce({ what: WORDS[kind], holder, max: counts.max ?? 0 });
        }
        entered.push({ counts, subject });
      }
      return leave;
    },

    usageOf(client) {
      return CONCURRENCY_KINDS.flatMap((kind) => {
        const usages = placesFor(kind, client).map(({ counts, subjectOf }) => {
          return { kind, limit: counts.max ?? 0, inUse: counts.inUse(subjectOf(client)) };
        });
        // The one that is nearest to its limit is the one that counts.
        usages.sort((one, other) => one.limit - one.inUse - (other.limit - other.inUse));
        return usages.slice(0, 1);
      });
    },
  };
}
