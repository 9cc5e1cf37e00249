/**
 * Keyset pagination, the same for every list. Ids are UUIDv7, so they sort by creation. A page is a range of ids, which
 * costs the same at any depth.
 */
import type { ReferenceExpression, SelectQueryBuilder } from 'kysely';

export interface Page {
  /** Only rows after this id in the list's direction. */
  readonly after?: string | undefined;
  /** Only rows before this id in the list's direction. */
  readonly before?: string | undefined;
  readonly limit: number;
  /** Read from the end of the list (Relay's `last`). */
  readonly inverted: boolean;
  readonly direction: 'ASC' | 'DESC';
}

/** Restricts a query to a page of ids, in the order in which they are read: reversed when `inverted`. */
export function page<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  id: ReferenceExpression<DB, TB> & string,
  { after, before, limit, inverted, direction }: Page,
): SelectQueryBuilder<DB, TB, O> {
  const behind = direction === 'ASC' ? '>' : '<';
  const ahead = direction === 'ASC' ? '<' : '>';
  const order = isAscending({ inverted, direction }) ? 'asc' : 'desc';
  let ranged = query;
  if (after !== undefined) ranged = ranged.where(id, behind, after as never);
  if (before !== undefined) ranged = ranged.where(id, ahead, before as never);
  return ranged.orderBy(id as never, order).limit(limit);
}

/** Merges the pages of several lists into the page of all. */
export function firstOf<Row extends { readonly id: string }>(window: Page, rows: readonly Row[]): readonly Row[] {
  const sign = isAscending(window) ? 1 : -1;
  return rows.toSorted((a, b) => (a.id < b.id ? -sign : sign)).slice(0, window.limit);
}

/** Whether rows are read by ascending id. */
function isAscending({ inverted, direction }: Pick<Page, 'inverted' | 'direction'>): boolean {
  return (direction === 'ASC') !== inverted;
}
