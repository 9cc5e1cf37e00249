/** Records that a call is retried, and puts it back into the queue when it has to wait. */
import type { DatabaseTransaction } from '../../db/database.ts';
import { ProviderError } from '../../provider/image-provider.ts';
import type { WorkQueue } from '../../queue/work-queue.ts';
import { type Clock, timestamp } from '../clock.ts';
import type { RunningAttempt } from '../tasks/task.ts';
import type { CallDeadline } from './deadline.ts';
import { closingTasks, markForRetry, type TaskFinishContext } from './finish-task.ts';
import { decideRetry, type RetryDecision, type RetryPolicy } from './retry-policy.ts';
import type { TaskEnd } from './task-end.ts';

/** Whether the call is to be tried again at once. `DONE`: it has ended, waits in the queue, or is left to another server. */
export type AttemptResult = 'RETRY_NOW' | 'DONE';

export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly deadline: CallDeadline;
  readonly clock: Clock;
}

/** Decides whether a task is retried; null when it is not. */
export function retryOfTask(
  { call, writer, nextStrategy }: RunningAttempt,
  { task, error }: TaskEnd,
  { policy, deadline, clock }: RetryOptions,
): RetryDecision | null {
  if (!(error instanceof ProviderError) || task.progress.images.length > 0) return null;
  const moment = { nowMs: clock.nowMs(), deadlineMs: deadline.deadlineMs(call), random: clock.random() };
  const { background, imageIndexes } = task;
  const request = { attempt: writer.attempt, background, images: imageIndexes.length, nextStrategy };
  return decideRetry(error, request, policy, moment);
}

/** Ends the attempt with a retry of these tasks: one event for all of them, at the latest of their times. */
export async function scheduleRetry(
  context: TaskFinishContext,
  enqueue: WorkQueue['enqueue'],
  attempt: RunningAttempt,
  ends: readonly TaskEnd[],
  retries: ReadonlyMap<TaskEnd, RetryDecision>,
): Promise<AttemptResult> {
  const { call, writer } = attempt;
  const decisions = [...retries.values()];
  const retried = [...retries.keys()];
  const route = decisions.find((decision) => decision.route !== null)?.route ?? null;
  if (decisions.some(({ forgetFiles }) => forgetFiles)) await attempt.forgetFiles();
  const retryAt = timestamp(Math.max(...decisions.map(({ atMs }) => atMs)));
  const closeTasks = closingTasks(context, attempt, ends);
  await context.transitions.record(
    call.id,
    { type: 'GenerationRetrying', attempt: writer.attempt + 1, reason: decisions[0]?.reason ?? '', retryAt },
    {
      writer,
      change: { ...(route === null ? {} : { route }), claimed_by: null, not_before: retryAt },
      async also(transaction: DatabaseTransaction, at: string) {
        await closeTasks(transaction, at);
        await markForRetry(transaction, retried);
      },
    },
  );
  if (decisions.every(({ isImmediate }) => isImmediate)) return 'RETRY_NOW';
  const images = retried.reduce((sum, { task }) => sum + task.imageIndexes.length, 0);
  await enqueue({ callId: call.id, principal: call.principal, images, notBefore: retryAt });
  return 'DONE';
}
