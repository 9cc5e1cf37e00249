/**
 * How a call ends that is not cancelled. An image that is stored counts: a call with any image is completed, whatever went
 * wrong afterwards. One without fails for the same reason as its first missing image.
 */
import type { Database, DatabaseTransaction } from '../../db/database.ts';
import { lockCall, updateCall } from '../../db/queries/engine/calls.ts';
import { findImagesOfCalls } from '../../db/queries/images/images.ts';
import type { GenerationFailure, ImageFailure } from '../../domain/generation/failure.ts';
import type { GenerationCall } from '../../domain/generation/generation-call.ts';
import type { Image } from '../../domain/images/image.ts';
import type { RecordOptions, Transitions } from '../../state/transitions.ts';
import { NO_IMAGE_MADE } from './failures.ts';

export interface FinishContext {
  readonly db: Database;
  readonly transitions: Transitions;
}

/**
 * Records the terminal event: completed or failed.
 * @param failuresOf the images that are missing; asked only when there is no image
 */
export async function finishCall(
  { db, transitions }: FinishContext,
  call: GenerationCall,
  failuresOf: () => Promise<readonly ImageFailure[]>,
  options: Omit<RecordOptions, 'change'>,
): Promise<void> {
  const images = await imagesOfCall(db, call);
  if (images.length > 0) {
    const imageIds = images.map(({ id }) => id);
    await transitions.record(call.id, { type: 'GenerationCompleted', imageIds }, options);
    return;
  }
  const failure = firstFailure(await failuresOf()) ?? NO_IMAGE_MADE;
  const change = { failure: JSON.stringify(failure) };
  await transitions.record(call.id, { type: 'GenerationFailed', failure }, { ...options, change });
}

/** Records that one of several images will not come, with its event. */
export async function recordImageFailure(
  transitions: Transitions,
  callId: string,
  imageFailure: ImageFailure,
  options: Omit<RecordOptions, 'change'>,
): Promise<void> {
  await transitions.record(
    callId,
    { type: 'ImageFailed', ...imageFailure },
    {
      ...options,
      async also(transaction, at) {
        await addImageFailure(transaction, callId, imageFailure);
        await options.also?.(transaction, at);
      },
    },
  );
}

/** Tasks can fail at the same time: each adds its failure to those that are stored by then. */
async function addImageFailure(transaction: DatabaseTransaction, callId: string, added: ImageFailure): Promise<void> {
  const stored = (await lockCall(transaction, callId))?.imageFailures ?? [];
  await updateCall(transaction, callId, { picture_failures: JSON.stringify([...stored, added]) });
}

/** The failure of the first missing image; null when there is none. */
export function firstFailure(failures: readonly ImageFailure[]): GenerationFailure | null {
  return failures.toSorted((a, b) => a.imageIndex - b.imageIndex)[0]?.failure ?? null;
}

/** All images of the call, those of earlier attempts included. */
export function imagesOfCall(db: Database, { id, principal }: GenerationCall): Promise<readonly Image[]> {
  return findImagesOfCalls(db, principal, [id]);
}
