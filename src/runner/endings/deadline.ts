/**
 * How long a call may take in all: counted from its first start, whatever attempts and waits there are behind that. The
 * wait for its first turn is not its own.
 */

import type { Database } from '../../db/database.ts';
import { findAttemptTasks } from '../../db/queries/attempts.ts';
import { findImagesOfCalls } from '../../db/queries/images.ts';
import type { GenerationFailure } from '../../domain/failure.ts';
import { type GenerationCall, missingImages } from '../../domain/generation-call.ts';
import type { Transitions } from '../../state/transitions.ts';
import { failureOfFirst, reasonFromStored } from '../tasks/task.ts';
import { NEVER_ASKED } from './failures.ts';

export interface TimeLimit {
  /** In milliseconds since the epoch; of a call that was never started, if it were started now. */
  deadlineMs(call: Pick<GenerationCall, 'startedAt'>): number;
  /** Whether there is time left to ask the upstream in. */
  isOver(call: Pick<GenerationCall, 'startedAt'>): boolean;
  /**
   * Ends a call whose time was over while it waited for its next attempt: as the attempt before was refused, with the
   * pictures that came by then.
   */
  end(call: GenerationCall): Promise<void>;
}

export interface TimeLimitOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  /** How long a call may take in all, in milliseconds. */
  readonly timeoutMs: number;
  readonly nowMs: () => number;
}

export function createTimeLimit({ db, transitions, timeoutMs, nowMs }: TimeLimitOptions): TimeLimit {
  const deadlineMs = ({ startedAt }: Pick<GenerationCall, 'startedAt'>) =>
    (startedAt === null ? nowMs() : Date.parse(startedAt)) + timeoutMs;

  /** Why each of these pictures did not come, as it was stored with the request that was refused. */
  async function refusals(call: GenerationCall, missing: readonly number[]) {
    const rows = await findAttemptTasks(db, call.id, call.attempts);
    return missing.map((imageIndex) => {
      const row = rows.find(({ task, pictures }) => pictures > 1 || task === imageIndex);
      return { imageIndex, failure: reasonFromStored(row?.outcome ?? null)?.failure ?? NEVER_ASKED };
    });
  }

  async function fail(call: GenerationCall, failure: GenerationFailure): Promise<void> {
    const change = { failure: JSON.stringify(failure) };
    await transitions.record(call.id, { type: 'GenerationFailed', failure }, { onlyFrom: 'QUEUED', change });
  }

  return {
    deadlineMs,
    isOver: (call) => deadlineMs(call) <= nowMs(),

    async end(call) {
      const images = await findImagesOfCalls(db, call.principal, [call.id]);
      const told = [...call.imageFailures];
      const missing = missingImages(call.request, images).filter(
        (index) => !told.some((each) => each.imageIndex === index),
      );
      for (const refusal of await refusals(call, missing)) {
        told.push(refusal);
        if (call.request.count === 1) continue;
        const change = { picture_failures: JSON.stringify(told) };
        await transitions.record(call.id, { type: 'ImageFailed', ...refusal }, { onlyFrom: 'QUEUED', change });
      }
      if (images.length === 0) return fail(call, failureOfFirst(told));
      const imageIds = images.map(({ id }) => id);
      await transitions.record(call.id, { type: 'GenerationCompleted', imageIds }, { onlyFrom: 'QUEUED' });
    },
  };
}
