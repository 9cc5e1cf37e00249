/** The tokens of the search index for what is known of a row, as migration 0012 writes them. */
import type { SearchFacts, SearchQuery } from '../../search.ts';

/** The index knows how a call has ended, and of the others that they have not. */
const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);
const FAVORITE = '§v';
const DELETED = '§x';
const SCOPES = { images: 'i', calls: 'g', conversations: 's' } as const;

export interface FactTokens {
  /** Of each of these lists, one token. */
  readonly all: readonly (readonly string[])[];
  /** None of these. */
  readonly none: readonly string[];
}

export function factTokensOf({ table, principal, facts }: SearchQuery): FactTokens {
  const given = [
    [factToken(SCOPES[table], principal)],
    // Ids are letters, digits and dashes.
    one(facts.conversationId).map((id) => `§c${id.replaceAll(/[^a-z0-9]/giu, '')}`),
    one(facts.origin).map((origin) => factToken('o', origin)),
    one(facts.kind).map((kind) => factToken('k', kind)),
    statusesOf(facts).map((status) => factToken('z', status)),
    (facts.formats ?? []).map((format) => factToken('f', format)),
    (facts.models ?? []).map((model) => factToken('m', model)),
    ...(facts.tags ?? []).map((tag) => [factToken('t', tag)]),
    facts.favorite === true ? [FAVORITE] : [],
    facts.isDeleted ? [DELETED] : [],
  ];
  return {
    all: given.filter((tokens) => tokens.length > 0),
    none: [...(facts.isDeleted ? [] : [DELETED]), ...(facts.favorite === false ? [FAVORITE] : [])],
  };
}

function statusesOf({ statuses = [] }: SearchFacts): readonly string[] {
  return [...new Set(statuses.map((status) => (ENDED.has(status) ? status : 'OPEN')))];
}

function factToken(letter: string, value: string): string {
  return `§${letter}${Buffer.from(value).toString('hex').toUpperCase()}`;
}

function one(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}
