/**
 * When a call is tried again: only after an attempt that surely bought nothing, and only for what passes by itself.
 * Everything else is for the person who pays to decide.
 */
import type { GenerationFailureCode } from '../../domain/failure.ts';
import type { RefineRoute } from '../../domain/generation-call.ts';
import type { ProviderError } from '../../provider/image-provider.ts';
import { type ContextStrategy, STRATEGY_REASONS } from '../context-strategies.ts';
import type { Task } from '../tasks/task.ts';

export interface RetryPolicy {
  /** How many times the upstream is asked in all. */
  readonly maxAttempts: number;
  /** The wait behind the first attempt, at most; it doubles with each. Milliseconds. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

const PASSES_BY_ITSELF: ReadonlySet<GenerationFailureCode> = new Set(['RATE_LIMITED', 'UPSTREAM_UNAVAILABLE']);

/** How a request is made again. */
export interface Again {
  /** For the person who watches. */
  readonly reason: string;
  /** Not before this moment, in milliseconds since the epoch. */
  readonly atMs: number;
  /** Asked otherwise, it need not wait for its turn. */
  readonly atOnce: boolean;
  /** The route to take from now on; null leaves it. */
  readonly route: RefineRoute | null;
  /** The files that it named are to go up anew. */
  readonly forgetFiles: boolean;
}

/** A request that was refused for the way in which it asked, and would go through in another. */
const OTHER_WAYS = {
  BACKGROUND_REFUSED: 'The upstream does not work in the background here: it is asked without.',
  API_REFUSED: 'The upstream does not make several pictures in one request here: it is asked for each.',
  FILE_LOST: 'The upstream no longer has a picture that was laid up there: it goes up again.',
} as const;

/** How a request that ended in `error` is made again; null when it is not. */
export function againAfter(
  error: Pick<ProviderError, 'failure' | 'nothingBought' | 'kind'>,
  asked: {
    readonly attempt: number;
    readonly next: ContextStrategy | null;
    readonly task: Pick<Task, 'asked' | 'background'>;
  },
  policy: RetryPolicy,
  moment: { nowMs: number; deadlineMs: number; random: number },
): Again | null {
  const { kind, failure } = error;
  if (moment.nowMs >= moment.deadlineMs) return null;
  const atOnce = { atMs: moment.nowMs, atOnce: true, route: null, forgetFiles: false };
  if (kind === 'CONTEXT_LOST' && asked.next !== null) {
    return { ...atOnce, reason: STRATEGY_REASONS[asked.next.route], route: asked.next.route };
  }
  if (kind === 'BACKGROUND_REFUSED' && asked.task.background) return { ...atOnce, reason: OTHER_WAYS[kind] };
  // These can come again in the other way, so they count as attempts.
  if (asked.attempt < policy.maxAttempts) {
    if (kind === 'API_REFUSED' && asked.task.asked.length > 1) return { ...atOnce, reason: OTHER_WAYS[kind] };
    if (kind === 'FILE_LOST') return { ...atOnce, reason: OTHER_WAYS[kind], forgetFiles: true };
  }
  const at = retryAt(error, asked.attempt, policy, moment);
  return at === null ? null : { ...atOnce, reason: failure.message, atMs: at.getTime(), atOnce: false };
}

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
