/**
 * How an attempt ends, and what that means for its call: completed, failed, cancelled, tried again, or left to another
 * server. Bytes decide: once a picture is stored, whatever went wrong behind it takes nothing away.
 */
import type { Logger } from 'pino';
import type { Closing } from '../../billing/outcome.ts';
import type { Database } from '../../db/database.ts';
import { findCall, releaseCall } from '../../db/queries/calls.ts';
import type { GenerationFailure } from '../../domain/failure.ts';
import type { GenerationCall } from '../../domain/generation-call.ts';
import { ProviderError } from '../../provider/image-provider.ts';
import type { WorkQueue } from '../../queue/work-queue.ts';
import { assertClaim, TransitionRefusedError, type Transitions } from '../../state/transitions.ts';
import type { UpstreamCanceller } from '../tasks/cancel-upstream.ts';
import { InterruptedError, type Interruption } from '../tasks/follow-upstream.ts';
import { failureOfFirst, failureOfTask, missingOf, type RunningAttempt, type TaskEnd } from '../tasks/task.ts';
import type { TimeLimit } from './deadline.ts';
import { imagesOf, markAgain, type TaskFinisher } from './finish-task.ts';
import { type Again, againAfter, type RetryPolicy } from './retry-policy.ts';

export interface Conclusions {
  /** Records the end of one task while others go on. */
  taskEnded(attempt: RunningAttempt, end: TaskEnd): Promise<void>;
  /**
   * Records the end of an attempt, all of whose tasks have ended.
   * @returns `AGAIN` when the call is to be tried at once
   */
  conclude(attempt: RunningAttempt, ends: readonly TaskEnd[]): Promise<'AGAIN' | 'DONE'>;
}

export interface ConclusionsOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly taskFinisher: TaskFinisher;
  readonly cancelled: UpstreamCanceller;
  readonly enqueue: WorkQueue['enqueue'];
  readonly retry: RetryPolicy;
  /** Behind it a call is not tried again. */
  readonly timeLimit: Pick<TimeLimit, 'deadlineMs'>;
  readonly nowMs: () => number;
  /** 0..1 */
  readonly random: () => number;
  readonly logger: Logger;
}

