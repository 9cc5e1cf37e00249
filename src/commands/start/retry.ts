/** Prepares the retry of a call: a new call for the images that the old one did not bring. */

import type { Database } from '../../db/database.ts';
import { hasDeletedInputs } from '../../db/queries/deleted-inputs.ts';
import { findSourcesOfCalls } from '../../db/queries/images/call-sources.ts';
import { findImagesOfCalls } from '../../db/queries/images/images.ts';
import { NotRetryableError } from '../../domain/errors.ts';
import { missingImages } from '../../domain/generation/generation-call.ts';
import { refuseIfAny } from '../../domain/generation/generation-input.ts';
import { impliedSource, namedOf } from '../../runner/requests/sources.ts';
import { conversationInTrash, refuseTrashed, requireCall, requireImages } from '../references.ts';
import { refuseSecondRetry } from './accept-call.ts';
import { keyErrors } from './field-errors.ts';
import type { NewCall, RetryInput } from './inputs.ts';
import type { RequestValidator } from './validate.ts';

/**
 * The new call has the request, sources and context of the old one.
 * @throws {InvalidInputError} {NotFoundError} the call, or an image that it needs · {UnsupportedOptionError} · {InTrashError} the
 * same, in the trash · {NotRetryableError} the call has not ended, or all of its images exist · {RetryUnderWayError} another
 * retry of the call is open
 */
export async function retryOf(
  db: Database,
  validator: Pick<RequestValidator, 'refuseUnsupported'>,
  principal: string,
  { callId, idempotencyKey, errors }: RetryInput,
): Promise<NewCall> {
  refuseIfAny([...errors, ...keyErrors(idempotencyKey)]);
  const call = await requireCall(db, principal, callId);
  if (call.deletedAt !== null) throw conversationInTrash('callId', call.conversationId);
  const count = missingImages(call.request, await findImagesOfCalls(db, principal, [callId])).length;
  if (call.completedAt === null || count === 0) throw new NotRetryableError(call.status);
  // Without them, the upstream would be asked for something else, and paid for it.
  if (await hasDeletedInputs(db, principal, callId)) throw new NotRetryableError(call.status, true);
  // Asked again in the transaction that stores the call. Here it spares the images of this minute (RATE_IMAGES_PER_MINUTE).
  await refuseSecondRetry(db, principal, callId);
  const sources = namedOf(await findSourcesOfCalls(db, principal, [callId]));
  const request = { ...call.request, count };
  const implied = sources.length > 0 ? null : await impliedSource(db, call);
  const { maskImageId, markupImageId } = request;
  await refuseTrashed(db, 'callId', implied === null ? sources : [implied]);
  await requireImages(
    db,
    principal,
    'callId',
    [maskImageId, markupImageId].filter((id) => id !== null),
  );
  validator.refuseUnsupported(request, implied === null ? sources : [implied]);
  const { conversationId, context } = call;
  return { request, conversationId, sources, context, retryOf: callId, idempotencyKey };
}
