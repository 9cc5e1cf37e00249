/** Records the end of a task: its request is closed with its cost, and each image that it did not bring is reported. */
import type { Ledger } from '../../billing/ledger.ts';
import type { RequestOutcome } from '../../billing/outcome.ts';
import type { DatabaseTransaction } from '../../db/database.ts';
import { updateAttempt } from '../../db/queries/engine/attempts.ts';
import { findCall } from '../../db/queries/engine/calls.ts';
import type { GenerationCall } from '../../domain/generation/generation-call.ts';
import { missingImagesOf, type RunningAttempt } from '../tasks/task.ts';
import { closeRequest } from './close-request.ts';
import { type FinishContext, recordImageFailure } from './finish-call.ts';
import { failureOfTask, outcomeOfTask, storedError, type TaskEnd } from './task-end.ts';

export interface TaskFinishContext extends FinishContext {
  readonly ledger: Ledger;
}

/**
 * Closes the request of a task. May be repeated.
 * @param outcome what became of the request, when more is known than the end of the task tells
 */
export function closeTask(
  { ledger }: TaskFinishContext,
  transaction: DatabaseTransaction,
  call: GenerationCall,
  end: TaskEnd,
  at: string,
  outcome: RequestOutcome = outcomeOfTask(end),
): Promise<void> {
  const { task } = end;
  const { key, api, progress, imageIndexes } = task;
  const request = {
    key,
    api,
    usage: progress.usage,
    requestedImages: imageIndexes.length,
    images: progress.images.length,
    partials: progress.partials.length,
  };
  const isComplete = missingImagesOf(task).length === 0;
  const change = { ended_at: at, outcome: isComplete ? null : storedError(end) };
  return closeRequest(ledger, transaction, call, request, outcome, change);
}

/** Closes the requests of all tasks in the transaction of the event that their end leads to. */
export function closingTasks(
  context: TaskFinishContext,
  { call }: RunningAttempt,
  ends: readonly TaskEnd[],
  outcomes: ReadonlyMap<TaskEnd, RequestOutcome> = new Map(),
) {
  return async (transaction: DatabaseTransaction, at: string): Promise<void> => {
    for (const end of ends) await closeTask(context, transaction, call, end, at, outcomes.get(end));
  };
}

/**
 * Reports each image that these tasks did not bring, unless it was reported before. The failure of a call for one image is
 * reported by the end of the call instead.
 */
export async function reportMissingImages(
  context: TaskFinishContext,
  { call, writer }: RunningAttempt,
  ends: readonly TaskEnd[],
): Promise<void> {
  if (call.request.count === 1) return;
  for (const end of ends) {
    for (const imageIndex of missingImagesOf(end.task)) {
      const reported = (await findCall(context.db, call.id))?.imageFailures ?? [];
      if (reported.some((failure) => failure.imageIndex === imageIndex)) continue;
      const also = (transaction: DatabaseTransaction, at: string) => closeTask(context, transaction, call, end, at);
      await recordImageFailure(
        context.transitions,
        call.id,
        { imageIndex, failure: failureOfTask(end) },
        { writer, also },
      );
    }
  }
}

/** Marks the tasks that the next attempt makes again. */
export async function markForRetry(transaction: DatabaseTransaction, ends: readonly TaskEnd[]): Promise<void> {
  for (const { task } of ends) await updateAttempt(transaction, task.key, { again: true });
}
