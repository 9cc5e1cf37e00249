/** How a task ended: what it failed with, what became of its request, and how that is stored for another server. */
import { outcomeOfRequest, type RequestOutcome } from '../../billing/outcome.ts';
import type { GenerationFailure } from '../../domain/generation/failure.ts';
import { ProviderError, type ProviderErrorKind } from '../../provider/image-provider.ts';
import { InterruptedError } from '../tasks/interrupt.ts';
import type { Task } from '../tasks/task.ts';
import {
  failureOf,
  IMAGE_NEVER_ARRIVED,
  LOST_WITH_SERVER,
  NEVER_SENT,
  NO_IMAGE_MADE,
  OUT_OF_TIME_IN_BACKGROUND,
  TOO_FEW_IMAGES,
  TOO_SLOW,
} from './failures.ts';

export interface TaskEnd {
  readonly task: Task;
  /** What it threw; null when it ended well. */
  readonly error: unknown;
  /** False when its request was never sent: the upstream does not know of it. */
  readonly wasSent: boolean;
}

/** Why the images that the task did not bring are missing. */
export function failureOfTask({ task, error, wasSent }: TaskEnd): GenerationFailure {
  if (error instanceof InterruptedError) {
    if (error.interruption !== 'DEADLINE') return LOST_WITH_SERVER;
    if (!wasSent) return NEVER_SENT;
    return task.background ? OUT_OF_TIME_IN_BACKGROUND : TOO_SLOW;
  }
  if (error !== null) return failureOf(error);
  const { imagesMissing, images, text } = task.progress;
  if (imagesMissing) return { ...IMAGE_NEVER_ARRIVED, text };
  return { ...(images.length > 0 ? TOO_FEW_IMAGES : NO_IMAGE_MADE), text };
}

/** What the end of the task means for its request. */
export function outcomeOfTask({ task, error, wasSent }: TaskEnd): RequestOutcome {
  const { imagesMissing, imageUnreadable } = task.progress;
  return outcomeOfRequest({ error, wasSent, imagesMissing, imageUnreadable });
}

/** The JSON of the column `attempts.outcome`. */
interface StoredError {
  readonly failure: GenerationFailure;
  /** The error's kind. Databases of earlier versions have it under this key, so it stays. */
  readonly standing: ProviderErrorKind;
  /** Of an error about one. Databases of earlier versions have none. */
  readonly parameter?: string;
}

/** The error of a task as it is stored for another server; null when there is none to keep. */
export function storedError({ error }: TaskEnd): string | null {
  if (!(error instanceof ProviderError)) return null;
  const { failure, kind: standing, parameter } = error;
  const stored: StoredError = { failure, standing, ...(parameter !== null && { parameter }) };
  return JSON.stringify(stored);
}

/** The error of a task that ended before, from what was stored of it. */
export function errorFromStored(outcome: string | null): ProviderError | null {
  if (outcome === null) return null;
  const { failure, standing, parameter }: StoredError = JSON.parse(outcome);
  return new ProviderError(failure, standing, { parameter: parameter ?? null });
}
