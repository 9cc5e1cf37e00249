/** Works on the lanes of an attempt side by side until each has ended, and records each end as it comes. */
import type { Logger } from 'pino';
import type { ProviderError } from '../../provider/image-provider.ts';
import { TransitionRefusedError } from '../../state/transitions.ts';
import type { Conclusions } from '../endings/finish-attempt.ts';
import type { RunningCall } from './interrupt.ts';
import type { Lane, LaneEnd, RunningAttempt } from './task.ts';

/** Brings one lane to its end; `asked` is called when the upstream may know of it. What it resolves with is why it ended. */
export type LaneWork = (lane: Lane, asked: () => void) => Promise<ProviderError | null>;

export interface SideBySideOptions {
  readonly conclusions: Pick<Conclusions, 'laneEnded'>;
  readonly logger: Logger;
}

/** Resolves when all lanes have ended; never rejects for what happens in one. */
export function runSideBySide(
  { conclusions, logger }: SideBySideOptions,
  attempt: RunningAttempt,
  handle: RunningCall,
  work: LaneWork,
): Promise<readonly LaneEnd[]> {
  const run = async (lane: Lane): Promise<LaneEnd> => {
    let wasAsked = false;
    const reason: unknown = await work(lane, () => {
      wasAsked = true;
    }).catch((error: unknown) => error);
    const end = { lane, reason, wasAsked };
    handle.ended(lane.place.lane);
    if (attempt.lanes.length === 1) return end;
    try {
      await conclusions.laneEnded(attempt, end);
      return end;
    } catch (error) {
      // What could not be recorded now is recorded with the end of the attempt, unless the call is another's by now.
      logger.warn({ err: error, callId: attempt.call.id }, 'the end of a lane could not be recorded yet');
      return error instanceof TransitionRefusedError ? { ...end, reason: error } : end;
    }
  };
  return Promise.all(attempt.lanes.map(run));
}
