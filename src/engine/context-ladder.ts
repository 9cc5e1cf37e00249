/**
 * How the upstream is told which pictures to work from, best way first. A response's id is the cheapest and keeps the
 * whole conversation; our own bytes always work, whatever the upstream has forgotten (UPSTREAM: "Conversation state").
 */
import type { GenerationCall, RefineRoute } from '../domain/generation-call.ts';
import type { Image } from '../domain/image.ts';

export type ContextRung =
  | { readonly route: 'PREVIOUS_RESPONSE'; readonly responseId: string }
  | { readonly route: 'CONTEXT_ITEMS'; readonly itemIds: readonly string[] }
  | { readonly route: 'IMAGE_BYTES'; readonly images: readonly Image[] };

/** A picture to build upon, with the call that made it and how many pictures that call has. */
export interface Source {
  readonly image: Image;
  readonly call: GenerationCall | null;
  readonly siblings: number;
}

/**
 * The rungs to try in turn; each one is taken only when the upstream says that it no longer knows what the one before
 * it named. Never empty.
 * @param upstream the upstream that will be asked: ids of another one mean nothing to it
 */
export function contextLadder(source: Source, upstream: string): readonly [ContextRung, ...ContextRung[]] {
  const bytes: ContextRung = { route: 'IMAGE_BYTES', images: [source.image] };
  const { image, call, siblings } = source;
  if (call === null || call.upstream !== upstream) return [bytes];
  // With several pictures in the response, its id alone does not say which one is meant.
  if (siblings > 1) {
    return image.itemId === null ? [bytes] : [{ route: 'CONTEXT_ITEMS', itemIds: [image.itemId] }, bytes];
  }
  return call.responseId === null ? [bytes] : [{ route: 'PREVIOUS_RESPONSE', responseId: call.responseId }, bytes];
}

/** What the next rung does, for the person who watches. */
export const RUNG_REASONS: Readonly<Record<RefineRoute, string>> = {
  PREVIOUS_RESPONSE: 'The upstream is asked to go on from its own earlier response.',
  CONTEXT_ITEMS: 'The upstream is asked to go on from its own earlier picture.',
  IMAGE_BYTES: 'The upstream no longer has the earlier picture: its bytes are sent along this time.',
};
