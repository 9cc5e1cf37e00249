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
import type { Work } from '../../queue/work-queue.ts';
import { assertClaim, TransitionRefusedError, type Transitions } from '../../state/transitions.ts';
import type { CancelledLanes } from '../tasks/cancel-upstream.ts';
import { InterruptedError, type Interruption } from '../tasks/follow-upstream.ts';
import { failureOfFirst, failureOfLane, type LaneEnd, missingOf, type RunningAttempt } from '../tasks/task.ts';
import type { TimeLimit } from './deadline.ts';
import { imagesOf, type LaneEnds, markAgain } from './finish-task.ts';
import { type Again, againAfter, type RetryPolicy } from './retry-policy.ts';

export interface Conclusions {
  /** Records the end of one lane while others go on. */
  laneEnded(attempt: RunningAttempt, end: LaneEnd): Promise<void>;
  /**
   * Records the end of an attempt, all of whose lanes have ended.
   * @returns `AGAIN` when the call is to be tried at once
   */
  conclude(attempt: RunningAttempt, ends: readonly LaneEnd[]): Promise<'AGAIN' | 'DONE'>;
}

export interface ConclusionsOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly laneEnds: LaneEnds;
  readonly cancelled: CancelledLanes;
  readonly enqueue: (work: Work) => void;
  readonly retry: RetryPolicy;
  /** Behind it a call is not tried again. */
  readonly timeLimit: Pick<TimeLimit, 'deadlineMs'>;
  readonly nowMs: () => number;
  /** 0..1 */
  readonly random: () => number;
  readonly logger: Logger;
}

export function createConclusions(options: ConclusionsOptions): Conclusions {
  const { db, transitions, laneEnds, cancelled, enqueue, retry, timeLimit, nowMs, random, logger } = options;

  type Closings = ReadonlyMap<LaneEnd, Closing>;

  /** Closes all lanes in the transaction of the event that their end leads to. */
  function closing({ call }: RunningAttempt, ends: readonly LaneEnd[], closings?: Closings) {
    return async (transaction: Database, at: string) => {
      for (const end of ends) await laneEnds.close(transaction, call, end, at, closings?.get(end));
    };
  }

  function againOf({ call, writer, next }: RunningAttempt, { lane, reason }: LaneEnd): Again | null {
    if (!(reason instanceof ProviderError) || lane.arrivals.images.length > 0) return null;
    const moment = { nowMs: nowMs(), deadlineMs: timeLimit.deadlineMs(call), random: random() };
    return againAfter(reason, { attempt: writer.attempt, next, lane }, retry, moment);
  }

  function log({ call, writer }: RunningAttempt, { lane, reason }: LaneEnd): void {
    const about = { callId: call.id, attempt: writer.attempt, lane: lane.place.lane };
    if (reason instanceof ProviderError) {
      const { failure, standing } = reason;
      logger.warn({ ...about, standing, failure }, 'an attempt did not end well');
    } else if (reason !== null && !(reason instanceof InterruptedError)) {
      // Most likely a picture that could not be stored. The upstream may have it: reconciliation asks.
      logger.error({ err: reason, ...about }, 'an attempt ended in an error of this server');
    }
  }

  async function tryAgain(
    attempt: RunningAttempt,
    ends: readonly LaneEnd[],
    failed: ReadonlyMap<LaneEnd, Again>,
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
    const pictures = [...failed.keys()].reduce((sum, { lane }) => sum + lane.asked.length, 0);
    enqueue({ callId: call.id, principal: call.principal, pictures, notBefore: retryAt });
    return 'DONE';
  }

  /** Completed when any picture is there; failed otherwise. */
  async function finish(attempt: RunningAttempt, ends: readonly LaneEnd[], closings?: Closings): Promise<'DONE'> {
    const { call, writer } = attempt;
    await laneEnds.tellMissing(attempt, ends);
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
  async function failureOfAll(call: GenerationCall, ends: readonly LaneEnd[]): Promise<GenerationFailure> {
    const [end] = ends;
    if (call.count === 1 && end !== undefined) return failureOfLane(end);
    return failureOfFirst((await findCall(db, call.id))?.pictureFailures ?? []);
  }

  /** The truth about a call that somebody wanted to end: cancelled, unless its pictures (or its failure) were first. */
  async function cancel(attempt: RunningAttempt, interrupted: readonly LaneEnd[]): Promise<'DONE'> {
    const { call, writer } = attempt;
    const { closings, failed } = await cancelled.end(interrupted);
    const ends = interrupted.map((end) => {
      const error = failed.get(end);
      return error === undefined ? end : { ...end, reason: error };
    });
    const others = ends.filter((end) => !interrupted.includes(end));
    await laneEnds.tellMissing(attempt, others);
    const isCancelled = (end: LaneEnd) => !others.includes(end) && missingOf(end.lane).length > 0;
    if (!ends.some(isCancelled)) return finish(attempt, ends, closings);
    // Of several pictures those that were finished first are kept all the same.
    const also = closing(attempt, ends, closings);
    await transitions.record(call.id, { type: 'GenerationCancelled' }, { writer, also });
    return 'DONE';
  }

  return {
    async laneEnded(attempt, end) {
      const { reason, lane } = end;
      if (reason !== null && !(reason instanceof ProviderError)) return;
      if (missingOf(lane).length > 0 && againOf(attempt, end) === null) return laneEnds.tellMissing(attempt, [end]);
      const at = new Date(nowMs()).toISOString();
      await db.transaction().execute(async (transaction) => {
        await assertClaim(transaction, attempt.call.id, attempt.writer);
        await laneEnds.close(transaction, attempt.call, end, at);
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
      // What was told is final: a lane may have ended long before the last one did.
      const told = new Set((await findCall(db, call.id))?.pictureFailures.map(({ imageIndex }) => imageIndex));
      const failed = new Map<LaneEnd, Again>();
      for (const end of ends) {
        const isFinal = missingOf(end.lane).every((index) => told.has(index));
        const again = isFinal ? null : againOf(attempt, end);
        if (again !== null) failed.set(end, again);
      }
      if (failed.size === 0) return finish(attempt, ends);
      // Whoever cancelled while it was refused shall not wait for the next attempt.
      if ((await findCall(db, call.id))?.cancelRequestedAt != null) return cancel(attempt, ends);
      await laneEnds.tellMissing(
        attempt,
        ends.filter((end) => !failed.has(end)),
      );
      return tryAgain(attempt, ends, failed);
    },
  };
}

function isInterrupted(ends: readonly LaneEnd[], why: Interruption): boolean {
  return ends.some(({ reason }) => reason instanceof InterruptedError && reason.why === why);
}
