/** Ends at the upstream what somebody cancelled here, and takes what was finished before that. */
import type { Logger } from 'pino';
import type { GenerationFailure } from '../domain/failure.ts';
import type { Picture } from '../domain/image.ts';
import { type CancelOutcome, type ImageProvider, ProviderError, type ProviderRun } from '../provider/image-provider.ts';
import { InterruptedError } from './attempt.ts';
import { eventOfLane, type Lane, type LaneEnd } from './lane.ts';
import type { AttemptEvent } from './machine.ts';
import { TransitionRefusedError } from './transitions.ts';

export interface CancelledLanes {
  /** Tells the upstream of each lane that was interrupted, and waits for what it says. */
  end(ends: readonly LaneEnd[]): Promise<{
    /** What is known of each request now. */
    readonly events: ReadonlyMap<LaneEnd, AttemptEvent>;
    /** Why a lane had failed before it was cancelled, if one had. */
    readonly failure: GenerationFailure | null;
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
  async function endLane(end: LaneEnd): Promise<{ event: AttemptEvent; failure: GenerationFailure | null }> {
    const { lane, reason } = end;
    const { arrivals, background } = lane;
    const { responseId } = arrivals;
    if (!(reason instanceof InterruptedError) || !end.wasAsked) return { event: eventOfLane(end), failure: null };
    if (!background || arrivals.images.length > 0) return { event: 'settled', failure: null };
    // Without a name it cannot be told to stop.
    if (responseId === null) return { event: 'lost', failure: null };
    const outcome = await cancelUpstream(responseId);
    if (outcome === null) return { event: 'lost', failure: null };
    return { event: 'settled', failure: STOPPED.has(outcome) ? null : await lastLook(responseId, lane) };
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
  async function lastLook(responseId: string, { arrivals }: Lane): Promise<GenerationFailure | null> {
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
    async end(ends) {
      const outcomes = await Promise.all(ends.map(async (end) => ({ end, ...(await endLane(end)) })));
      return {
        events: new Map(outcomes.map(({ end, event }) => [end, event])),
        failure: outcomes.find(({ failure }) => failure !== null)?.failure ?? null,
      };
    },
  };
}

/** The upstream has stopped, or was told to, or knows of nothing: no picture will come. */
const STOPPED: ReadonlySet<CancelOutcome> = new Set(['CANCELLED', 'RUNNING', 'GONE']);
