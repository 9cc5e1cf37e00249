/** A search as a query of FTS5. Every token is in quotation marks, so nothing in it is syntax. */
import { sql } from 'kysely';
import type { SearchTerm } from '../../../domain/search-words.ts';
import type { Database } from '../../database.ts';
import type { SearchQuery } from '../../search.ts';
import { factTokensOf } from './search-facts.ts';

export async function matchOf(db: Database, query: SearchQuery): Promise<string> {
  const { all, none } = factTokensOf(query);
  const wanted = [
    ...all.map(anyFact),
    ...(await Promise.all(query.terms.map(async (term) => `words : ${await termOf(db, term)}`))),
  ].join(' AND ');
  return none.length === 0 ? wanted : `(${wanted}) NOT ${anyFact(none)}`;
}

export interface KnownWord {
  readonly word: string;
  /** How many texts have it. */
  readonly texts: number;
}

/** The word of a search that the fewest texts have. The last one does not count when it may go on. */
export async function rarestWord(db: Database, { terms }: SearchQuery): Promise<KnownWord> {
  const words = terms.filter(({ isPrefix }) => !isPrefix).flatMap((term) => term.words);
  if (words.length === 0) return { word: '', texts: Number.POSITIVE_INFINITY };
  const { rows } = await sql<KnownWord>`
    select word, texts from search_vocabulary where word in (${sql.join(words)})
  `.execute(db);
  const texts = new Map(rows.map((row) => [row.word, row.texts]));
  const known = words.map((word) => ({ word, texts: texts.get(word) ?? 0 }));
  return known.reduce((rarest, each) => (each.texts < rarest.texts ? each : rarest));
}

function anyFact(tokens: readonly string[]): string {
  return `(${tokens.map((token) => `facts : "${token}"`).join(' OR ')})`;
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
