/** The images that a call builds upon, and the ways to tell the upstream which they are. */

import type { Database } from '../../db/database.ts';
import { findCall } from '../../db/queries/engine/calls.ts';
import { findImages, findImagesOfCalls, newestImage } from '../../db/queries/images/images.ts';
import type { GenerationCall } from '../../domain/generation/generation-call.ts';
import type { Image } from '../../domain/images/image.ts';
import { type ContextStrategy, contextStrategies } from './context-strategies.ts';
import type { ApiPolicy } from './plan.ts';

/** What the choice of a context strategy needs to know of the upstream. */
export interface UpstreamTraits {
  /** Identifies the upstream. Its response ids are never sent to another one. */
  readonly upstream: string;
  /** Whether the upstream stores responses, so that a later request can refer to them by id. */
  readonly retainsResponses: boolean;
  readonly policy: ApiPolicy;
}

/**
 * The image that a call without sources builds upon: the newest one of its conversation, until the first attempt fixes
 * the choice. Null when there is none.
 */
export async function impliedSource(
  db: Database,
  { principal, conversationId, context }: Pick<GenerationCall, 'principal' | 'conversationId' | 'context'>,
): Promise<Image | null> {
  if (context.isOpen) return newestImage(db, principal, conversationId);
  if (context.imageId === null) return null;
  return (await findImages(db, principal, [context.imageId]))[0] ?? null;
}

/** The sources that the client named. */
export function namedOf(sources: readonly { readonly image: Image; readonly isImplied: boolean }[]): readonly Image[] {
  return sources.filter(({ isImplied }) => !isImplied).map(({ image }) => image);
}

/**
 * The strategies to try in turn for these images, best first.
 * @param sendsBytes whether the request needs the bytes of its first image, because it has a mask or markup for it
 */
export async function strategiesFor(
  db: Database,
  { principal, sendsBytes, images }: { principal: string; sendsBytes: boolean; images: readonly Image[] },
  { upstream, retainsResponses, policy }: UpstreamTraits,
): Promise<readonly ContextStrategy[]> {
  // Only the Responses API can refer to earlier responses.
  const knownUpstream = retainsResponses && policy !== 'IMAGES' ? upstream : null;
  const [image] = images;
  // A mask or markup applies to an image that is sent with the request. With an earlier response, it is not defined which
  // image it would apply to.
  if (image === undefined || image.callId === null || sendsBytes) {
    return contextStrategies({ images, madeBy: null, siblings: 0 }, knownUpstream);
  }
  const madeBy = await findCall(db, image.callId);
  const made = await findImagesOfCalls(db, principal, [image.callId]);
  const siblings = made.filter(({ responseId }) => responseId === image.responseId).length;
  return contextStrategies({ images, madeBy: madeBy?.upstream ?? null, siblings }, knownUpstream);
}
