/** What is said where there are no pictures: why, and what helps. */

import type { ListState } from './image-list.ts';
import { type Filters, isFiltered } from './search/filters.ts';

export interface EmptyProps {
  readonly state: ListState;
  readonly filters: Filters;
  /** Whether the first pictures are being made. */
  readonly hasFirst: boolean;
  clear(): void;
  retry(): void;
}

export function Empty({ state, filters, hasFirst, clear, retry }: EmptyProps) {
  const { images, isComplete, error } = state;
  if (error !== null) {
    return (
      <div className="empty" role="alert">
        <p>{error}</p>
        <button type="button" onClick={retry}>
          Try again
        </button>
      </div>
    );
  }
  if (images.length > 0 || hasFirst || !isComplete) return null;
  if (!isFiltered(filters)) {
    return (
      <div className="empty">
        <h2>There are no pictures yet.</h2>
        <p>Describe a picture below. It develops here, before your eyes.</p>
      </div>
    );
  }
  return (
    <div className="empty">
      <h2>{headingOf(filters)}</h2>
      <p>{hintOf(filters)}</p>
      <button type="button" onClick={clear}>
        Show all pictures
      </button>
    </div>
  );
}

function headingOf({ search }: Filters): string {
  return search.trim() === '' ? 'No picture is like that.' : `Nothing found for “${search.trim()}”.`;
}

function hintOf({ search, isFavorite, tags }: Filters): string {
  if (isFavorite) return 'The heart on a picture, or the key F, makes it a favourite.';
  if (tags.length > 1) return 'Only pictures with all of these tags are shown.';
  if (search.trim() !== '') return 'Every word must be in the prompt or the tags. Fewer words find more.';
  return 'Fewer filters show more.';
}
