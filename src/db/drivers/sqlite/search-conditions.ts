/** A search as conditions on `search_documents`, which has the words and facts of each row with spaces between them. */
import { type RawBuilder, sql } from 'kysely';
import type { SearchTerm } from '../../../domain/search-words.ts';
import type { SearchQuery } from '../../search.ts';
import { factTokensOf } from './search-facts.ts';

export function conditionsOf(query: SearchQuery): RawBuilder<boolean> {
  const { table, principal, terms } = query;
  const { all, none } = factTokensOf(query);
  const conditions = [
    sql`search_documents.source = ${table}`,
    sql`search_documents.principal = ${principal}`,
    ...terms.map(holdsTerm),
    ...all.map((tokens) => sql`(${sql.join(tokens.map(holdsFact), sql` or `)})`),
    ...none.map((token) => sql`not ${holdsFact(token)}`),
  ];
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

function holdsTerm({ words, isPrefix }: SearchTerm): RawBuilder<boolean> {
  return sql`instr(' ' || search_documents.words || ' ', ${` ${words.join(' ')}${isPrefix ? '' : ' '}`}) > 0`;
}

function holdsFact(token: string): RawBuilder<boolean> {
  return sql`(instr(' ' || search_documents.facts || ' ', ${` ${token} `}) > 0)`;
}
