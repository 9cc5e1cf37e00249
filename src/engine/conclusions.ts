/**
 * How an attempt ends, and what that means for its call: completed, failed, cancelled, tried again, or left to another
 * server. Bytes decide: once a picture is stored, whatever went wrong behind it takes nothing away.
 */
import type { Logger } from 'pino';
import { updateAttempt } from '../db/attempts.ts';
import { findCall, releaseCall } from '../db/calls.ts';
import type { Database } from '../db/database.ts';
import type { GenerationFailure } from '../domain/failure.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { Picture } from '../domain/image.ts';
import { type CancelOutcome, type ImageProvider, ProviderError, type ProviderRun } from '../provider/image-provider.ts';
import type { Arrivals } from './arrivals.ts';
import { InterruptedError } from './attempt.ts';
import { type ContextRung, RUNG_REASONS } from './context-ladder.ts';
import { failureOf, GAVE_UP, LOST_WITH_SERVER, NO_PICTURE_CAME, PICTURE_NEVER_CAME, TOO_SLOW } from './failures.ts';
import type { AttemptEvent } from './machine.ts';
import { type RetryPolicy, retryAt } from './retry.ts';
import { moveAttempt, TransitionRefusedError, type Transitions, type Writer } from './transitions.ts';
import type { Work } from './work-queue.ts';

/** An attempt as it stands when it ends. */
export interface RunningAttempt {
  readonly call: GenerationCall;
  readonly writer: Writer;
  readonly arrivals: Arrivals;
  readonly background: boolean;
  /** The rung to go down to when the upstream has forgotten what this attempt's one names. */
  readonly next: ContextRung | null;
}

export interface Conclusions {
  /**
   * Records the end of an attempt.
   * @param reason what it threw; null when it ended well; a failure when there was nothing to try
   * @returns `AGAIN` when the call is to be tried at once
   */
  conclude(attempt: RunningAttempt, reason: unknown): Promise<'AGAIN' | 'DONE'>;
}

export interface ConclusionsOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly provider: Pick<ImageProvider, 'cancel' | 'retrieve'>;
  readonly openSink: ProviderRun<Picture | null>['openSink'];
  readonly enqueue: (work: Work) => void;
  readonly retry: RetryPolicy;
  /** How long after its first attempt a call is still tried again, in milliseconds. */
  readonly timeoutMs: number;
  readonly nowMs: () => number;
  /** 0..1 */
  readonly random: () => number;
  readonly logger: Logger;
}

/** How often the upstream is told to cancel before its silence is taken as it is. */
const CANCEL_TRIES = 3;
const LAST_LOOK_TIMEOUT_MS = 60_000;

