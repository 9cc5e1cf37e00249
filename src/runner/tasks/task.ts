/**
 * One request of an attempt. Most attempts have one. Several images that cannot be asked for in one request are asked for
 * in parallel, each by a task of its own that ends on its own.
 */
import type { AttemptKey } from '../../db/queries/attempts.ts';
import type { GenerationCall } from '../../domain/generation/generation-call.ts';
import type { ProviderApi } from '../../provider/image-provider.ts';
import type { Writer } from '../../state/transitions.ts';
import type { ContextStrategy } from '../requests/context-strategies.ts';
import type { UpstreamFollower } from './follow-upstream.ts';
import type { EventRecorder } from './record-events.ts';
import type { TaskProgress } from './task-progress.ts';

export interface Task {
  readonly key: AttemptKey;
  readonly api: ProviderApi;
  /** The indexes, in the call, of the images that it asks for. */
  readonly imageIndexes: readonly number[];
  readonly background: boolean;
  readonly progress: TaskProgress;
  readonly recorder: EventRecorder;
  readonly follower: UpstreamFollower;
}

/** An attempt while it runs. */
export interface RunningAttempt {
  readonly call: GenerationCall;
  readonly writer: Writer;
  readonly tasks: readonly Task[];
  /** The strategy for the next attempt, for when the upstream no longer knows the ids that this one names. */
  readonly nextStrategy: ContextStrategy | null;
  /** Forgets the uploaded files that its requests named. */
  readonly forgetFiles: () => Promise<void>;
}

/** The images that the task asked for and that did not arrive, by their indexes in the call. */
export function missingImagesOf({ imageIndexes, progress }: Task): readonly number[] {
  // Where one image was asked for, any image that arrives is it, whatever its index.
  if (imageIndexes.length === 1 && progress.images.length > 0) return [];
  return imageIndexes.filter((imageIndex) => !progress.hasImage(imageIndex));
}
