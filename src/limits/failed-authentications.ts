/**
 * Limits how often an address may fail to authenticate. An address that failed too often is refused before its next
 * credentials are looked at, right or wrong, so guessing costs the server nothing.
 */
import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import { type Authenticate, type Credentials, type Principal, UnauthenticatedError } from '../auth/authenticate.ts';
import type { AddressOf } from '../http/client-address.ts';
import type { CountedRates } from './client-rates.ts';
import { rateExceeded } from './rate-limited.ts';

export interface FailedAuthenticationsOptions extends CountedRates {
  readonly addressOf: AddressOf;
  readonly maxSubjects: number;
  readonly nowMs: () => number;
}

/** @returns the same, which also throws {RateLimitedError} */
export function limitFailures(authenticate: Authenticate, options: FailedAuthenticationsOptions): Authenticate {
  const { perMinute, rates, addressOf, maxSubjects, nowMs } = options;
  /** Until when an address is refused, milliseconds since the epoch. */
  const refused = new LRUCache<string, number>({ max: maxSubjects });

  function exceeded(kind: 'REQUESTS' | 'FAILED_AUTHENTICATIONS', resetsAtMs: number) {
    return rateExceeded({ kind, holder: 'address', perMinute: perMinute[kind] ?? 0, resetsAtMs });
  }

  function refuseIfBlocked(address: string | null): void {
    const untilMs = address === null ? undefined : refused.get(address);
    if (address === null || untilMs === undefined) return;
    if (nowMs() < untilMs) throw exceeded('FAILED_AUTHENTICATIONS', untilMs);
    refused.delete(address);
  }

  async function countFailure(address: string, { fault }: UnauthenticatedError): Promise<void> {
    // Nothing was guessed where nothing was presented: that is a request like others, of somebody who is not known.
    const kind = fault === null ? 'REQUESTS' : 'FAILED_AUTHENTICATIONS';
    const { isAllowed, points, resetsInMs } = await rates.consume(kind, `address:${address}`, 1);
    const resetsAtMs = nowMs() + resetsInMs;
    if (fault !== null && points < 1) refused.set(address, resetsAtMs);
    if (!isAllowed) throw exceeded(kind, resetsAtMs);
  }

  async function orCountFailure(credentials: Credentials, found: Promise<Principal>): Promise<Principal> {
    try {
      return await found;
    } catch (error) {
      const address = addressOfClient(credentials, addressOf);
      if (error instanceof UnauthenticatedError && address !== null) await countFailure(address, error);
      throw error;
    }
  }

  return (credentials) => {
    if (refused.size > 0) refuseIfBlocked(addressOfClient(credentials, addressOf));
    const found = authenticate(credentials);
    return found instanceof Promise ? orCountFailure(credentials, found) : found;
  };
}

/** Null when the credentials did not come over a connection. */
function addressOfClient(credentials: Credentials, addressOf: AddressOf): string | null {
  // Of a request, its address depends on the socket and the headers alone.
  return credentials.socket === undefined ? null : addressOf(credentials as IncomingMessage);
}
