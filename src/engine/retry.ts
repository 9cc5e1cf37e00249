/**
 * When a call is tried again: only after an attempt that surely bought nothing, and only for what passes by itself.
 * Everything else is for the person who pays to decide.
 */
import type { GenerationFailureCode } from '../domain/failure.ts';
import type { ProviderError } from '../provider/image-provider.ts';

export interface RetryPolicy {
  /** How many times the upstream is asked in all. */
  readonly maxAttempts: number;
  /** The wait behind the first attempt, at most; it doubles with each. Milliseconds. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

const PASSES_BY_ITSELF: ReadonlySet<GenerationFailureCode> = new Set(['RATE_LIMITED', 'UPSTREAM_UNAVAILABLE']);

/**
 * The moment of the next attempt, or null when there is none.
 * @param attempt the attempt that failed, from 1
 * @param deadlineMs the call's own end: what would come later is not tried
 * @param random 0..1, for jitter: servers that were refused together shall not come back together
 */
export function retryAt(
  error: Pick<ProviderError, 'failure' | 'nothingBought'>,
  attempt: number,
  policy: RetryPolicy,
  { nowMs, deadlineMs, random }: { nowMs: number; deadlineMs: number; random: number },
): Date | null {
  const { failure, nothingBought } = error;
  if (!nothingBought || !failure.retryable || !PASSES_BY_ITSELF.has(failure.code)) return null;
  if (attempt >= policy.maxAttempts) return null;
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  // Half of it is certain, half is chance: never at once, never all together.
  const backoff = nowMs + ceiling * (0.5 + random / 2);
  const asked = failure.retryAfter === null ? 0 : Date.parse(failure.retryAfter) + ceiling * (random / 4);
  const at = Math.max(backoff, asked);
  return at < deadlineMs ? new Date(at) : null;
}
