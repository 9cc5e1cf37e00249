/**
 * Full-text search, as the queries see it. What a database needs for it belongs to its driver, which finds the rows; the
 * queries join them, and check the principal again. test/contract/search.ts is the contract on every driver:
 *
 * - A row is found from the transaction on that stores it, by its newest text, and no longer once it is removed.
 * - Deleting a row removes its text from the index, in the same transaction. Nothing else has to be called, by a purge either.
 * - Every term must be found, whatever the order, case and accents (src/domain/search-words.ts).
 * - Rows are found in the order in which they were created, and a page of them costs about the same at any depth.
 */
import type { AliasedRawBuilder, DialectAdapter } from 'kysely';
import type { SearchTerm } from '../domain/search-words.ts';
import type { Database } from './database.ts';

export type SearchedTable = 'images' | 'calls' | 'conversations';

export interface SearchQuery {
  readonly table: SearchedTable;
  readonly principal: string;
  /** May be none: then the facts alone decide. */
  readonly terms: readonly SearchTerm[];
  /** What the row must be besides; the driver uses it to read fewer rows. The queries check it as well. */
  readonly facts: SearchFacts;
  /** Only some of these rows. */
  readonly ids?: readonly string[] | undefined;
}

/** What is known of a row without reading it. Missing facts do not restrict what is found. */
export interface SearchFacts {
  readonly conversationId?: string | undefined;
  readonly origin?: string | undefined;
  readonly formats?: readonly string[] | undefined;
  readonly models?: readonly string[] | undefined;
  readonly favorite?: boolean | undefined;
  /** All of these. */
  readonly tags?: readonly string[] | undefined;
  readonly kind?: string | undefined;
  readonly statuses?: readonly string[] | undefined;
  readonly isDeleted: boolean;
}

/** A row that was found. Places grow with the time of creation, and no two rows of a table have the same. */
export interface FoundRow {
  readonly id: string;
  readonly place: number;
  /** How long its text is. Where all words are found, a short text is about little else. */
  readonly length: number;
}

/** A range of places, both ends excluded. */
export interface PlaceRange {
  readonly above?: number | undefined;
  readonly below?: number | undefined;
}

/** A range of places, in the order in which it is read, and how many of its rows are. */
export interface FoundRange extends PlaceRange {
  readonly order: 'asc' | 'desc';
  readonly limit: number;
}

/** Rows that match, as a table to select from. */
export interface FoundTable {
  readonly table: AliasedRawBuilder<FoundRow, 'found'>;
  /** Whether it has all rows of the range that match; otherwise only the first ones, maybe fewer than the limit. */
  readonly isWhole: boolean;
}

export interface SearchDriver {
  /** Where to read the matches of a range: the next table is for when one has too few of them. The last one has them all. */
  tables(db: Database, query: SearchQuery, range: FoundRange): AsyncIterable<FoundTable>;
  /** How many rows match. */
  count(db: Database, query: SearchQuery, range: PlaceRange): Promise<number>;
  /** The places of the rows that were created after one time and before another: RFC 3339, both excluded. */
  placesBetween(after: string | undefined, before: string | undefined): PlaceRange;
}

/** A dialect adapter that can search. */
export interface SearchingAdapter extends DialectAdapter {
  readonly search?: SearchDriver;
}

export function searchDriverOf(db: Database): SearchDriver {
  const adapter: SearchingAdapter = db.getExecutor().adapter;
  if (adapter.search === undefined) throw new Error('this database has no full-text search');
  return adapter.search;
}
