/**
 * How the upstream is told which images to work from, best strategy first. The id of a response is the cheapest and keeps
 * the whole conversation. Our own bytes always work, even when the upstream has deleted everything.
 */
import type { RefineRoute } from '../../domain/generation/generation-call.ts';
import type { Image } from '../../domain/images/image.ts';

export type ContextStrategy =
  | { readonly route: 'PREVIOUS_RESPONSE'; readonly responseId: string }
  | { readonly route: 'CONTEXT_ITEMS'; readonly itemIds: readonly string[] }
  | { readonly route: 'IMAGE_BYTES'; readonly images: readonly Image[] };

/** The images to build upon, and what the upstream may still know of the first. */
export interface Sources {
  readonly images: readonly Image[];
  /** The upstream that made the first image; null for an upload. */
  readonly madeBy: string | null;
  /** How many images the response has that made the first one. */
  readonly siblings: number;
}

/**
 * The strategies to try in turn. Each is used only when the upstream says that it no longer knows the ids that the one
 * before it named. Empty when there is nothing to build upon.
 * @param upstream identifies the upstream that will be asked, since ids of another one mean nothing to it; null when it
 * keeps no responses
 */
export function contextStrategies(
  { images, madeBy, siblings }: Sources,
  upstream: string | null,
): readonly ContextStrategy[] {
  const [image] = images;
  if (image === undefined) return [];
  const bytes: ContextStrategy = { route: 'IMAGE_BYTES', images };
  // One response holds at most one of several sources: the others would have to be sent besides.
  if (images.length > 1 || madeBy === null || madeBy !== upstream) return [bytes];
  // When the response made several images, its id alone does not say which one is meant.
  if (siblings > 1) {
    return image.itemId === null ? [bytes] : [{ route: 'CONTEXT_ITEMS', itemIds: [image.itemId] }, bytes];
  }
  return image.responseId === null ? [bytes] : [{ route: 'PREVIOUS_RESPONSE', responseId: image.responseId }, bytes];
}

/** Why a call is retried with this strategy, as `GenerationRetrying` tells it. */
export const STRATEGY_REASONS: Readonly<Record<RefineRoute, string>> = {
  PREVIOUS_RESPONSE: 'The next attempt continues from the upstream’s own earlier response.',
  CONTEXT_ITEMS: 'The next attempt continues from the upstream’s own earlier image.',
  IMAGE_BYTES: 'The upstream no longer has the earlier image, so the next attempt sends its bytes.',
};
