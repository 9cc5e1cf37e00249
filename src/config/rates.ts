/** The environment variables that say how much each client may do in a minute, and have open at once. */
import * as v from 'valibot';
import { integer, integerOr, problem } from './values.ts';

export interface RatesConfig {
  /** Points within a minute; null for no limit. */
  readonly perMinute: {
    readonly REQUESTS: number | null;
    readonly COST: number | null;
    readonly UPLOADS: number | null;
    readonly IMAGES: number | null;
    readonly VARIANTS: number | null;
    readonly FAILED_AUTHENTICATIONS: number | null;
  };
  /** What part of each limit of its principal one credential may use, in percent. */
  readonly credentialSharePercent: number;
  /** What may be open at once; null for no limit. */
  readonly concurrency: {
    readonly subscriptionsPerPrincipal: number | null;
    readonly subscriptionsPerAddress: number | null;
    readonly operationsPerPrincipal: number | null;
  };
}

/** A limit that can be switched off. */
function limit(min: number, max: number) {
  const off = v.pipe(
    v.literal('off'),
    v.transform(() => null),
  );
  return v.optional(
    v.union([off, integer(min, max)], ({ input }) => problem(`a whole number from ${min} to ${max}, or "off"`, input)),
  );
}

/** The most images of one call: it must fit into a minute. */
const MIN_IMAGES = 10;

export const RATES_ENVIRONMENT = {
  RATE_REQUESTS_PER_MINUTE: limit(1, 10_000_000),
  RATE_COST_PER_MINUTE: limit(1, 1_000_000_000),
  RATE_UPLOADS_PER_MINUTE: limit(1, 1_000_000),
  RATE_IMAGES_PER_MINUTE: limit(MIN_IMAGES, 1_000_000),
  RATE_VARIANTS_PER_MINUTE: limit(1, 1_000_000),
  RATE_FAILED_AUTHENTICATIONS_PER_MINUTE: limit(1, 1_000_000),
  CREDENTIAL_SHARE_PERCENT: integerOr(100, 1, 100),
  MAX_SUBSCRIPTIONS_PER_PRINCIPAL: limit(1, 1_000_000),
  MAX_SUBSCRIPTIONS_PER_ADDRESS: limit(1, 1_000_000),
  MAX_OPERATIONS_PER_PRINCIPAL: limit(1, 1_000_000),
};

type Values = v.InferOutput<v.ObjectSchema<typeof RATES_ENVIRONMENT, undefined>>;

/** For servers that others can reach. */
const EXPOSED = { requests: 1_200, cost: 1_000_000, uploads: 60, images: 120, variants: 600, operations: 100 } as const;
/** For a server of its own machine, without authentication: a developer, tests and benchmarks. */
const PRIVATE = { requests: null, cost: null, uploads: null, images: null, variants: null, operations: null } as const;
const FAILED_AUTHENTICATIONS = 60;
const EXPOSED_SUBSCRIPTIONS = { perPrincipal: 1_000, perAddress: 500 };
const PRIVATE_SUBSCRIPTIONS = { perPrincipal: 10_000, perAddress: 10_000 };

/** @param isExposed whether there is authentication, or other machines can reach the server */
export function ratesConfig(values: Values, isExposed: boolean): RatesConfig {
  const rates = isExposed ? EXPOSED : PRIVATE;
  const subscriptions = isExposed ? EXPOSED_SUBSCRIPTIONS : PRIVATE_SUBSCRIPTIONS;
  const given = (value: number | null | undefined, fallback: number | null) => (value === undefined ? fallback : value);
  return {
    perMinute: {
      REQUESTS: given(values.RATE_REQUESTS_PER_MINUTE, rates.requests),
      COST: given(values.RATE_COST_PER_MINUTE, rates.cost),
      UPLOADS: given(values.RATE_UPLOADS_PER_MINUTE, rates.uploads),
      IMAGES: given(values.RATE_IMAGES_PER_MINUTE, rates.images),
      VARIANTS: given(values.RATE_VARIANTS_PER_MINUTE, rates.variants),
      FAILED_AUTHENTICATIONS: given(values.RATE_FAILED_AUTHENTICATIONS_PER_MINUTE, FAILED_AUTHENTICATIONS),
    },
    credentialSharePercent: values.CREDENTIAL_SHARE_PERCENT,
    concurrency: {
      subscriptionsPerPrincipal: given(values.MAX_SUBSCRIPTIONS_PER_PRINCIPAL, subscriptions.perPrincipal),
      subscriptionsPerAddress: given(values.MAX_SUBSCRIPTIONS_PER_ADDRESS, subscriptions.perAddress),
      operationsPerPrincipal: given(values.MAX_OPERATIONS_PER_PRINCIPAL, rates.operations),
    },
  };
}
