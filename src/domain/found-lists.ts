/**
 * Which lists the search index finds: those with words to search for, and those with several restrictions. By the
 * restrictions together, the index finds the rows without reading those that have only some of them.
 */
import { searchTerms } from './search-words.ts';

export interface SearchedList {
  readonly search?: string | null | undefined;
  readonly origin?: string | undefined;
  readonly favorite?: boolean | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly formats?: readonly string[] | undefined;
  readonly models?: readonly string[] | undefined;
  readonly kind?: string | undefined;
  readonly statuses?: readonly string[] | undefined;
}

/** Whether the list is found by the index, and so sorted by the places there. */
export function isFoundByIndex(filter: SearchedList): boolean {
  const { origin, favorite, formats, models, kind, statuses, tags = [] } = filter;
  const single = [origin, favorite, formats, models, kind, statuses].filter((value) => value !== undefined);
  return hasWords(filter) || single.length + tags.length > 1;
}

/** Whether there is something to search for. */
export function hasWords({ search }: SearchedList): boolean {
  return searchTerms(search ?? '').length > 0;
}

/** The conversation of a list that is restricted to it, and to nothing else; null for other lists. */
export function onlyConversationOf(filter: { readonly conversationId?: string | undefined }): string | null {
  const given = Object.values(filter).filter((value) => value !== undefined);
  return given.length === 1 ? (filter.conversationId ?? null) : null;
}
