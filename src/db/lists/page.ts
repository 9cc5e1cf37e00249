/**
 * Keyset pagination, the same for every list. A page is a range of what the list is sorted by, which costs the same at any
 * depth. Ids are UUIDv7, so they sort by creation.
 */
import type { ReferenceExpression, SelectQueryBuilder } from 'kysely';

/**
 * What a list is sorted by, and what its places are: the id, a time with the id (`2026-11-28T12:00:00.000Z~<id>`), the
 * creation of what a search found, or how well it fits (found-page.ts).
 */
export type SortedBy = 'id' | 'time' | 'found' | 'relevance';

export interface Page {
  /** Only rows after this place in the list's direction. */
  readonly after?: string | undefined;
  /** Only rows before this place in the list's direction. */
  readonly before?: string | undefined;
  readonly limit: number;
  /** Read from the end of the list (Relay's `last`). */
  readonly inverted: boolean;
  readonly direction: 'ASC' | 'DESC';
  /** Ids by default. */
  readonly sortedBy?: SortedBy | undefined;
}

/** A row with its place in a list that is not sorted by ids. */
export type Placed<Row> = Row & { readonly place?: string };

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

/** Whether rows are read in ascending order. */
export function isAscending({ inverted, direction }: Pick<Page, 'inverted' | 'direction'>): boolean {
  return (direction === 'ASC') !== inverted;
}

/** How far apart the time in a UUIDv7 and the time that is stored beside it can be: clocks are set while servers run. */
const CLOCK_SLACK_MS = 60_000;

/** A range of ids, which has all rows that were created within a range of times, and a few more. */
export function idsCreatedBetween(
  after: string | undefined,
  before: string | undefined,
): { readonly from?: string; readonly to?: string } {
  return {
    ...(after === undefined ? {} : { from: firstIdAt(Date.parse(after) - CLOCK_SLACK_MS) }),
    ...(before === undefined ? {} : { to: firstIdAt(Date.parse(before) + CLOCK_SLACK_MS) }),
  };
}

/** What UUIDv7 of this time begin with; text that sorts before all of them. */
function firstIdAt(ms: number): string {
  const digits = Math.max(0, ms).toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}`;
}
