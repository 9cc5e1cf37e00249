/**
 * How the end of a task is recorded: its request is closed, what it cost is written down, and of several pictures those
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
import { failureOfTask, missingOf, type RunningAttempt, storedOutcome, type TaskEnd } from '../tasks/task.ts';

export interface TaskFinisher {
  /** Closes the request of a task. Harmless to repeat. @param closing what is known of it, where its end does not say */
  close(transaction: Database, call: GenerationCall, end: TaskEnd, at: string, closing?: Closing): Promise<void>;
  /** Tells of each picture that these tasks did not bring; where one picture was asked for, the end of the call does. */
  tellMissing(attempt: RunningAttempt, ends: readonly TaskEnd[]): Promise<void>;
}

export interface TaskFinisherOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly ledger: Ledger;
}

export function createTaskFinisher({ db, transitions, ledger }: TaskFinisherOptions): TaskFinisher {
  async function tell(
    attempt: RunningAttempt,
    end: TaskEnd,
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
          await closeTask(transaction, call, end, at);
        },
      },
    );
  }

  /** Several tasks may fail at once: each adds to what stands there now. */
  async function noteFailure(
    transaction: DatabaseTransaction,
    callId: string,
    imageIndex: number,
    failure: GenerationFailure,
  ): Promise<void> {
    const before = (await findCall(transaction, callId))?.imageFailures ?? [];
    await updateCall(transaction, callId, { picture_failures: JSON.stringify([...before, { imageIndex, failure }]) });
  }

  async function closeTask(
    transaction: Database,
    call: GenerationCall,
    end: TaskEnd,
    at: string,
    { event, purchase, usage }: Closing = closingOf(end),
  ): Promise<void> {
    const { task } = end;
    const change: AttemptChange = {
      ended_at: at,
      outcome: missingOf(task).length === 0 ? null : storedOutcome(end),
      ...(usage === null ? {} : { usage: JSON.stringify(usage) }),
    };
    // What was closed before was paid for before.
    if (!(await moveAttempt(transaction, task.place, event, change))) return;
    await ledger.enter(transaction, call, {
      place: task.place,
      api: task.api,
      usage: usage?.tokens ?? task.recorder.usage,
      images: task.recorder.images.length,
      partials: task.recorder.partials,
      asked: task.asked.length,
      purchase,
    });
  }

  return {
    close: closeTask,

    async tellMissing(attempt, ends) {
      const { call } = attempt;
      if (call.request.count === 1) return;
      for (const end of ends) {
        for (const imageIndex of missingOf(end.task)) {
          const told = (await findCall(db, call.id))?.imageFailures ?? [];
          if (told.some((failure) => failure.imageIndex === imageIndex)) continue;
          await tell(attempt, end, imageIndex, failureOfTask(end));
        }
      }
    },
  };
}

/** Notes which of an attempt's tasks the next one takes up. */
export async function markAgain(transaction: Database, ends: readonly TaskEnd[]): Promise<void> {
  for (const { task } of ends) await updateAttempt(transaction, task.place, { again: 1 });
}

/** The pictures that a call has by now, those of earlier attempts included. */
export async function imagesOf(db: Database, call: GenerationCall) {
  return findImagesOfCalls(db, call.principal, [call.id]);
}
