/**
 * How the upstream is told which pictures to work from, best way first. A response's id is the cheapest and keeps the
 * whole conversation; our own bytes always work, whatever the upstream has forgotten (UPSTREAM: "Conversation state").
 */
import type { RefineRoute } from '../domain/generation-call.ts';
import type { Image } from '../domain/image.ts';

export type ContextStrategy =
  | { readonly route: 'PREVIOUS_RESPONSE'; readonly responseId: string }
  | { readonly route: 'CONTEXT_ITEMS'; readonly itemIds: readonly string[] }
  | { readonly route: 'IMAGE_BYTES'; readonly images: readonly Image[] };

/** Pictures to build upon, and what the upstream may still know of the first. */
export interface Sources {
  readonly images: readonly Image[];
  /** The upstream that made the first one; null for an upload. */
  readonly madeBy: string | null;
  /** How many pictures the response has that made the first one. */
  readonly siblings: number;
}

/**
 * The strategies to try in turn; each one is taken only when the upstream says that it no longer knows what the one before
 * it named. Empty when there is nothing to build upon.
 * @param upstream the upstream that will be asked: ids of another one mean nothing to it; null when it keeps nothing
 */
export function contextStrategies(
  { images, madeBy, siblings }: Sources,
  upstream: string | null,
): readonly ContextStrategy[] {
  const [image] = images;
  if (image === undefined) return [];
  const bytes: ContextStrategy = { route: 'IMAGE_BYTES', images };
  // One response holds one of several pictures at most: the others would have to go along with it.
  if (images.length > 1 || madeBy === null || madeBy !== upstream) return [bytes];
  // With several pictures in the response, its id alone does not say which one is meant.
  if (siblings > 1) {
    return image.itemId === null ? [bytes] : [{ route: 'CONTEXT_ITEMS', itemIds: [image.itemId] }, bytes];
  }
  return image.responseId === null ? [bytes] : [{ route: 'PREVIOUS_RESPONSE', responseId: image.responseId }, bytes];
}

/** What the next strategy does, for the person who watches. */
export const STRATEGY_REASONS: Readonly<Record<RefineRoute, string>> = {
  PREVIOUS_RESPONSE: 'The upstream is asked to go on from its own earlier response.',
  CONTEXT_ITEMS: 'The upstream is asked to go on from its own earlier picture.',
  IMAGE_BYTES: 'The upstream no longer has the earlier picture: its bytes are sent along this time.',
};
