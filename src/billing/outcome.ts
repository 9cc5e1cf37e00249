/**
 * What is known of a request when it is closed, for its record and for its bill. Which failures may have bought
 * something is PROTOCOL.md's to say, in its table of failures.
 */
import type { GenerationFailure, GenerationFailureCode } from '../domain/failure.ts';
import { ProviderError, type ReportedUsage } from '../provider/image-provider.ts';
import { NOT_A_PICTURE } from '../runner/endings/failures.ts';
import { boughtNothing, eventOfTask, type TaskEnd } from '../runner/tasks/task.ts';
import type { AttemptEvent } from '../state/machine.ts';

/**
 * What a request may have bought.
 * - `NOTHING`: surely nothing.
 * - `WHAT_CAME`: the pictures and stages that came, and what the mainline model did.
 * - `ALL`: perhaps everything that was asked for.
 */
export type Purchase = 'NOTHING' | 'WHAT_CAME' | 'ALL';

export interface Closing {
  readonly event: AttemptEvent;
  readonly purchase: Purchase;
  /** What the upstream reported of the request at its end; null where it did not. */
  readonly usage: ReportedUsage | null;
}

/** How the request of a task is closed by its own end. */
export function closingOf(end: TaskEnd): Closing {
  const { reason, task } = end;
  const event = eventOfTask(end);
  if (reason instanceof ProviderError) return { ...closingOfError(reason), event };
  if (boughtNothing(end)) return { event, purchase: 'NOTHING', usage: null };
  const endedWell = reason === null && !task.recorder.imagesMissing;
  return { event, purchase: endedWell ? 'WHAT_CAME' : 'ALL', usage: null };
}

/** How a request is closed of which the upstream said this last. */
export function closingOfError(error: ProviderError): Closing {
  const { kind, failure, usage, nothingBought } = error;
  if (nothingBought) return { event: 'settled', purchase: 'NOTHING', usage: null };
  if (kind === 'ENDED') return { event: 'settled', purchase: purchaseOf(failure), usage };
  // Whether cancelling stops the bill is not known; what was said of the usage before an end that is not is no report.
  return { event: 'settled', purchase: 'ALL', usage: kind === 'CANCELLED' ? usage : null };
}

/** Of a request that the upstream had taken up: its mainline model, where it has one, was at work at least. */
const PURCHASES: Readonly<Record<GenerationFailureCode, Purchase>> = {
  INVALID_REQUEST: 'WHAT_CAME',
  RATE_LIMITED: 'WHAT_CAME',
  QUOTA_EXCEEDED: 'WHAT_CAME',
  NO_IMAGE: 'WHAT_CAME',
  INCOMPLETE: 'WHAT_CAME',
  MODERATION_BLOCKED: 'ALL',
  UPSTREAM_UNAVAILABLE: 'ALL',
  TIMED_OUT: 'ALL',
  OUTCOME_UNKNOWN: 'ALL',
  INTERNAL: 'ALL',
};

function purchaseOf(failure: GenerationFailure): Purchase {
  // It was made, whatever it is.
  if (failure === NOT_A_PICTURE) return 'ALL';
  // What is refused for its prompt is not drawn.
  if (failure.moderation?.stage === 'input') return 'WHAT_CAME';
  return PURCHASES[failure.code];
}
