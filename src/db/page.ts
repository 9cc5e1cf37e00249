/**
 * Keyset pagination, the same for every list: ids are UUIDv7, so their order is the order of creation, and a page is a
 * range of the primary order that costs the same at any depth.
 */
import type { ReferenceExpression, SelectQueryBuilder } from 'kysely';

export interface Page {
  /** Rows behind this id in the list's direction. */
  readonly after?: string | undefined;
  /** Rows ahead of this id in the list's direction. */
  readonly before?: string | undefined;
  readonly limit: number;
  /** Read from the far end of the list (Relay's `last`). */
  readonly inverted: boolean;
  readonly direction: 'ASC' | 'DESC';
}

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

/** The page of several lists, put together from the page of each. */
export function firstOf<Row extends { readonly id: string }>(window: Page, rows: readonly Row[]): readonly Row[] {
  const sign = isAscending(window) ? 1 : -1;
  return rows.toSorted((a, b) => (a.id < b.id ? -sign : sign)).slice(0, window.limit);
}

/** Whether the rows are read by growing ids. */
function isAscending({ inverted, direction }: Pick<Page, 'inverted' | 'direction'>): boolean {
  return (direction === 'ASC') !== inverted;
}
