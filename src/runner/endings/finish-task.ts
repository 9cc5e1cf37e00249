/**
 * How the end of a lane is recorded: its request is closed, what it cost is written down, and of several pictures those
 * that do not come are told one by one.
 */

import type { Ledger } from '../../billing/ledger.ts';
import { type Closing, closingOf } from '../../billing/outcome.ts';
import type { Database, DatabaseTransaction } from '../../db/database.ts';
import type { AttemptChange } from '../../db/queries/attempts.ts';
import { updateAttempt } from '../../db/queries/attempts.ts';
import { findCall, updateCall } from '../../db/queries/calls.ts';
import { findImagesOfCalls } from '../../db/queries/images.ts';
import type { GenerationFailure } from '../../domain/failure.ts';
import type { GenerationCall } from '../../domain/generation-call.ts';
import { moveAttempt, type Transitions } from '../../state/transitions.ts';
import { failureOfLane, type LaneEnd, missingOf, type RunningAttempt, storedOutcome } from '../tasks/task.ts';

export interface LaneEnds {
  /** Closes the request of a lane. Harmless to repeat. @param closing what is known of it, where its end does not say */
  close(transaction: Database, call: GenerationCall, end: LaneEnd, at: string, closing?: Closing): Promise<void>;
  /** Tells of each picture that these lanes did not bring; where one picture was asked for, the end of the call does. */
  tellMissing(attempt: RunningAttempt, ends: readonly LaneEnd[]): Promise<void>;
}

export interface LaneEndsOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly ledger: Ledger;
}

export function createLaneEnds({ db, transitions, ledger }: LaneEndsOptions): LaneEnds {
  async function tell(
    attempt: RunningAttempt,
    end: LaneEnd,
    imageIndex: number,
    failure: GenerationFailure,
  ): Promise<void> {
    const { call, writer } = attempt;
    await transitions.record(
      call.id,
      { type: 'ImageFailed', imageIndex, failure },
      {
        writer,
        also: async (transaction, at) => {
          await noteFailure(transaction, call.id, imageIndex, failure);
          await closeLane(transaction, call, end, at);
        },
      },
    );
  }

  /** Several lanes may fail at once: each adds to what stands there now. */
  async function noteFailure(
    transaction: DatabaseTransaction,
    callId: string,
    imageIndex: number,
    failure: GenerationFailure,
  ): Promise<void> {
    const before = (await findCall(transaction, callId))?.pictureFailures ?? [];
    await updateCall(transaction, callId, { picture_failures: JSON.stringify([...before, { imageIndex, failure }]) });
  }

  async function closeLane(
    transaction: Database,
    call: GenerationCall,
    end: LaneEnd,
    at: string,
    { event, purchase, usage }: Closing = closingOf(end),
  ): Promise<void> {
    const { lane } = end;
    const change: AttemptChange = {
      ended_at: at,
      outcome: missingOf(lane).length === 0 ? null : storedOutcome(end),
      ...(usage === null ? {} : { usage: JSON.stringify(usage) }),
    };
    // What was closed before was paid for before.
    if (!(await moveAttempt(transaction, lane.place, event, change))) return;
    await ledger.enter(transaction, call, {
      place: lane.place,
      api: lane.api,
      usage: usage?.tokens ?? lane.arrivals.usage,
      images: lane.arrivals.images.length,
      partials: lane.arrivals.partials,
      asked: lane.asked.length,
      purchase,
    });
  }

  return {
    close: closeLane,

    async tellMissing(attempt, ends) {
      const { call } = attempt;
      if (call.count === 1) return;
      for (const end of ends) {
        for (const imageIndex of missingOf(end.lane)) {
          const told = (await findCall(db, call.id))?.pictureFailures ?? [];
          if (told.some((failure) => failure.imageIndex === imageIndex)) continue;
          await tell(attempt, end, imageIndex, failureOfLane(end));
        }
      }
    },
  };
}

/** Notes which of an attempt's lanes the next one takes up. */
export async function markAgain(transaction: Database, ends: readonly LaneEnd[]): Promise<void> {
  for (const { lane } of ends) await updateAttempt(transaction, lane.place, { again: 1 });
}

/** The pictures that a call has by now, those of earlier attempts included. */
export async function imagesOf(db: Database, call: GenerationCall) {
  return findImagesOfCalls(db, call.principal, [call.id]);
}