export function createConclusions(options: ConclusionsOptions): Conclusions {
  const { db, transitions, provider, openSink, enqueue, retry, timeoutMs, nowMs, random, logger } = options;
  const moment = (ms: number) => new Date(ms).toISOString();

  type Ending = RunningAttempt & { readonly end: AttemptEvent };

  /** Closes the attempt in the transaction of the event that it leads to. */
  function closing({ call, writer, end }: Ending) {
    return async (transaction: Database, at: string) => {
      await moveAttempt(transaction, { callId: call.id, attempt: writer.attempt }, end, { ended_at: at });
    };
  }

  async function complete(ending: Ending): Promise<'DONE'> {
    const { call, writer, arrivals } = ending;
    const imageIds = arrivals.images.map(({ id }) => id);
    const event = { type: 'GenerationCompleted', imageIds } as const;
    await transitions.record(call.id, event, { writer, also: closing(ending) });
    return 'DONE';
  }

  /** Completed when a picture is there after all. */
  async function fail(ending: Ending, failure: GenerationFailure): Promise<'DONE'> {
    const { call, writer, arrivals } = ending;
    if (arrivals.images.length > 0) {
      logger.warn({ callId: call.id, failure }, 'the upstream failed after the picture had come');
      return complete(ending);
    }
    const change = { failure: JSON.stringify(failure) };
    await transitions.record(call.id, { type: 'GenerationFailed', failure }, { writer, change, also: closing(ending) });
    return 'DONE';
  }

  async function tryAgain(
    ending: Ending,
    reason: string,
    retryAtMs: number,
    change: { route?: string } = {},
  ): Promise<void> {
    const { call, writer } = ending;
    const retryAtMoment = moment(retryAtMs);
    await transitions.record(
      call.id,
      { type: 'GenerationRetrying', attempt: writer.attempt + 1, reason, retryAt: retryAtMoment },
      { writer, change: { ...change, claimed_by: null, not_before: retryAtMoment }, also: closing(ending) },
    );
  }

  async function afterProviderError(attempt: RunningAttempt, error: ProviderError): Promise<'AGAIN' | 'DONE'> {
    const { call, writer, next } = attempt;
    const { failure, standing } = error;
    logger.warn({ callId: call.id, attempt: writer.attempt, standing, failure }, 'an attempt did not end well');
    if (error.usage !== null || error.toolUsage !== null) {
      const usage = JSON.stringify({ usage: error.usage, toolUsage: error.toolUsage });
      await updateAttempt(db, call.id, writer.attempt, { usage });
    }
    const ending: Ending = { ...attempt, end: standing === 'LOST' ? 'lost' : 'settled' };
    if (attempt.arrivals.images.length > 0) return fail(ending, failure);

    if (standing === 'CONTEXT_LOST' && next !== null) {
      await tryAgain(ending, RUNG_REASONS[next.route], nowMs(), { route: next.route });
      return 'AGAIN';
    }
    if (standing === 'BACKGROUND_REFUSED' && attempt.background) {
      await tryAgain(ending, 'The upstream does not work in the background here: it is asked without.', nowMs());
      return 'AGAIN';
    }
    // Whoever cancelled while it was refused shall not wait for the next attempt.
    if ((await findCall(db, call.id))?.cancelRequestedAt != null) return cancel(attempt);
    const deadlineMs = Date.parse(call.startedAt ?? call.createdAt) + timeoutMs;
    const at = retryAt(error, writer.attempt, retry, { nowMs: nowMs(), deadlineMs, random: random() });
    if (at === null) return fail(ending, failure);
    await tryAgain(ending, failure.message, at.getTime());
    enqueue({ callId: call.id, principal: call.principal, notBefore: at.toISOString() });
    return 'DONE';
  }

  async function afterInterruption(attempt: RunningAttempt, { why }: InterruptedError): Promise<'DONE'> {
    switch (why) {
      case 'CANCEL':
        return cancel(attempt);
      case 'DEADLINE':
        return fail({ ...attempt, end: 'lost' }, attempt.background ? GAVE_UP : TOO_SLOW);
      case 'STOP':
        return fail({ ...attempt, end: 'lost' }, LOST_WITH_SERVER);
      case 'RELEASE':
        // Nothing is recorded: for whoever watches, the call goes on.
        await releaseCall(db, attempt.call.id, attempt.writer.instanceId);
        logger.info({ callId: attempt.call.id }, 'left to the next server');
        return 'DONE';
    }
  }

  /** The truth about a call that somebody wanted to end: cancelled, unless its picture (or its failure) was first. */
  async function cancel(attempt: RunningAttempt): Promise<'DONE'> {
    const { call, writer, arrivals, background } = attempt;
    const { responseId } = arrivals;
    // Without a name it cannot be told to stop; on one connection it was hung up on.
    let end: AttemptEvent = background && responseId === null ? 'lost' : 'settled';
    if (background && responseId !== null && arrivals.images.length === 0) {
      const outcome = await cancelUpstream(responseId);
      if (outcome === null) end = 'lost';
      if (outcome !== null && !STOPPED.has(outcome)) {
        const failure = await lastLook(responseId, arrivals);
        if (failure !== null) return fail({ ...attempt, end }, failure);
      }
    }
    const ending: Ending = { ...attempt, end };
    if (arrivals.images.length > 0) return complete(ending);
    await transitions.record(call.id, { type: 'GenerationCancelled' }, { writer, also: closing(ending) });
    return 'DONE';
  }

  async function cancelUpstream(responseId: string): Promise<CancelOutcome | null> {
    for (let tries = 0; tries < CANCEL_TRIES; tries += 1) {
      try {
        return await provider.cancel(responseId);
      } catch (error) {
        logger.warn({ responseId, reason: String(error) }, 'the upstream did not answer to a cancellation');
      }
    }
    return null;
  }

  /** Takes the picture that was finished before the cancellation; the failure, when it had failed before that. */
  async function lastLook(responseId: string, arrivals: Arrivals): Promise<GenerationFailure | null> {
    const run = { signal: AbortSignal.timeout(LAST_LOOK_TIMEOUT_MS), openSink };
    try {
      for await (const event of provider.retrieve(responseId, run, arrivals.known())) {
        if (event.type !== 'running') await arrivals.take(event);
      }
      return null;
    } catch (error) {
      if (error instanceof TransitionRefusedError) throw error;
      return error instanceof ProviderError && error.standing === 'ENDED' ? error.failure : null;
    }
  }

  return {
    async conclude(attempt, reason) {
      // Another writer has the call: nothing may be recorded, and nothing is.
      if (reason instanceof TransitionRefusedError) throw reason;
      if (reason instanceof InterruptedError) return afterInterruption(attempt, reason);
      if (reason instanceof ProviderError) return afterProviderError(attempt, reason);
      if (reason !== null) {
        // Most likely a picture that could not be stored. The upstream may have it: reconciliation asks.
        logger.error({ err: reason, callId: attempt.call.id }, 'an attempt ended in an error of this server');
        return fail({ ...attempt, end: 'lost' }, failureOf(reason));
      }
      const settled: Ending = { ...attempt, end: 'settled' };
      const { images, picturesMissing } = attempt.arrivals;
      if (images.length > 0) return complete(settled);
      return fail(settled, picturesMissing ? PICTURE_NEVER_CAME : NO_PICTURE_CAME);
    },
  };
}

/** The upstream has stopped, or was told to, or knows of nothing: no picture will come. */
const STOPPED: ReadonlySet<CancelOutcome> = new Set(['CANCELLED', 'RUNNING', 'GONE']);
