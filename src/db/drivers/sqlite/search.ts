/** Full-text search with FTS5. Migration 0012 has its tables, and the triggers that keep them. */
import { setImmediate as immediate } from 'node:timers/promises';
import { sql } from 'kysely';
import type { SearchTerm } from '../../../domain/search-words.ts';
import type { Database } from '../../database.ts';
import type { FoundRow, SearchDriver, SearchFacts, SearchQuery } from '../../search.ts';

/** 2020, midnight UTC. As in the migration. */
const EPOCH_MS = 1_577_836_800_000;
const PLACES_OF_A_MILLISECOND = 4_096;
/** Takes some milliseconds. */
const COUNTED_AT_ONCE = 50_000;

export const searchWithFts: SearchDriver = {
  async found(db, query) {
    const match = await matchOf(db, query);
    // Cross joins are run in the order in which they are written.
    return sql<FoundRow>`(
      select search_documents.id, search_index.rowid as place, length(search_documents.words) as length
      from search_index cross join search_documents on search_documents.place = search_index.rowid
      where search_index match ${match} and search_documents.principal = ${query.principal}
    )`.as('found');
  },
  async among(db, query, ids) {
    const match = await matchOf(db, query);
    const { rows } = await sql<{ id: string }>`
      select search_documents.id
      from search_documents cross join search_index on search_index.rowid = search_documents.place
      where search_documents.source = ${query.table} and search_documents.id in (${sql.join(ids)})
        and search_documents.principal = ${query.principal} and search_index match ${match}
    `.execute(db);
    return new Set(rows.map(({ id }) => id));
  },
  async count(db, query) {
    const match = await matchOf(db, query);
    let total = 0;
    // A part at a time, so that other requests are served in between.
    for (let place = Number.MIN_SAFE_INTEGER; ; ) {
      const { rows } = await sql<{ count: number; last: number | null }>`
        select count(*) as count, max(place) as last from (
          select rowid as place from search_index
          where search_index match ${match} and rowid > ${place} order by rowid limit ${COUNTED_AT_ONCE}
        )
      `.execute(db);
      const { count = 0, last = null } = rows[0] ?? {};
      total += count;
      if (count < COUNTED_AT_ONCE || last === null) return total;
      place = last;
      await immediate();
    }
  },
  firstPlace: (at) => (Date.parse(at) - EPOCH_MS) * PLACES_OF_A_MILLISECOND,
};

/** The index knows how a call has ended, and of the others that they have not. */
const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);

/** The letters of the facts, as the migration writes them. */
const SCOPES = { images: 'i', calls: 'g', conversations: 's' } as const;

/** The query for FTS5. Every token is in quotation marks, so nothing in it is syntax. */
async function matchOf(db: Database, { table, principal, terms, facts }: SearchQuery): Promise<string> {
  const all = [
    fact(SCOPES[table], principal),
    ...factsOf(facts),
    ...(await Promise.all(terms.map(async (term) => `words : ${await termOf(db, term)}`))),
  ].join(' AND ');
  return facts.isDeleted ? `(${all}) AND ${FLAG.deleted}` : `(${all}) NOT ${FLAG.deleted}`;
}

const FLAG = { favorite: 'facts : "§v"', deleted: 'facts : "§x"' } as const;

function fact(letter: string, value: string): string {
  return `facts : "§${letter}${Buffer.from(value).toString('hex')}"`;
}

/** Ids are letters, digits and dashes. */
function conversationFact(id: string): string {
  return `facts : "§c${id.replaceAll(/[^a-z0-9]/giu, '')}"`;
}

function factsOf(facts: SearchFacts): readonly string[] {
  const anyOf = (letter: string, values: readonly string[] = []) =>
    values.length === 0 ? [] : [`(${values.map((value) => fact(letter, value)).join(' OR ')})`];
  return [
    ...listOf(facts.conversationId).map(conversationFact),
    ...anyOf('o', listOf(facts.origin)),
    ...anyOf('k', listOf(facts.kind)),
    ...anyOf(
      'z',
      facts.statuses?.map((status) => (ENDED.has(status) ? status : 'OPEN')),
    ),
    ...anyOf('f', facts.formats),
    ...anyOf('m', facts.models),
    ...(facts.tags ?? []).map((tag) => fact('t', tag)),
    ...(facts.favorite === true ? [FLAG.favorite] : []),
  ];
}

function listOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}

async function termOf(db: Database, { words, isPrefix }: SearchTerm): Promise<string> {
  const phrase = `"${words.join(' ')}"`;
  const [word = ''] = words;
  if (!isPrefix) return phrase;
  // The index has the beginnings of this length as they are.
  if (word.length <= 2) return `${phrase} *`;
  const begun = await termsThatBegin(db, word);
  return begun === null ? `${phrase} *` : `(${[phrase, ...begun.map((term) => `"${term}"`)].join(' OR ')})`;
}

/** FTS5 reads all rows of all these terms before it returns the first one, unless it is told which terms there are. */
const MAX_TERMS = 64;

/** The other terms that begin with this one; null when there are very many. */
async function termsThatBegin(db: Database, begin: string): Promise<readonly string[] | null> {
  const { rows } = await sql<{ term: string }>`
    select word as term from search_vocabulary
    where word > ${begin} and word < ${begin + LAST_CHARACTER} limit ${MAX_TERMS + 1}
  `.execute(db);
  return rows.length > MAX_TERMS ? null : rows.map(({ term }) => term);
}

/** No word has it, and it sorts behind all that can follow. */
const LAST_CHARACTER = '\u{10FFFF}';
