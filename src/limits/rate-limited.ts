/** The errors of clients that do too much. Each names the limit, its value and the variable that sets it. */
import { RateLimitedError } from '../domain/errors.ts';
import type { Holder } from './client.ts';
import type { RateKind } from './rate-limits.ts';

const RATE_NAMES: Readonly<Record<RateKind, string>> = {
  REQUESTS: 'requests',
  COST: 'points of cost',
  UPLOADS: 'uploads',
  IMAGES: 'images',
  VARIANTS: 'resized or converted images',
  FAILED_AUTHENTICATIONS: 'failed authentications',
};

const RATE_VARIABLES: Readonly<Record<RateKind, string>> = {
  REQUESTS: 'RATE_REQUESTS_PER_MINUTE',
  COST: 'RATE_COST_PER_MINUTE',
  UPLOADS: 'RATE_UPLOADS_PER_MINUTE',
  IMAGES: 'RATE_IMAGES_PER_MINUTE',
  VARIANTS: 'RATE_VARIANTS_PER_MINUTE',
  FAILED_AUTHENTICATIONS: 'RATE_FAILED_AUTHENTICATIONS_PER_MINUTE',
};

export interface ExceededRate {
  readonly kind: RateKind;
  readonly holder: Holder;
  readonly perMinute: number;
  /** When the points fit, milliseconds since the epoch. */
  readonly resetsAtMs: number;
}

export function rateExceeded({ kind, holder, perMinute, resetsAtMs }: ExceededRate): RateLimitedError {
  const retryAfter = new Date(resetsAtMs).toISOString();
  const limit = `${perMinute} ${RATE_NAMES[kind]} a minute are allowed for each ${holder} (${RATE_VARIABLES[kind]}).`;
  return new RateLimitedError(`Only ${limit} Try again after ${retryAfter}.`, retryAfter);
}

export interface ExceededConcurrency {
  readonly what: 'subscriptions' | 'operations';
  readonly holder: Holder;
  readonly max: number;
}

export function tooManyAtOnce({ what, holder, max }: ExceededConcurrency): RateLimitedError {
  // Operations are counted for addresses only where those stand for principals.
  const isOfAddress = what === 'subscriptions' && holder === 'address';
  const variable = `MAX_${what.toUpperCase()}_PER_${isOfAddress ? 'ADDRESS' : 'PRINCIPAL'}`;
  const instead = what === 'operations' ? 'Wait for one to end.' : 'End one first, or follow a whole conversation.';
  return new RateLimitedError(
    `Only ${max} ${what} at once are allowed for each ${holder} (${variable}). ${instead}`,
    null,
  );
}
