/** Ends at the upstream what somebody cancelled here, and takes what was finished before that. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Closing, closingOf, closingOfError } from '../../billing/outcome.ts';
import type { Picture } from '../../domain/image.ts';
import {
  type CancelOutcome,
  type CancelResult,
  type ImageProvider,
  ProviderError,
  type ProviderRun,
} from '../../provider/image-provider.ts';
import { TransitionRefusedError } from '../../state/transitions.ts';
import { STILL_UPSTREAM } from '../endings/failures.ts';
import { InterruptedError } from './follow-upstream.ts';
import type { Task, TaskEnd } from './task.ts';

export interface UpstreamCanceller {
  /** Tells the upstream of each task that was interrupted, and waits for what it says. */
  end(ends: readonly TaskEnd[]): Promise<{
    /** What is known of each request now. */
    readonly closings: ReadonlyMap<TaskEnd, Closing>;
    /** How tasks ended that were not cancelled and brought no picture: they had failed before, or nobody could tell. */
    readonly failed: ReadonlyMap<TaskEnd, ProviderError>;
  }>;
}

export interface UpstreamCancellerOptions {
  readonly provider: Pick<ImageProvider, 'cancel' | 'retrieve'>;
  readonly openSink: ProviderRun<Picture | null>['openSink'];
  readonly logger: Logger;
}

/** The pauses before the upstream is told to cancel, or looked at, until its silence is taken as it is. */
const CANCEL_PAUSES_MS = [0, 250, 1_000];
const LOOK_PAUSES_MS = [0, 250, 500, 1_000];
const LAST_LOOK_TIMEOUT_MS = 60_000;

export function createUpstreamCanceller({ provider, openSink, logger }: UpstreamCancellerOptions): UpstreamCanceller {
  async function cancelTask(end: TaskEnd): Promise<Ended> {
    const { task, reason } = end;
    const { recorder, background } = task;
    const { responseId } = recorder;
    if (!(reason instanceof InterruptedError) || !end.wasAsked) return { closing: closingOf(end), error: null };
    if (!background || recorder.images.length > 0) return CANCELLED;
    // Without a name it cannot be told to stop.
    const answer = responseId === null ? null : await cancelUpstream(responseId);
    if (responseId === null || answer === null) return { closing: OUT_OF_SIGHT, error: null };
    if (NO_PICTURE_COMES.has(answer.outcome)) return { closing: { ...STOPPED, usage: answer.usage }, error: null };
    return lastLook(responseId, task);
  }

  async function cancelUpstream(responseId: string): Promise<CancelResult | null> {
    for (const pauseMs of CANCEL_PAUSES_MS) {
      await sleep(pauseMs);
      try {
        return await provider.cancel(responseId);
      } catch (error) {
        logger.warn({ responseId, reason: String(error) }, 'the upstream did not answer to a cancellation');
      }
    }
    return null;
  }

  /** Takes the picture that was finished before the cancellation, or finds out that there is none. */
  async function lastLook(responseId: string, task: Task): Promise<Ended> {
    const signal = AbortSignal.timeout(LAST_LOOK_TIMEOUT_MS);
    for (const pauseMs of LOOK_PAUSES_MS) {
      await sleep(pauseMs);
      const ended = await look(responseId, task, signal);
      if (ended !== null) return ended;
    }
    // It is not cancelled: the picture is looked for later, and kept with its call.
    return { closing: OUT_OF_SIGHT, error: new ProviderError(STILL_UPSTREAM, 'LOST', { responseId }) };
  }

  /** Looks once; null when that does not tell how it ended. */
  async function look(responseId: string, { recorder }: Task, signal: AbortSignal): Promise<Ended | null> {
    try {
      for await (const event of provider.retrieve(responseId, { signal, openSink }, recorder.known())) {
        if (event.type === 'running') return null;
        await recorder.take(event);
      }
      return CANCELLED;
    } catch (error) {
      if (error instanceof TransitionRefusedError) throw error;
      if (recorder.images.length > 0) return CANCELLED;
      if (error instanceof ProviderError && error.kind !== 'LOST') {
        return { closing: closingOfError(error), error: error.kind === 'ENDED' ? error : null };
      }
      logger.warn({ responseId, reason: String(error) }, 'how a response stands that was cancelled is not known yet');
      return null;
    }
  }

  return {
    async end(ends) {
      const outcomes = await Promise.all(ends.map(async (end) => ({ end, ...(await cancelTask(end)) })));
      return {
        closings: new Map(outcomes.map(({ end, closing }) => [end, closing])),
        failed: new Map(outcomes.flatMap(({ end, error }) => (error === null ? [] : [[end, error] as const]))),
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
const CANCELLED: Ended = { closing: STOPPED, error: null };

/** The upstream has stopped, or was told to, or knows of nothing. */
const NO_PICTURE_COMES: ReadonlySet<CancelOutcome> = new Set(['CANCELLED', 'RUNNING', 'GONE']);
