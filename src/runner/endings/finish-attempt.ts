/**
 * How an attempt ends, and what that means for its call: completed, failed, cancelled, retried, or left to another server.
 */
import type { Logger } from 'pino';
import { findCall, releaseCall } from '../../db/queries/engine/calls.ts';
import type { GenerationFailureCode } from '../../domain/generation/failure.ts';
import { ProviderError } from '../../provider/image-provider.ts';
import type { WorkQueue } from '../../queue/work-queue.ts';
import { assertClaim, TransitionRefusedError } from '../../state/transitions.ts';
import { timestamp } from '../clock.ts';
import type { UpstreamCancelContext } from '../tasks/cancel-upstream.ts';
import { InterruptedError, type Interruption } from '../tasks/interrupt.ts';
import { missingImagesOf, type RunningAttempt } from '../tasks/task.ts';
import { finishCancelledCall, finishRunningCall } from './finish-running-call.ts';
import { closeTask, reportMissingImages, type TaskFinishContext } from './finish-task.ts';
import type { RetryDecision } from './retry-policy.ts';
import { type AttemptResult, type RetryOptions, retryOfTask, scheduleRetry } from './schedule-retry.ts';
import type { TaskEnd } from './task-end.ts';

export interface AttemptFinisherOptions {
  readonly context: TaskFinishContext;
  readonly upstream: UpstreamCancelContext;
  readonly retry: RetryOptions;
  readonly enqueue: WorkQueue['enqueue'];
  readonly logger: Logger;
}

/** Failures that the client has to do something about, and not the operator. */
const CLIENT_FAILURES: ReadonlySet<GenerationFailureCode> = new Set([
  'INVALID_REQUEST',
  'MODERATION_BLOCKED',
  'NO_IMAGE',
]);

export class AttemptFinisher {
  readonly #options: AttemptFinisherOptions;

  constructor(options: AttemptFinisherOptions) {
    this.#options = options;
  }

  /** Records the end of one task while others are still running. */
  async taskEnded(attempt: RunningAttempt, end: TaskEnd): Promise<void> {
    const { context, retry } = this.#options;
    const { error, task } = end;
    if (error !== null && !(error instanceof ProviderError)) return;
    if (missingImagesOf(task).length > 0 && retryOfTask(attempt, end, retry) === null) {
      return reportMissingImages(context, attempt, [end]);
    }
    const at = timestamp(retry.clock.nowMs());
    await context.db.transaction().execute(async (transaction) => {
      await assertClaim(transaction, attempt.call.id, attempt.writer);
      await closeTask(context, transaction, attempt.call, end, at);
    });
  }

  /**
   * Records the end of an attempt, all of whose tasks have ended.
   * @throws {TransitionRefusedError} another server has the call
   */
  async finish(attempt: RunningAttempt, ends: readonly TaskEnd[]): Promise<AttemptResult> {
    const { context, upstream, enqueue, logger } = this.#options;
    const { call, writer } = attempt;
    const refused = ends.find(({ error }) => error instanceof TransitionRefusedError);
    if (refused !== undefined) throw refused.error;
    for (const end of ends) this.#log(attempt, end);
    if (isInterrupted(ends, 'CANCEL')) return finishCancelledCall(context, upstream, attempt, ends);
    if (isInterrupted(ends, 'RELEASE')) {
      // No event: for whoever watches, the call goes on.
      await releaseCall(context.db, call.id, writer.instanceId);
      logger.info({ callId: call.id }, 'the call is left to the next server');
      return 'DONE';
    }
    const retries = await this.#decideRetries(attempt, ends);
    if (retries.size === 0) return finishRunningCall(context, attempt, ends);
    // A call that was cancelled in the meantime does not wait for another attempt.
    if ((await findCall(context.db, call.id))?.cancelRequestedAt != null)
      return finishCancelledCall(context, upstream, attempt, ends);
    const final = ends.filter((end) => !retries.has(end));
    await reportMissingImages(context, attempt, final);
    return scheduleRetry(context, enqueue, attempt, ends, retries);
  }

  async #decideRetries(
    attempt: RunningAttempt,
    ends: readonly TaskEnd[],
  ): Promise<ReadonlyMap<TaskEnd, RetryDecision>> {
    const { context, retry } = this.#options;
    const retries = new Map<TaskEnd, RetryDecision>();
    // A failure that was reported is final: its task may have ended long before the last one.
    const failures = (await findCall(context.db, attempt.call.id))?.imageFailures ?? [];
    const reported = new Set(failures.map(({ imageIndex }) => imageIndex));
    for (const end of ends) {
      if (missingImagesOf(end.task).every((imageIndex) => reported.has(imageIndex))) continue;
      const decision = retryOfTask(attempt, end, retry);
      if (decision !== null) retries.set(end, decision);
    }
    return retries;
  }

  #log({ call, writer }: RunningAttempt, { task, error }: TaskEnd): void {
    const { logger } = this.#options;
    const { principal } = call;
    const fields = { callId: call.id, principal, attempt: writer.attempt, task: task.key.task };
    if (error instanceof ProviderError) {
      const { failure, kind } = error;
      const { code, retryable, requestId, message } = failure;
      const level = CLIENT_FAILURES.has(code) ? 'info' : 'warn';
      logger[level]({ ...fields, kind, code, retryable, requestId }, 'a request to the upstream failed');
      // What the upstream says may quote the prompt.
      logger.debug({ ...fields, reason: message }, 'why a request to the upstream failed');
    } else if (error !== null && !(error instanceof InterruptedError)) {
      // Most often an image that could not be stored. The upstream may have it: reconciliation asks.
      logger.error({ err: error, ...fields }, 'a request to the upstream ended with an error of this server');
    }
  }
}

function isInterrupted(ends: readonly TaskEnd[], interruption: Interruption): boolean {
  return ends.some(({ error }) => error instanceof InterruptedError && error.interruption === interruption);
}
