/** Full-text search with FTS5. Migration 0012 has its tables, and the triggers that keep them. */
import { setImmediate as immediate } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '../../database.ts';
import type { FoundRange, FoundRow, FoundTable, PlaceRange, SearchDriver, SearchQuery } from '../../search.ts';
import { conditionsOf } from './search-conditions.ts';
import { matchOf, rarestWord } from './search-match.ts';

/** 2020, midnight UTC. As in the migration. */
const EPOCH_MS = 1_577_836_800_000;
const PLACES_OF_A_MILLISECOND = 4_096;
/** Takes some milliseconds. */
const COUNTED_AT_ONCE = 200_000;
/** Texts that are tried one by one before the index is asked: few, then as many as take about two milliseconds. */
const TRIED = [600, 8_000] as const;
/** Texts with a word that are all looked at. */
const MAX_RARE = 500;

export const searchWithFts: SearchDriver = {
  async *tables(db, query, range) {
    if (query.ids !== undefined) yield amongIds(query, query.ids);
    const rare = await rarestWord(db, query);
    if (rare.texts <= MAX_RARE) yield withWord(query, rare.word);
    if (range.above !== undefined || range.below !== undefined) {
      for (const count of TRIED) yield nearby(db, query, range, count);
    }
    yield { table: await fromIndex(db, query), isWhole: true };
  },
  async count(db, query, { above = Number.MIN_SAFE_INTEGER, below = Number.MAX_SAFE_INTEGER }) {
    const match = await matchOf(db, query);
    let total = 0;
    // A part at a time, so that other requests are served in between.
    for (let place = above; ; ) {
      const { rows } = await sql<{ count: number; last: number | null }>`
        select count(*) as count, max(place) as last from (
          select rowid as place from search_index
          where search_index match ${match} and rowid > ${place} and rowid < ${below}
          order by rowid limit ${COUNTED_AT_ONCE}
        )
      `.execute(db);
      const { count = 0, last = null } = rows[0] ?? {};
      total += count;
      if (count < COUNTED_AT_ONCE || last === null) return total;
      place = last;
      await immediate();
    }
  },
  placesBetween(after, before): PlaceRange {
    return {
      ...(after === undefined ? {} : { above: firstPlace(after) + PLACES_OF_A_MILLISECOND - 1 }),
      ...(before === undefined ? {} : { below: firstPlace(before) }),
    };
  },
};

/** The first place that a row can have that was created at this time. */
function firstPlace(at: string): number {
  return (Date.parse(at) - EPOCH_MS) * PLACES_OF_A_MILLISECOND;
}

async function fromIndex(db: Database, query: SearchQuery): Promise<FoundTable['table']> {
  const match = await matchOf(db, query);
  // Cross joins are run in the order in which they are written.
  return sql<FoundRow>`(
    select search_documents.id, search_index.rowid as place, length(search_documents.words) as length
    from search_index cross join search_documents on search_documents.place = search_index.rowid
    where search_index match ${match} and search_documents.principal = ${query.principal}
  )`.as('found');
}

function amongIds(query: SearchQuery, ids: readonly string[]): FoundTable {
  const named = ids.length === 0 ? sql`false` : sql`id in (${sql.join(ids)})`;
  const table = sql<FoundRow>`(
    select id, place, length(words) as length from search_documents where ${named} and ${conditionsOf(query)}
  )`.as('found');
  return { table, isWhole: true };
}

/** The matches among the texts with a rare word. FTS5 would look for each of them in long lists of common words and facts. */
function withWord(query: SearchQuery, word: string): FoundTable {
  const table = sql<FoundRow>`(
    select search_documents.id, search_documents.place, length(search_documents.words) as length
    from search_index cross join search_documents on search_documents.place = search_index.rowid
    where search_index match ${`words : "${word}"`} and ${conditionsOf(query)}
  )`.as('found');
  return { table, isWhole: true };
}

/**
 * The matches among the next texts of a range. FTS5 passes all matches from the end of the list to where a range begins, and
 * from where it ends to the other end of the list; where common words are in many texts, they are read sooner without it.
 */
async function nearby(
  db: Database,
  query: SearchQuery,
  { above, below, order }: FoundRange,
  count: number,
): Promise<FoundTable> {
  const inRange = sql.join(
    [...(above === undefined ? [] : [sql`place > ${above}`]), ...(below === undefined ? [] : [sql`place < ${below}`])],
    sql` and `,
  );
  const next = sql`from search_documents where ${inRange} order by place ${sql.raw(order)} limit ${count}`;
  const { rows } = await sql<{ count: number }>`select count(*) as count from (select place ${next})`.execute(db);
  const table = sql<FoundRow>`(
    select id, place, length(words) as length from (select * ${next}) as search_documents where ${conditionsOf(query)}
  )`.as('found');
  return { table, isWhole: (rows[0]?.count ?? 0) < count };
}
