/**
 * When a call is retried: only after an attempt that certainly bought nothing, and only for a failure that can pass by
 * itself or that another kind of request avoids. Everything else is decided by the person who pays.
 */
import type { GenerationFailureCode } from '../../domain/generation/failure.ts';
import type { RefineRoute } from '../../domain/generation/generation-call.ts';
import type { ProviderError } from '../../provider/image-provider.ts';
import { type ContextStrategy, STRATEGY_REASONS } from '../requests/context-strategies.ts';

export interface RetryPolicy {
  /** How many attempts a call has in all. */
  readonly maxAttempts: number;
  /** The longest wait after the first attempt; it doubles with each attempt. Milliseconds. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

/** How a request is retried. */
export interface RetryDecision {
  /** For the person who watches. */
  readonly reason: string;
  /** Not before this time, in milliseconds since the epoch. */
  readonly atMs: number;
  /** The next request differs from this one, so it does not have to wait. */
  readonly isImmediate: boolean;
  /** The route of the next attempt; null keeps the present one. */
  readonly route: RefineRoute | null;
  /** The files that the request named have to be uploaded again. */
  readonly forgetFiles: boolean;
}

/** The request that failed. */
export interface FailedRequest {
  /** From 1. */
  readonly attempt: number;
  readonly background: boolean;
  /** How many images it asked for. */
  readonly images: number;
  /** The strategy for when the upstream no longer knows the ids that it named. */
  readonly nextStrategy: ContextStrategy | null;
}

/** When the decision is made. */
export interface RetryMoment {
  readonly nowMs: number;
  /** The end of the call's time: nothing is retried after it. */
  readonly deadlineMs: number;
  /** 0..1, for jitter: servers that were refused together shall not return together. */
  readonly random: number;
}

const PASSES_BY_ITSELF: ReadonlySet<GenerationFailureCode> = new Set(['RATE_LIMITED', 'UPSTREAM_UNAVAILABLE']);

/** Refusals that another kind of request avoids. */
const CHANGED_REQUESTS = {
  BACKGROUND_REFUSED: 'The upstream does not support background work here, so the next attempt runs without it.',
  STORE_REFUSED:
    'The upstream accepts no request that it would have to store, so the next attempt lets it store nothing.',
  CONTEXT_REFUSED: 'The upstream never continues from earlier responses, so the next attempt sends the image itself.',
  API_REFUSED: 'The upstream does not make several images in one request here, so each gets a request of its own.',
  FILE_LOST: 'The upstream no longer has an uploaded image, so it is uploaded again.',
} as const;

/** Decides whether and how a request is retried that ended in `error`; null when it is not. */
export function decideRetry(
  error: Pick<ProviderError, 'failure' | 'nothingBought' | 'kind' | 'parameter'>,
  { attempt, background, images, nextStrategy }: FailedRequest,
  policy: RetryPolicy,
  moment: RetryMoment,
): RetryDecision | null {
  const { kind, failure } = error;
  if (moment.nowMs >= moment.deadlineMs) return null;
  const now = { atMs: moment.nowMs, isImmediate: true, route: null, forgetFiles: false };
  if (kind === 'CONTEXT_LOST' && nextStrategy !== null) {
    return { ...now, reason: STRATEGY_REASONS[nextStrategy.route], route: nextStrategy.route };
  }
  if (kind === 'CONTEXT_REFUSED' && nextStrategy !== null) {
    return { ...now, reason: CHANGED_REQUESTS[kind], route: nextStrategy.route };
  }
  // The next request lacks what was refused, so it cannot be refused for it again.
  if (kind === 'STORE_REFUSED') return { ...now, reason: CHANGED_REQUESTS[kind] };
  if (kind === 'OPTION_REFUSED') return { ...now, reason: withoutParameter(error.parameter) };
  if (kind === 'BACKGROUND_REFUSED' && background) return { ...now, reason: CHANGED_REQUESTS[kind] };
  // These can happen again to the changed request, so the number of attempts limits them.
  if (attempt < policy.maxAttempts) {
    if (kind === 'API_REFUSED' && images > 1) return { ...now, reason: CHANGED_REQUESTS[kind] };
    if (kind === 'FILE_LOST') return { ...now, reason: CHANGED_REQUESTS[kind], forgetFiles: true };
  }
  const at = retryAt(error, attempt, policy, moment);
  return at === null ? null : { ...now, reason: failure.message, atMs: at.getTime(), isImmediate: false };
}

function withoutParameter(parameter: string | null): string {
  return `The upstream does not know ${parameter ?? 'an optional parameter'} here, so the next attempt leaves it out.`;
}

/**
 * The time of the next attempt, or null when there is none.
 * @param attempt the attempt that failed, from 1
 */
export function retryAt(
  { failure, nothingBought }: Pick<ProviderError, 'failure' | 'nothingBought'>,
  attempt: number,
  policy: RetryPolicy,
  { nowMs, deadlineMs, random }: RetryMoment,
): Date | null {
  if (!nothingBought || !failure.retryable || !PASSES_BY_ITSELF.has(failure.code)) return null;
  if (attempt >= policy.maxAttempts) return null;
  const maxDelayMs = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  // Half of the delay is fixed and half is random: never immediately, and not all calls at the same time.
  const backoffAtMs = nowMs + maxDelayMs * (0.5 + random / 2);
  const upstreamAtMs = failure.retryAfter === null ? 0 : Date.parse(failure.retryAfter) + maxDelayMs * (random / 4);
  const atMs = Math.max(backoffAtMs, upstreamAtMs);
  return atMs < deadlineMs ? new Date(atMs) : null;
}
