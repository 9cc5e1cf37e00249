/** What clients may do in a minute and have open at once, from the configuration and the driver that counts. */
import type { ExecutionArgs } from 'graphql';
import type { Authenticate } from '../auth/authenticate.ts';
import { authenticateNobody } from '../auth/drivers/none/authenticate.ts';
import type { RatesConfig } from '../config/rates.ts';
import type { ClientUsage } from '../domain/limits/client-limits.ts';
import { type RateLimitPlugins, useRateLimits } from '../graphql/plugins/use-rate-limits.ts';
import type { AddressOf } from '../http/admission/client-address.ts';
import { type Client, shareOf } from '../limits/client.ts';
import { createClientConcurrency } from '../limits/client-concurrency.ts';
import { type ClientRates, type CountedRates, createClientRates } from '../limits/client-rates.ts';
import { createInProcessRateLimits } from '../limits/drivers/in-process/rate-limits.ts';
import { limitFailures } from '../limits/failed-authentications.ts';
import { type PointsPerMinute, RATE_KINDS } from '../limits/rate-limits.ts';

/** How many principals, credentials or addresses are counted for each limit: some 200 bytes each. */
const MAX_SUBJECTS = 50_000;

export interface ClientLimits {
  readonly rates: Pick<ClientRates, 'takeFor'>;
  readonly plugins: RateLimitPlugins;
  /** Counts failures. @returns a function that also throws {RateLimitedError}; the same without authentication */
  limitFailures(authenticate: Authenticate): Authenticate;
  /** What a client has left, and open. */
  usageOf(client: Client): Promise<ClientUsage>;
}

export interface ClientLimitsOptions {
  readonly config: RatesConfig;
  readonly addressOf: AddressOf;
  readonly costOf: (args: ExecutionArgs) => number;
  readonly nowMs: () => number;
}

export function createClientLimits({ config, addressOf, costOf, nowMs }: ClientLimitsOptions): ClientLimits {
  const { perMinute, credentialSharePercent: percent } = config;
  const whole = countedBy(perMinute);
  const common = { addressOf, maxSubjects: MAX_SUBJECTS, nowMs };
  const share = percent === 100 ? null : countedBy(sharedRates(perMinute, percent));
  const rates = createClientRates({ whole, share, ...common });
  const concurrency = createClientConcurrency({ max: config.concurrency, credentialSharePercent: percent, addressOf });
  return {
    rates,
    usageOf: async (client) => ({ rates: await rates.usageOf(client), concurrency: concurrency.usageOf(client) }),
    plugins: useRateLimits({ rates, concurrency, costOf, nowMs }),
    // Without authentication there are no failures. Others tell this function from the rest by its identity.
    limitFailures: (authenticate) =>
      authenticate === authenticateNobody ? authenticate : limitFailures(authenticate, { ...whole, ...common }),
  };
}

function countedBy(perMinute: PointsPerMinute): CountedRates {
  return { perMinute, rates: createInProcessRateLimits({ perMinute, maxSubjects: MAX_SUBJECTS }) };
}

function sharedRates(perMinute: PointsPerMinute, percent: number): PointsPerMinute {
  const shared = RATE_KINDS.map((kind) => {
    const points = perMinute[kind];
    return [kind, points === null ? null : shareOf(points, percent)];
  });
  // Each kind was mapped.
  return Object.fromEntries(shared) as PointsPerMinute;
}
