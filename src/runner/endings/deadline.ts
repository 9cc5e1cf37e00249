/**
 * The time limit of a call: counted from its first start, with all attempts and the waits between them. The time in the
 * queue before its first start does not count. A completion window is added to it, and each attempt has the whole window:
 * the upstream counts it from the request.
 */
import type { Database } from '../../db/database.ts';
import { findAttemptTasks } from '../../db/queries/engine/attempts.ts';
import { completionWindowMs } from '../../domain/generation/completion-window.ts';
import type { ImageFailure } from '../../domain/generation/failure.ts';
import { type GenerationCall, missingImages } from '../../domain/generation/generation-call.ts';
import type { ImageSettings } from '../../domain/generation/options.ts';
import type { Clock } from '../clock.ts';
import { NEVER_SENT } from './failures.ts';
import { type FinishContext, finishCall, imagesOfCall, recordImageFailure } from './finish-call.ts';
import { errorFromStored } from './task-end.ts';

type TimedCall = Pick<GenerationCall, 'startedAt'> & {
  readonly request: { readonly settings: Pick<ImageSettings, 'completionWindow'> };
};

export interface CallDeadline {
  /** Until when attempts may start. Milliseconds since the epoch. For a call that has not started, as if it started now. */
  deadlineMs(call: TimedCall): number;
  /** Until when an attempt that started at `startedMs` may take. Milliseconds since the epoch. */
  attemptDeadlineMs(call: TimedCall, startedMs: number): number;
  /** Whether no time is left to ask the upstream. */
  isOver(call: TimedCall): boolean;
}

/** @param timeoutMs how long a call may take in all */
export function createCallDeadline(timeoutMs: number, { nowMs }: Pick<Clock, 'nowMs'>): CallDeadline {
  const windowMs = ({ request }: TimedCall) => completionWindowMs(request.settings.completionWindow);
  const deadlineMs = (call: TimedCall) =>
    (call.startedAt === null ? nowMs() : Date.parse(call.startedAt)) + timeoutMs + windowMs(call);
  return {
    deadlineMs,
    attemptDeadlineMs(call, startedMs) {
      const ofCall = deadlineMs(call);
      return windowMs(call) === 0 ? ofCall : Math.max(ofCall, startedMs + timeoutMs + windowMs(call));
    },
    isOver: (call) => deadlineMs(call) <= nowMs(),
  };
}

/**
 * Ends a call whose time ran out while it waited for its next attempt: with the failures of its last attempt, and the
 * images that had arrived.
 */
export async function expireCall(context: FinishContext, call: GenerationCall): Promise<void> {
  const onlyFrom = 'QUEUED' as const;
  const reported = call.imageFailures;
  const unreported = missingImages(call.request, await imagesOfCall(context.db, call)).filter(
    (imageIndex) => !reported.some((failure) => failure.imageIndex === imageIndex),
  );
  const added = await lastFailures(context.db, call, unreported);
  if (call.request.count > 1) {
    for (const failure of added) await recordImageFailure(context.transitions, call.id, failure, { onlyFrom });
  }
  await finishCall(context, call, async () => [...reported, ...added], { onlyFrom });
}

/** Why each of these images did not come, as it was stored with the request of the last attempt. */
async function lastFailures(
  db: Database,
  call: GenerationCall,
  imageIndexes: readonly number[],
): Promise<readonly ImageFailure[]> {
  const rows = await findAttemptTasks(db, call.id, call.attempts);
  return imageIndexes.map((imageIndex) => {
    const row = rows.find((request) => request.image_count > 1 || request.task === imageIndex);
    return { imageIndex, failure: errorFromStored(row?.outcome ?? null)?.failure ?? NEVER_SENT };
  });
}
