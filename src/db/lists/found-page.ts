/**
 * Pages of what a search found: in the order of creation, or the best first. How well a row fits is known only when it has been
 * looked at, and there can be a million of them. So the newest matches are sorted by it, and the older ones follow in the
 * order of their creation. A cursor holds the range of the matches that were sorted, so that the pages of a client are of one
 * list, whatever is created meanwhile (docs/decisions/2026-11-28-full-text-search.md).
 */
import type { SelectQueryBuilder } from 'kysely';
import type { Database } from '../database.ts';
import {
  type FoundRange,
  type FoundRow,
  type FoundTable,
  type PlaceRange,
  type SearchQuery,
  searchDriverOf,
} from '../search.ts';
import { isAscending, type Page } from './page.ts';

/** Matches that are sorted by relevance: the newest ones. */
export const MAX_SORTED_MATCHES = 1_000;

/** The columns to select. */
export const FOUND = ['found.id', 'found.place', 'found.length'] as const;

/** Restricts a query for matches to a range. */
function inRange<DB extends { found: FoundRow }, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  { above, below, order, limit }: FoundRange,
): SelectQueryBuilder<DB, TB, O> {
  let ranged = query;
  // The types of a query with more tables do not show that `found` has this column.
  const place = 'found.place' as never;
  if (above !== undefined) ranged = ranged.where(place, '>', above as never);
  if (below !== undefined) ranged = ranged.where(place, '<', below as never);
  return ranged.orderBy(place, order).limit(limit);
}

/**
 * Reads the matches of a range.
 * @param select the query without order and limit; it names the columns of `FOUND`
 */
export async function readFound<DB extends { found: FoundRow }, TB extends keyof DB>(
  db: Database,
  query: SearchQuery,
  range: FoundRange,
  select: (table: FoundTable['table']) => SelectQueryBuilder<DB, TB, FoundRow>,
): Promise<readonly FoundRow[]> {
  let rows: readonly FoundRow[] = [];
  for await (const { table, isWhole } of searchDriverOf(db).tables(db, query, range)) {
    rows = await inRange(select(table), range).execute();
    if (isWhole || rows.length === range.limit) break;
  }
  return rows;
}

interface TimeRange {
  readonly createdAfter?: string | undefined;
  readonly createdBefore?: string | undefined;
}

/** The part of a range whose rows were created within a range of times. */
export function createdWithin<Range extends PlaceRange>(
  db: Database,
  range: Range,
  { createdAfter, createdBefore }: TimeRange,
): Range {
  const times = searchDriverOf(db).placesBetween(createdAfter, createdBefore);
  return {
    ...range,
    above: higher(range.above, times.above),
    below: lower(range.below, times.below),
  };
}

const higher = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
const lower = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

/** Reads matches in the order of their places. */
export type ReadFound = (range: FoundRange) => Promise<readonly FoundRow[]>;

export interface FoundPlace {
  readonly id: string;
  /** The place in the list, for a cursor. */
  readonly place: string;
}

export function pageOfFound(read: ReadFound, window: Page): Promise<readonly FoundPlace[]> {
  return window.sortedBy === 'relevance' ? pageByRelevance(read, window) : pageByCreation(read, window);
}

async function pageByCreation(read: ReadFound, window: Page): Promise<readonly FoundPlace[]> {
  const { after, before, direction, limit } = window;
  const [above, below] = direction === 'ASC' ? [after, before] : [before, after];
  const order = isAscending(window) ? 'asc' : 'desc';
  const found = await read({ above: numberIn(above), below: numberIn(below), order, limit });
  return found.map(({ id, place }) => ({ id, place: String(place) }));
}

function numberIn(place: string | undefined): number | undefined {
  return place === undefined ? undefined : Number(place);
}

/** Where a row stands: a greater rank is a better fit. What is not sorted has the lowest one. */
interface Standing {
  readonly rank: number;
  readonly place: number;
}

/** The places of the matches that are sorted, both included. */
interface Sorted {
  readonly oldest: number;
  readonly newest: number;
}

const UNSORTED = Number.MIN_SAFE_INTEGER;

async function pageByRelevance(read: ReadFound, window: Page): Promise<readonly FoundPlace[]> {
  const { limit, inverted } = window;
  const [start, end] = inverted ? [window.before, window.after] : [window.after, window.before];
  const [from, until] = [parsePlace(start), parsePlace(end)];
  const { sorted, rows } = await sortedMatches(read, from?.sorted ?? until?.sorted);
  if (sorted === null) return [];
  const isUp = isAscending(window);
  const isInside = (row: Standing) =>
    (from === null || (isUp ? compare(row, from) > 0 : compare(row, from) < 0)) &&
    (until === null || (isUp ? compare(row, until) < 0 : compare(row, until) > 0));
  const best = rows.filter(isInside).sort((a, b) => (isUp ? compare(a, b) : compare(b, a)));
  const readRest = async (count: number) => {
    // Neither bound lies among the older matches when it is a sorted one.
    const bounds = [from, until].map((bound) => (bound?.rank === UNSORTED ? bound.place : undefined));
    const [above, below] = isUp ? bounds : [bounds[1], bounds[0]];
    const range = { above, below: Math.min(below ?? sorted.oldest, sorted.oldest), limit: count };
    const found = count <= 0 ? [] : await read({ ...range, order: isUp ? 'asc' : 'desc' });
    return found.map(({ id, place }) => ({ id, place, rank: UNSORTED })).filter(isInside);
  };
  const page = isUp
    ? [...(await readRest(limit)), ...best]
    : [...best.slice(0, limit), ...(await readRest(limit - best.length))];
  return page.slice(0, limit).map((row) => ({ id: row.id, place: placeText(row, sorted) }));
}

async function sortedMatches(read: ReadFound, known: Sorted | undefined) {
  const range = known === undefined ? {} : { above: known.oldest - 1, below: known.newest + 1 };
  // Within a range there can be more than at first: what came back from the trash.
  const limit = known === undefined ? MAX_SORTED_MATCHES : 2 * MAX_SORTED_MATCHES;
  const found = await read({ ...range, order: 'desc', limit });
  const [newest, oldest] = [found[0]?.place, found.at(-1)?.place];
  const sorted = known ?? (newest === undefined || oldest === undefined ? null : { newest, oldest });
  return { sorted, rows: found.map(({ id, place, length }) => ({ id, place, rank: -length })) };
}

function compare(a: Standing, b: Standing): number {
  return a.rank - b.rank || a.place - b.place;
}

function placeText({ rank, place }: Standing, { oldest, newest }: Sorted): string {
  return [oldest, newest, rank === UNSORTED ? '' : rank, place].join('~');
}

function parsePlace(text: string | undefined): (Standing & { readonly sorted: Sorted }) | null {
  if (text === undefined) return null;
  const [oldest = '', newest = '', rank = '', place = ''] = text.split('~');
  return {
    sorted: { oldest: Number(oldest), newest: Number(newest) },
    rank: rank === '' ? UNSORTED : Number(rank),
    place: Number(place),
  };
}

/** The rows in the order of their places; without those that were removed since they were found. */
export function placed<Row extends { readonly id: string }>(
  places: readonly FoundPlace[],
  rows: readonly Row[],
): readonly (Row & FoundPlace)[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return places.flatMap((found) => {
    const row = byId.get(found.id);
    return row === undefined ? [] : [{ ...row, ...found }];
  });
}
