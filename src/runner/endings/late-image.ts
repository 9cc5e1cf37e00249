/**
 * Keeps an image that was found after its call had ended. The log of the call is closed and stays closed (promise 3): only
 * the call's images and the messages of its failures change.
 */
import { parseSettings } from '../../db/json.ts';
import type { AttemptRow } from '../../db/queries/engine/attempts.ts';
import { lockCall, updateCall } from '../../db/queries/engine/calls.ts';
import { findImagesOfCalls, insertImage } from '../../db/queries/images/images.ts';
import { deletionOfConversation } from '../../db/queries/trash.ts';
import type { GenerationFailure, ImageFailure } from '../../domain/generation/failure.ts';
import { type GenerationCall, missingImages } from '../../domain/generation/generation-call.ts';
import { timestamp } from '../clock.ts';
import type { RunnerContext } from '../options.ts';
import { generatedImage, type ImageEvent } from '../tasks/generated-image.ts';
import { firstFailure } from './finish-call.ts';

const ALL_FOUND =
  'The outcome was not known when the call ended. Its images were found later and are kept with the call.';
const SOME_FOUND = 'Some images were found later and are kept with the call.';

/** @param row the request that made the image */
export async function keepLateImage(
  { db, clock, logger }: Omit<RunnerContext, 'transitions'>,
  call: GenerationCall,
  row: AttemptRow,
  event: ImageEvent,
): Promise<void> {
  const { picture } = event;
  const imageIndex = row.task + event.imageIndex * call.request.count;
  const isReported = call.imageFailures.some((failure) => failure.imageIndex === imageIndex);
  // A cancelled call keeps no late images, paid for or not, except one whose outcome was reported as unknown.
  if (picture === null || (call.status === 'CANCELLED' && !isReported)) return;
  const image = generatedImage(call, event, picture, {
    id: clock.newId(),
    createdAt: timestamp(clock.nowMs()),
    imageIndex,
    api: 'RESPONSES',
    responseId: row.response_id,
    reported: row.reported === null ? null : parseSettings(row.reported),
  });
  await db.transaction().execute(async (transaction) => {
    const stored = await lockCall(transaction, call.id);
    if (stored === null) return;
    const failures = stored.imageFailures.filter((failure) => failure.imageIndex !== imageIndex);
    const deletedAt = await deletionOfConversation(transaction, call.principal, call.conversationId);
    await insertImage(transaction, { ...image, deletedAt });
    const missing = missingImages(stored.request, await findImagesOfCalls(transaction, stored.principal, [stored.id]));
    const failure = failureWithFound(stored.failure, failures, missing.length);
    await updateCall(transaction, call.id, {
      picture_failures: failures.length === 0 ? null : JSON.stringify(failures),
      failure: failure === null ? null : JSON.stringify(failure),
    });
  });
  logger.info({ callId: call.id, imageId: image.id }, 'an image was found after its call had ended');
}

/** The failure of a call of which images were found: nothing is left to retry, or what other images failed with. */
function failureWithFound(
  before: GenerationFailure | null,
  failures: readonly ImageFailure[],
  missing: number,
): GenerationFailure | null {
  if (before === null) return null;
  if (missing === 0) return { ...before, message: ALL_FOUND, retryable: false };
  const failure = firstFailure(failures) ?? before;
  return { ...failure, message: `${SOME_FOUND} ${failure.message}` };
}
