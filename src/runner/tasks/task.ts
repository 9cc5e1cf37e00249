/**
 * One request of an attempt. Most attempts have one; several pictures that cannot be asked for together are asked for
 * side by side, each in a task of its own that ends on its own.
 */
import type { AttemptPlace } from '../../db/queries/attempts.ts';
import type { GenerationFailure, ImageFailure } from '../../domain/failure.ts';
import type { GenerationCall } from '../../domain/generation-call.ts';
import { type ProviderApi, ProviderError, type ProviderErrorKind } from '../../provider/image-provider.ts';
import type { AttemptEvent } from '../../state/machine.ts';
import type { Writer } from '../../state/transitions.ts';
import type { ContextStrategy } from '../context-strategies.ts';
import {
  failureOf,
  GAVE_UP,
  LOST_WITH_SERVER,
  NEVER_ASKED,
  NO_PICTURE_CAME,
  PICTURE_NEVER_CAME,
  TOO_FEW_PICTURES,
  TOO_SLOW,
} from '../endings/failures.ts';
import { type Attempt, InterruptedError } from './follow-upstream.ts';
import type { EventRecorder } from './record-events.ts';

export interface Task {
  readonly place: AttemptPlace;
  readonly api: ProviderApi;
  /** The pictures of the call that it is to bring, by their numbers. */
  readonly asked: readonly number[];
  readonly background: boolean;
  readonly recorder: EventRecorder;
  readonly attempt: Attempt;
}

/** An attempt as it is worked on. */
export interface RunningAttempt {
  readonly call: GenerationCall;
  readonly writer: Writer;
  readonly tasks: readonly Task[];
  /** The strategy to go down to when the upstream has forgotten what this attempt's one names. */
  readonly next: ContextStrategy | null;
  /** Forgets the files that its requests named. */
  readonly forgetFiles: () => Promise<void>;
}

/** How a task ended. */
export interface TaskEnd {
  readonly task: Task;
  /** What it threw; null when it ended well. */
  readonly reason: unknown;
  /** False when its request was not put together: the upstream knows nothing of it. */
  readonly wasAsked: boolean;
}

/** Whether its request surely bought nothing. */
export function boughtNothing({ reason, wasAsked }: TaskEnd): boolean {
  if (reason instanceof ProviderError) return reason.nothingBought;
  return !wasAsked;
}

/** The numbers of the pictures that a task was to bring and did not. */
export function missingOf({ asked, recorder }: Task): readonly number[] {
  const there = new Set(recorder.images.map(({ imageIndex }) => imageIndex));
  // Bytes decide: where one picture was asked for and one came, under whatever number, none is missing.
  return asked.length === 1 && there.size > 0 ? [] : asked.filter((index) => !there.has(index));
}

/** Why the pictures that are missing did not come. */
export function failureOfTask({ task, reason, wasAsked }: TaskEnd): GenerationFailure {
  if (reason instanceof InterruptedError) {
    if (reason.why === 'DEADLINE') return !wasAsked ? NEVER_ASKED : task.background ? GAVE_UP : TOO_SLOW;
    return LOST_WITH_SERVER;
  }
  if (reason !== null) return failureOf(reason);
  const { imagesMissing, images, text } = task.recorder;
  if (imagesMissing) return { ...PICTURE_NEVER_CAME, text };
  return { ...(images.length > 0 ? TOO_FEW_PICTURES : NO_PICTURE_CAME), text };
}

/** Of several pictures that did not come, the failure of the first one is that of the call. */
export function failureOfFirst(failures: readonly ImageFailure[]): GenerationFailure {
  const [first] = failures.toSorted((a, b) => a.imageIndex - b.imageIndex);
  return first?.failure ?? NO_PICTURE_CAME;
}

/** What the end of a task says of its request. */
export function eventOfTask(end: TaskEnd): AttemptEvent {
  const { reason } = end;
  if (reason === null || boughtNothing(end)) return 'settled';
  if (reason instanceof ProviderError) return reason.kind === 'LOST' ? 'lost' : 'settled';
  // An error of this server, most likely a picture that could not be stored: the upstream may have it.
  return 'lost';
}

interface StoredOutcome {
  readonly failure: GenerationFailure;
  readonly standing: ProviderErrorKind;
}

/** The end of a task as it is stored, for a server that comes later; null when there is nothing to tell. */
export function storedOutcome({ reason }: TaskEnd): string | null {
  if (!(reason instanceof ProviderError)) return null;
  const outcome: StoredOutcome = { failure: reason.failure, standing: reason.kind };
  return JSON.stringify(outcome);
}

/** What an ended task threw, from what was stored of it. */
export function reasonFromStored(outcome: string | null): ProviderError | null {
  if (outcome === null) return null;
  const { failure, standing }: StoredOutcome = JSON.parse(outcome);
  return new ProviderError(failure, standing);
}
