/** Ends at the upstream what somebody cancelled here, and takes what was finished before that. */
import type { Logger } from 'pino';
import type { Picture } from '../domain/image.ts';
import {
  type CancelAnswer,
  type CancelOutcome,
  type ImageProvider,
  ProviderError,
  type ProviderRun,
} from '../provider/image-provider.ts';
import { InterruptedError } from './attempt.ts';
import { type Closing, closingOf, closingOfError } from './closing.ts';
import type { Lane, LaneEnd } from './lane.ts';
import { TransitionRefusedError } from './transitions.ts';

export interface CancelledLanes {
  /** Tells the upstream of each lane that was interrupted, and waits for what it says. */
  end(ends: readonly LaneEnd[]): Promise<{
    /** What is known of each request now. */
    readonly closings: ReadonlyMap<LaneEnd, Closing>;
    /** Why a lane had failed before it was cancelled, if one had. */
    readonly error: ProviderError | null;
  }>;
}

export interface CancelledLanesOptions {
  readonly provider: Pick<ImageProvider, 'cancel' | 'retrieve'>;
  readonly openSink: ProviderRun<Picture | null>['openSink'];
  readonly logger: Logger;
}

/** How often the upstream is told to cancel before its silence is taken as it is. */
const CANCEL_TRIES = 3;
const LAST_LOOK_TIMEOUT_MS = 60_000;

export function createCancelledLanes({ provider, openSink, logger }: CancelledLanesOptions): CancelledLanes {
  async function endLane(end: LaneEnd): Promise<Ended> {
    const { lane, reason } = end;
    const { arrivals, background } = lane;
    const { responseId } = arrivals;
    if (!(reason instanceof InterruptedError) || !end.wasAsked) return { closing: closingOf(end), error: null };
    if (!background || arrivals.images.length > 0) return { closing: STOPPED, error: null };
    // Without a name it cannot be told to stop.
    const answer = responseId === null ? null : await cancelUpstream(responseId);
    if (responseId === null || answer === null) return { closing: OUT_OF_SIGHT, error: null };
    if (NO_PICTURE_COMES.has(answer.outcome)) return { closing: { ...STOPPED, usage: answer.usage }, error: null };
    return lastLook(responseId, lane);
  }

  async function cancelUpstream(responseId: string): Promise<CancelAnswer | null> {
    for (let tries = 0; tries < CANCEL_TRIES; tries += 1) {
      try {
        return await provider.cancel(responseId);
      } catch (error) {
        logger.warn({ responseId, reason: String(error) }, 'the upstream did not answer to a cancellation');
      }
    }
    return null;
  }

  /** Takes the picture that was finished before the cancellation; the error, when it had failed before that. */
  async function lastLook(responseId: string, { arrivals }: Lane): Promise<Ended> {
    const run = { signal: AbortSignal.timeout(LAST_LOOK_TIMEOUT_MS), openSink };
    try {
      for await (const event of provider.retrieve(responseId, run, arrivals.known())) {
        if (event.type !== 'running') await arrivals.take(event);
      }
      return { closing: STOPPED, error: null };
    } catch (error) {
      if (error instanceof TransitionRefusedError) throw error;
      if (!(error instanceof ProviderError)) return { closing: STOPPED, error: null };
      return { closing: closingOfError(error), error: error.standing === 'ENDED' ? error : null };
    }
  }

  return {
    async end(ends) {
      const outcomes = await Promise.all(ends.map(async (end) => ({ end, ...(await endLane(end)) })));
      return {
        closings: new Map(outcomes.map(({ end, closing }) => [end, closing])),
        error: outcomes.find(({ error }) => error !== null)?.error ?? null,
      };
    },
  };
}

interface Ended {
  readonly closing: Closing;
  readonly error: ProviderError | null;
}

/** Nothing more is to be learnt of it. Whether stopping it stopped its bill is for the upstream to say. */
const STOPPED: Closing = { event: 'settled', purchase: 'ALL', usage: null };
/** It may go on, for all that can be known here. */
const OUT_OF_SIGHT: Closing = { ...STOPPED, event: 'lost' };

/** The upstream has stopped, or was told to, or knows of nothing. */
const NO_PICTURE_COMES: ReadonlySet<CancelOutcome> = new Set(['CANCELLED', 'RUNNING', 'GONE']);
