/**
 * The outcome of one request to the upstream: what its record says, and what it may have bought. PROTOCOL.md's table of
 * failures says which failures may have bought something; this file follows it
 * (docs/decisions/2026-11-25-uncertain-costs.md).
 */
import type { GenerationFailure, GenerationFailureCode } from '../domain/generation/failure.ts';
import { ProviderError, type ReportedUsage } from '../provider/image-provider.ts';
import type { AttemptEvent } from '../state/machine.ts';

/**
 * What a request may have bought.
 * - `NOTHING`: certainly nothing.
 * - `RECEIVED`: the images and partial images that arrived, and the work of the mainline model.
 * - `ALL`: possibly everything that was asked for.
 */
export type Purchase = 'NOTHING' | 'RECEIVED' | 'ALL';

export interface RequestOutcome {
  /** What the end of the request does to its state. */
  readonly event: AttemptEvent;
  readonly purchase: Purchase;
  /** The usage that the upstream reported at the end; null when it reported none. */
  readonly usage: ReportedUsage | null;
}

/** How a request ended, as this server saw it. */
export interface RequestEnd {
  /** What was thrown; null when it ended well. */
  readonly error: unknown;
  /** False when the request was never sent: the upstream does not know of it. */
  readonly wasSent: boolean;
  /** The upstream says that it made an image whose bytes did not arrive. */
  readonly imagesMissing: boolean;
  /** An image arrived whose bytes are not a picture. */
  readonly imageUnreadable: boolean;
}

/** The outcome of a request that this server saw to its end. */
export function outcomeOfRequest({ error, wasSent, imagesMissing, imageUnreadable }: RequestEnd): RequestOutcome {
  if (error instanceof ProviderError) {
    const outcome = outcomeOfError(error, imageUnreadable);
    return error.kind === 'LOST' ? { ...outcome, event: 'lost' } : outcome;
  }
  if (!wasSent) return { event: 'settled', purchase: 'NOTHING', usage: null };
  if (error === null) return { event: 'settled', purchase: imagesMissing ? 'ALL' : 'RECEIVED', usage: null };
  // An error of this server, most often an image that could not be stored: the upstream may have it.
  return { event: 'lost', purchase: 'ALL', usage: null };
}

/**
 * The outcome of a request whose end the upstream reported with this error.
 * @param imageUnreadable whether an image arrived that is not a picture: it was made, so it was bought
 */
export function outcomeOfError(error: ProviderError, imageUnreadable = false): RequestOutcome {
  const { kind, failure, usage, nothingBought } = error;
  if (nothingBought) return { event: 'settled', purchase: 'NOTHING', usage: null };
  if (kind === 'ENDED') {
    return { event: 'settled', purchase: imageUnreadable ? 'ALL' : purchaseOfFailure(failure), usage };
  }
  // It is not known whether cancelling stops the bill. Usage that was reported before an unknown end is incomplete.
  return { event: 'settled', purchase: 'ALL', usage: kind === 'CANCELLED' ? usage : null };
}

/** For a request that the upstream had accepted: at least its mainline model, where there is one, has worked. */
const PURCHASES: Readonly<Record<GenerationFailureCode, Purchase>> = {
  INVALID_REQUEST: 'RECEIVED',
  RATE_LIMITED: 'RECEIVED',
  QUOTA_EXCEEDED: 'RECEIVED',
  // Reported by this server, before anything is sent.
  APPROVAL_REFUSED: 'NOTHING',
  NO_IMAGE: 'RECEIVED',
  INCOMPLETE: 'RECEIVED',
  MODERATION_BLOCKED: 'ALL',
  UPSTREAM_UNAVAILABLE: 'ALL',
  TIMED_OUT: 'ALL',
  OUTCOME_UNKNOWN: 'ALL',
  INTERNAL: 'ALL',
};

function purchaseOfFailure(failure: GenerationFailure): Purchase {
  // A request that is refused for its prompt draws nothing.
  if (failure.moderation?.stage === 'input') return 'RECEIVED';
  return PURCHASES[failure.code];
}
