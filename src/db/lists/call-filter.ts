/** Which calls a list has, as conditions on the table `calls`. */
import type { SelectQueryBuilder } from 'kysely';
import { type GenerationStatus, OPEN_STATUSES } from '../../domain/generation/generation-call.ts';
import type { GenerationKind } from '../../domain/generation/generation-request.ts';
import { searchTerms } from '../../domain/search-words.ts';
import type { Database } from '../database.ts';
import type { FoundRow, SearchQuery } from '../search.ts';
import type { Tables } from '../tables.ts';
import { createdWithin, FOUND, type ReadFound, readFound } from './found-page.ts';
import { idsCreatedBetween } from './page.ts';

/** What is undefined does not restrict the list. */
export interface CallFilter {
  readonly id?: string | undefined;
  readonly conversationId?: string | undefined;
  readonly statuses?: readonly GenerationStatus[] | undefined;
  readonly kind?: GenerationKind | undefined;
  /** Every word must be found (src/domain/search-words.ts). */
  readonly search?: string | undefined;
  /** RFC 3339 in UTC with milliseconds; excluded, as is the other one. */
  readonly createdAfter?: string | undefined;
  readonly createdBefore?: string | undefined;
}

export type CallQuery = SelectQueryBuilder<Tables & { found: FoundRow }, 'calls' | 'found', object>;

/** Reads the calls that the search index finds. */
export function foundCalls(db: Database, principal: string, filter: CallFilter): ReadFound {
  return (range) =>
    readFound(db, searchOfCalls(principal, filter), createdWithin(db, range, filter), (table) =>
      restricted(db.selectFrom(table).innerJoin('calls', 'calls.id', 'found.id'), principal, filter).select(FOUND),
    );
}

export function matchingCalls(db: Database, principal: string, filter: CallFilter): CallQuery {
  return restricted(db.selectFrom('calls'), principal, filter);
}

export function searchOfCalls(
  principal: string,
  { id, search = '', conversationId, kind, statuses }: CallFilter,
): SearchQuery {
  return {
    table: 'calls',
    principal,
    terms: searchTerms(search),
    facts: { conversationId, kind, statuses, isDeleted: false },
    ids: id === undefined ? undefined : [id],
  };
}

/** Whether no call can match: none has one of no statuses. */
export function isNever({ statuses }: CallFilter): boolean {
  return statuses?.length === 0;
}

/**
 * The list in two parts: the calls that the index finds, and those that only their rows tell apart. The index knows of calls
 * that are under way no more than that they are.
 */
export function splitByIndex(filter: CallFilter): { readonly indexed: CallFilter; readonly byRow: CallFilter } {
  const { statuses = [] } = filter;
  const open = OPEN_STATUSES.filter((status) => statuses.includes(status));
  if (open.length === 0 || open.length === OPEN_STATUSES.length) {
    return { indexed: filter, byRow: { ...filter, statuses: [] } };
  }
  const ended = statuses.filter((status) => open.every((each) => each !== status));
  return { indexed: { ...filter, statuses: ended }, byRow: { ...filter, statuses: open } };
}

/** @param from a query that begins with `calls`, or with what a search found */
function restricted(from: unknown, principal: string, filter: CallFilter): CallQuery {
  const { id, conversationId, statuses, kind, createdAfter, createdBefore } = filter;
  const ids = idsCreatedBetween(createdAfter, createdBefore);
  // The conditions only name columns of `calls`, which both have.
  let query = (from as CallQuery).where('calls.principal', '=', principal).where('calls.deleted_at', 'is', null);
  if (id !== undefined) query = query.where('calls.id', '=', id);
  if (conversationId !== undefined) query = query.where('calls.conversation_id', '=', conversationId);
  if (statuses !== undefined) query = query.where('calls.status', 'in', statuses);
  if (kind !== undefined) query = query.where('calls.kind', '=', kind);
  if (ids.from !== undefined) query = query.where('calls.id', '>', ids.from);
  if (ids.to !== undefined) query = query.where('calls.id', '<', ids.to);
  if (createdAfter !== undefined) query = query.where('calls.created_at', '>', createdAfter);
  if (createdBefore !== undefined) query = query.where('calls.created_at', '<', createdBefore);
  return query;
}
