/** Ends a call with its last attempt: completed, failed or cancelled, and all requests of the attempt closed. */
import { findCall } from '../../db/queries/engine/calls.ts';
import { cancelTask, type UpstreamCancelContext } from '../tasks/cancel-upstream.ts';
import { missingImagesOf, type RunningAttempt } from '../tasks/task.ts';
import { finishCall } from './finish-call.ts';
import { closingTasks, reportMissingImages, type TaskFinishContext } from './finish-task.ts';
import type { AttemptResult } from './schedule-retry.ts';
import { failureOfTask, type TaskEnd } from './task-end.ts';

/** Ends a call that is not cancelled: completed or failed. */
export async function finishRunningCall(
  context: TaskFinishContext,
  attempt: RunningAttempt,
  ends: readonly TaskEnd[],
  closeTasks = closingTasks(context, attempt, ends),
): Promise<AttemptResult> {
  const { call, writer } = attempt;
  await reportMissingImages(context, attempt, ends);
  const failuresOf = async () => {
    const [end] = ends;
    // The failure of a single image has no event of its own.
    if (call.request.count === 1 && end !== undefined) return [{ imageIndex: 0, failure: failureOfTask(end) }];
    return (await findCall(context.db, call.id))?.imageFailures ?? [];
  };
  await finishCall(context, call, failuresOf, { writer, also: closeTasks });
  return 'DONE';
}

/** Ends a call that somebody cancelled: cancelled, unless its images, or its failure, came first. */
export async function finishCancelledCall(
  context: TaskFinishContext,
  upstream: UpstreamCancelContext,
  attempt: RunningAttempt,
  interrupted: readonly TaskEnd[],
): Promise<AttemptResult> {
  const { call, writer } = attempt;
  const results = await Promise.all(
    interrupted.map(async (end) => {
      const { outcome, error } = await cancelTask(upstream, end);
      return { end: error === null ? end : { ...end, error }, outcome, isCancelled: error === null };
    }),
  );
  const ends = results.map(({ end }) => end);
  const failed = results.filter(({ isCancelled }) => !isCancelled).map(({ end }) => end);
  await reportMissingImages(context, attempt, failed);
  const closeTasks = closingTasks(context, attempt, ends, new Map(results.map(({ end, outcome }) => [end, outcome])));
  const lacksImages = results.some(({ end, isCancelled }) => isCancelled && missingImagesOf(end.task).length > 0);
  if (!lacksImages) return finishRunningCall(context, attempt, ends, closeTasks);
  // Images that were finished first are kept.
  await context.transitions.record(call.id, { type: 'GenerationCancelled' }, { writer, also: closeTasks });
  return 'DONE';
}
