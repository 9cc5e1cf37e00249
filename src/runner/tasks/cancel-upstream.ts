/** Cancels requests at the upstream, and keeps the images that were finished before that. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { outcomeOfError, type RequestOutcome } from '../../billing/outcome.ts';
import {
  type CancelOutcome,
  type CancelResult,
  type ImageProvider,
  ProviderError,
} from '../../provider/image-provider.ts';
import { TransitionRefusedError } from '../../state/transitions.ts';
import { CANCELLED_TOO_LATE } from '../endings/failures.ts';
import { outcomeOfTask, type TaskEnd } from '../endings/task-end.ts';
import type { OpenSink } from '../options.ts';
import { InterruptedError } from './interrupt.ts';
import type { Task } from './task.ts';

export interface UpstreamCancelContext {
  readonly provider: Pick<ImageProvider, 'cancel' | 'retrieve'>;
  readonly openSink: OpenSink;
  readonly logger: Logger;
}

/** What is known of a request after its cancellation. */
export interface TaskCancelResult {
  readonly outcome: RequestOutcome;
  /** The error of a task that was not cancelled: it had failed before, or its end is not known. Null otherwise. */
  readonly error: ProviderError | null;
}

/** The pauses before each try to cancel, and before each look at the response, in milliseconds. */
const CANCEL_PAUSES_MS = [0, 250, 1_000];
const LOOK_PAUSES_MS = [0, 250, 500, 1_000];
const LOOK_TIMEOUT_MS = 60_000;

/** Nothing more can be learnt of it. Whether cancelling stops the bill is not known. */
const STOPPED: RequestOutcome = { event: 'settled', purchase: 'ALL', usage: null };
/** It may still be running. */
const UNKNOWN: RequestOutcome = { ...STOPPED, event: 'lost' };
const CANCELLED: TaskCancelResult = { outcome: STOPPED, error: null };

/** The upstream has stopped, was told to stop, or does not know the response. */
const NO_IMAGE_WILL_COME: ReadonlySet<CancelOutcome> = new Set(['CANCELLED', 'RUNNING', 'GONE']);

/** Cancels the request of a task that was interrupted, unless it has ended before, and waits for the answer. */
export async function cancelTask(context: UpstreamCancelContext, end: TaskEnd): Promise<TaskCancelResult> {
  const { task, error, wasSent } = end;
  if (!(error instanceof InterruptedError) || !wasSent) return { outcome: outcomeOfTask(end), error: null };
  if (!task.background || task.progress.images.length > 0) return CANCELLED;
  const { responseId } = task.progress;
  // Without an id the upstream cannot be told to stop.
  const answer = responseId === null ? null : await cancelResponse(context, responseId);
  if (responseId === null || answer === null) return { outcome: UNKNOWN, error: null };
  if (NO_IMAGE_WILL_COME.has(answer.outcome)) return { outcome: { ...STOPPED, usage: answer.usage }, error: null };
  return fetchFinished(context, responseId, task);
}

async function cancelResponse(
  { provider, logger }: UpstreamCancelContext,
  responseId: string,
): Promise<CancelResult | null> {
  for (const pauseMs of CANCEL_PAUSES_MS) {
    await sleep(pauseMs);
    try {
      return await provider.cancel(responseId);
    } catch (error) {
      logger.warn({ responseId, reason: String(error) }, 'the upstream did not answer a cancellation');
    }
  }
  return null;
}

/** Fetches the image that was finished before the cancellation, or finds out that there is none. */
async function fetchFinished(
  context: UpstreamCancelContext,
  responseId: string,
  task: Task,
): Promise<TaskCancelResult> {
  const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
  for (const pauseMs of LOOK_PAUSES_MS) {
    await sleep(pauseMs);
    const result = await lookOnce(context, responseId, task, signal);
    if (result !== null) return result;
  }
  // It is not reported as cancelled: reconciliation looks for the image later and keeps it with its call.
  return { outcome: UNKNOWN, error: new ProviderError(CANCELLED_TOO_LATE, 'LOST', { responseId }) };
}

/** @returns null when this look did not tell how the response ended */
async function lookOnce(
  { provider, openSink, logger }: UpstreamCancelContext,
  responseId: string,
  { progress, recorder }: Task,
  signal: AbortSignal,
): Promise<TaskCancelResult | null> {
  try {
    for await (const event of provider.retrieve(responseId, { signal, openSink }, progress.knownPictures())) {
      if (event.type === 'running') return null;
      await recorder.record(event);
    }
    return CANCELLED;
  } catch (error) {
    if (error instanceof TransitionRefusedError) throw error;
    if (progress.images.length > 0) return CANCELLED;
    if (error instanceof ProviderError && error.kind !== 'LOST') {
      const outcome = outcomeOfError(error, progress.imageUnreadable);
      return { outcome, error: error.kind === 'ENDED' ? error : null };
    }
    logger.warn({ responseId, reason: String(error) }, 'how a cancelled response ended is not known yet');
    return null;
  }
}