export function createConclusions(options: ConclusionsOptions): Conclusions {
  const { db, transitions, taskFinisher, cancelled, enqueue, retry, timeLimit, nowMs, random, logger } = options;

  type Closings = ReadonlyMap<TaskEnd, Closing>;

  /** Closes all tasks in the transaction of the event that their end leads to. */
  function closing({ call }: RunningAttempt, ends: readonly TaskEnd[], closings?: Closings) {
    return async (transaction: Database, at: string) => {
      for (const end of ends) await taskFinisher.close(transaction, call, end, at, closings?.get(end));
    };
  }

  function againOf({ call, writer, next }: RunningAttempt, { task, reason }: TaskEnd): Again | null {
    if (!(reason instanceof ProviderError) || task.recorder.images.length > 0) return null;
    const moment = { nowMs: nowMs(), deadlineMs: timeLimit.deadlineMs(call), random: random() };
    return againAfter(reason, { attempt: writer.attempt, next, task }, retry, moment);
  }

  function log({ call, writer }: RunningAttempt, { task, reason }: TaskEnd): void {
    const about = { callId: call.id, attempt: writer.attempt, task: task.place.task };
    if (reason instanceof ProviderError) {
      const { failure, kind } = reason;
      logger.warn({ ...about, kind, failure }, 'an attempt did not end well');
    } else if (reason !== null && !(reason instanceof InterruptedError)) {
      // Most likely a picture that could not be stored. The upstream may have it: reconciliation asks.
      logger.error({ err: reason, ...about }, 'an attempt ended in an error of this server');
    }
  }

  async function tryAgain(
    attempt: RunningAttempt,
    ends: readonly TaskEnd[],
    failed: ReadonlyMap<TaskEnd, Again>,
  ): Promise<'AGAIN' | 'DONE'> {
    const { call, writer } = attempt;
    const agains = [...failed.values()];
    const route = agains.find((again) => again.route !== null)?.route ?? null;
    if (agains.some(({ forgetFiles }) => forgetFiles)) await attempt.forgetFiles();
    const atMs = Math.max(...agains.map((again) => again.atMs));
    const retryAt = new Date(atMs).toISOString();
    await transitions.record(
      call.id,
      { type: 'GenerationRetrying', attempt: writer.attempt + 1, reason: agains[0]?.reason ?? '', retryAt },
      {
        writer,
        change: { ...(route === null ? {} : { route }), claimed_by: null, not_before: retryAt },
        also: async (transaction, at) => {
          await closing(attempt, ends)(transaction, at);
          await markAgain(transaction, [...failed.keys()]);
        },
      },
    );
    if (agains.every((again) => again.atOnce)) return 'AGAIN';
    const pictures = [...failed.keys()].reduce((sum, { task }) => sum + task.asked.length, 0);
    await enqueue({ callId: call.id, principal: call.principal, pictures, notBefore: retryAt });
    return 'DONE';
  }

  /** Completed when any picture is there; failed otherwise. */
  async function finish(attempt: RunningAttempt, ends: readonly TaskEnd[], closings?: Closings): Promise<'DONE'> {
    const { call, writer } = attempt;
    await taskFinisher.tellMissing(attempt, ends);
    const images = await imagesOf(db, call);
    const also = closing(attempt, ends, closings);
    if (images.length > 0) {
      const imageIds = images.map(({ id }) => id);
      await transitions.record(call.id, { type: 'GenerationCompleted', imageIds }, { writer, also });
      return 'DONE';
    }
    const failure = await failureOfAll(call, ends);
    const change = { failure: JSON.stringify(failure) };
    await transitions.record(call.id, { type: 'GenerationFailed', failure }, { writer, change, also });
    return 'DONE';
  }

  /** Of several failures, that of the first picture. */
  async function failureOfAll(call: GenerationCall, ends: readonly TaskEnd[]): Promise<GenerationFailure> {
    const [end] = ends;
    if (call.request.count === 1 && end !== undefined) return failureOfTask(end);
    return failureOfFirst((await findCall(db, call.id))?.imageFailures ?? []);
  }

  /** The truth about a call that somebody wanted to end: cancelled, unless its pictures (or its failure) were first. */
  async function cancel(attempt: RunningAttempt, interrupted: readonly TaskEnd[]): Promise<'DONE'> {
    const { call, writer } = attempt;
    const { closings, failed } = await cancelled.end(interrupted);
    const ends = interrupted.map((end) => {
      const error = failed.get(end);
      return error === undefined ? end : { ...end, reason: error };
    });
    const others = ends.filter((end) => !interrupted.includes(end));
    await taskFinisher.tellMissing(attempt, others);
    const isCancelled = (end: TaskEnd) => !others.includes(end) && missingOf(end.task).length > 0;
    if (!ends.some(isCancelled)) return finish(attempt, ends, closings);
    // Of several pictures those that were finished first are kept all the same.
    const also = closing(attempt, ends, closings);
    await transitions.record(call.id, { type: 'GenerationCancelled' }, { writer, also });
    return 'DONE';
  }

  return {
    async taskEnded(attempt, end) {
      const { reason, task } = end;
      if (reason !== null && !(reason instanceof ProviderError)) return;
      if (missingOf(task).length > 0 && againOf(attempt, end) === null) return taskFinisher.tellMissing(attempt, [end]);
      const at = new Date(nowMs()).toISOString();
      await db.transaction().execute(async (transaction) => {
        await assertClaim(transaction, attempt.call.id, attempt.writer);
        await taskFinisher.close(transaction, attempt.call, end, at);
      });
    },

    async conclude(attempt, ends) {
      const { call, writer } = attempt;
      // Another writer has the call: nothing may be recorded, and nothing is.
      const refused = ends.find(({ reason }) => reason instanceof TransitionRefusedError);
      if (refused !== undefined) throw refused.reason;
      for (const end of ends) log(attempt, end);
      if (isInterrupted(ends, 'CANCEL')) return cancel(attempt, ends);
      if (isInterrupted(ends, 'RELEASE')) {
        // Nothing is recorded: for whoever watches, the call goes on.
        await releaseCall(db, call.id, writer.instanceId);
        logger.info({ callId: call.id }, 'left to the next server');
        return 'DONE';
      }
      // What was told is final: a task may have ended long before the last one did.
      const told = new Set((await findCall(db, call.id))?.imageFailures.map(({ imageIndex }) => imageIndex));
      const failed = new Map<TaskEnd, Again>();
      for (const end of ends) {
        const isFinal = missingOf(end.task).every((index) => told.has(index));
        const again = isFinal ? null : againOf(attempt, end);
        if (again !== null) failed.set(end, again);
      }
      if (failed.size === 0) return finish(attempt, ends);
      // Whoever cancelled while it was refused shall not wait for the next attempt.
      if ((await findCall(db, call.id))?.cancelRequestedAt != null) return cancel(attempt, ends);
      await taskFinisher.tellMissing(
        attempt,
        ends.filter((end) => !failed.has(end)),
      );
      return tryAgain(attempt, ends, failed);
    },
  };
}

function isInterrupted(ends: readonly TaskEnd[], why: Interruption): boolean {
  return ends.some(({ reason }) => reason instanceof InterruptedError && reason.why === why);
}
