/**
 * Limits how often an address may fail to authenticate. Right credentials are never refused for it: behind a proxy or at a
 * company many clients have one address, and a stranger among them could shut out the others with a request a second. That
 * helps nobody to guess, because secrets have 256 bits.
 */
import type { IncomingMessage } from 'node:http';
import { type Authenticate, type Credentials, type Principal, UnauthenticatedError } from '../auth/authenticate.ts';
import type { AddressOf } from '../http/admission/client-address.ts';
import type { CountedRates } from './client-rates.ts';
import { rateExceeded } from './rate-limited.ts';

export interface FailedAuthenticationsOptions extends CountedRates {
  readonly addressOf: AddressOf;
  readonly nowMs: () => number;
}

/** @returns the same, which also throws {RateLimitedError} */
export function limitFailures(authenticate: Authenticate, options: FailedAuthenticationsOptions): Authenticate {
  const { perMinute, rates, addressOf, nowMs } = options;

  async function countFailure(address: string, { fault }: UnauthenticatedError): Promise<void> {
    // Nothing was guessed where nothing was presented: that is a request like others, of somebody who is not known.
    const kind = fault === null ? 'REQUESTS' : 'FAILED_AUTHENTICATIONS';
    const { isAllowed, resetsInMs } = await rates.consume(kind, `address:${address}`, 1);
    if (isAllowed) return;
    throw rateExceeded({ kind, holder: 'address', perMinute: perMinute[kind] ?? 0, resetsAtMs: nowMs() + resetsInMs });
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
    const found = authenticate(credentials);
    return found instanceof Promise ? orCountFailure(credentials, found) : found;
  };
}

/** Null when the credentials did not come over a connection. */
function addressOfClient(credentials: Credentials, addressOf: AddressOf): string | null {
  // Of a request, its address depends on the socket and the headers alone.
  return credentials.socket === undefined ? null : addressOf(credentials as IncomingMessage);
}
