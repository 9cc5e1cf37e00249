/** Generation calls of one principal. The engine reads by id alone (engine/calls.ts). */

import { hasWords, isFoundByIndex } from '../../domain/found-lists.ts';
import type { CallDuration } from '../../domain/generation/duration-estimate.ts';
import {
  GENERATION_STATUSES,
  type GenerationCall,
  type GenerationStatus,
  OPEN_STATUSES,
} from '../../domain/generation/generation-call.ts';
import { updatedRows } from '../affected-rows.ts';
import { toCall, toCallRow } from '../call-row.ts';
import { conversationInPurgeOf } from '../conversations-in-purge.ts';
import type { Database } from '../database.ts';
import { parseSettings } from '../json.ts';
import {
  type CallFilter,
  foundCalls,
  isNever,
  matchingCalls,
  searchOfCalls,
  splitByIndex,
} from '../lists/call-filter.ts';
import { createdWithin, pageOfFound, placed } from '../lists/found-page.ts';
import { countLists } from '../lists/list-counts.ts';
import { firstOf, type Page, type Placed, page } from '../lists/page.ts';
import { runPrepared } from '../prepared-query.ts';
import { searchDriverOf } from '../search.ts';

export async function insertCall(db: Database, call: GenerationCall): Promise<void> {
  await db.insertInto('calls').values(toCallRow(call)).execute();
}

/** How many calls of the principal have not ended. */
export async function countOpenCalls(db: Database, principal: string): Promise<number> {
  const [row] = await runPrepared(db, 'open calls', { principal }, (values) =>
    db
      .selectFrom('calls')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('principal', '=', values.principal)
      .where('status', 'in', OPEN_STATUSES),
  );
  // PostgreSQL returns counts as strings.
  return Number(row?.count ?? 0);
}

/** Stores that the call is to be cancelled; false when it has ended, or the principal has no such call. */
export async function requestCancel(db: Database, principal: string, id: string, at: string): Promise<boolean> {
  const result = await db
    .updateTable('calls')
    .set({ cancel_requested_at: at })
    .where('principal', '=', principal)
    .where('id', '=', id)
    .where('status', 'in', ['QUEUED', 'IN_PROGRESS'])
    .executeTakeFirst();
  return updatedRows(result) === 1;
}

/** Stores that the calls of a conversation that do not run yet are to be cancelled. @returns their ids */
export async function requestCancelOfWaiting(
  db: Database,
  principal: string,
  conversationId: string,
  at: string,
): Promise<readonly string[]> {
  const rows = await db
    .updateTable('calls')
    .set({ cancel_requested_at: at })
    .where('principal', '=', principal)
    .where('conversation_id', '=', conversationId)
    .where('status', 'in', ['QUEUED', 'AWAITING_APPROVAL'])
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Without those of a conversation that is being deleted for good. */
export async function findCalls(
  db: Database,
  principal: string,
  ids: readonly string[],
): Promise<readonly GenerationCall[]> {
  const rows = await db
    .selectFrom('calls')
    .selectAll()
    .where('principal', '=', principal)
    .where('id', 'in', ids)
    .where(({ eb, or, not, exists }) =>
      or([eb('deleted_at', 'is', null), not(exists(conversationInPurgeOf('calls', principal)))]),
    )
    .execute();
  return rows.map(toCall);
}

/** The calls that retry these calls. */
export async function findRetriesOfCalls(
  db: Database,
  principal: string,
  ids: readonly string[],
): Promise<readonly GenerationCall[]> {
  const rows = await db
    .selectFrom('calls')
    .selectAll()
    .where('principal', '=', principal)
    .where('retry_of', 'in', ids)
    .orderBy('retry_of')
    .orderBy('id')
    .execute();
  return rows.map(toCall);
}

/**
 * The oldest open call, if any, that retries the same call as this one does or would: the call itself, its retries and
 * their retries are one family, whichever of them is named. A call that is about to be cancelled is not open.
 */
export async function findOpenRetry(db: Database, principal: string, id: string): Promise<string | null> {
  const [row] = await runPrepared(db, 'open retry', { principal, id }, (values) =>
    db
      .withRecursive('ancestors(id, retry_of)', (cte) =>
        cte
          .selectFrom('calls')
          .select(['calls.id', 'calls.retry_of'])
          .where('calls.principal', '=', values.principal)
          .where('calls.id', '=', values.id)
          .unionAll(
            cte
              .selectFrom('ancestors')
              .innerJoin('calls', 'calls.id', 'ancestors.retry_of')
              .select(['calls.id', 'calls.retry_of'])
              .where('calls.principal', '=', values.principal),
          ),
      )
      .withRecursive('family(id)', (cte) =>
        cte
          .selectFrom('ancestors')
          .select('ancestors.id')
          .where('ancestors.retry_of', 'is', null)
          .unionAll(
            cte
              .selectFrom('family')
              .innerJoin('calls', 'calls.retry_of', 'family.id')
              .select('calls.id')
              .where('calls.principal', '=', values.principal),
          ),
      )
      .selectFrom('family')
      .innerJoin('calls', 'calls.id', 'family.id')
      .select('calls.id')
      .where('calls.principal', '=', values.principal)
      .where('calls.status', 'in', OPEN_STATUSES)
      .where('calls.cancel_requested_at', 'is', null)
      .orderBy('calls.id')
      .limit(1),
  );
  return row?.id ?? null;
}

/** The durations of the newest completed calls, from the start to the end. */
export async function recentDurations(
  db: Database,
  principal: string,
  limit: number,
): Promise<readonly CallDuration[]> {
  const rows = await db
    .selectFrom('calls')
    .select(['count', 'requested', 'started_at', 'completed_at'])
    .where('principal', '=', principal)
    .where('status', '=', 'COMPLETED')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ count, requested, started_at: startedAt, completed_at: completedAt }) => ({
    count,
    requested: parseSettings(requested),
    durationMs: Date.parse(completedAt ?? '') - Date.parse(startedAt ?? ''),
  }));
}

/** Without those of conversations in the trash. */
export async function pageOfCalls(
  db: Database,
  principal: string,
  filter: CallFilter,
  window: Page,
): Promise<readonly Placed<GenerationCall>[]> {
  if (isNever(filter)) return [];
  if (isFoundByIndex(filter)) {
    const places = await pageOfFound(foundCalls(db, principal, filter), window);
    const ids = places.map(({ id }) => id);
    return placed(places, ids.length === 0 ? [] : await findCalls(db, principal, ids));
  }
  const { statuses, ...others } = filter;
  const pageOf = (status?: GenerationStatus) => {
    const each = status === undefined ? others : { ...others, statuses: [status] };
    return page(matchingCalls(db, principal, each).selectAll('calls'), 'calls.id', window).execute();
  };
  // One query per status, merged: with several statuses in one, a database may read all calls to find rare ones.
  const rows =
    statuses === undefined
      ? await pageOf()
      : firstOf(window, (await Promise.all([...new Set(statuses)].map(pageOf))).flat());
  return rows.map(toCall);
}

export async function countCallsOfPrincipal(db: Database, principal: string, filter: CallFilter): Promise<number> {
  if (isNever(filter)) return 0;
  const { statuses = GENERATION_STATUSES, search: _, ...others } = filter;
  if (!hasWords(filter) && Object.values(others).every((value) => value === undefined)) {
    return countLists(
      db,
      principal,
      statuses.map((status) => `calls ${status}`),
    );
  }
  if (filter.id !== undefined) {
    return (await foundCalls(db, principal, filter)({ order: 'asc', limit: 1 })).length;
  }
  if (filter.conversationId !== undefined && !hasWords(filter)) return countFewCalls(db, principal, filter);
  const { indexed, byRow } = splitByIndex(filter);
  const found = isNever(indexed)
    ? 0
    : await searchDriverOf(db).count(db, searchOfCalls(principal, indexed), createdWithin(db, {}, filter));
  return isNever(byRow) ? found : found + (await countFewCalls(db, principal, byRow));
}

/** Calls of one conversation, or calls that are under way, by their rows. */
async function countFewCalls(db: Database, principal: string, filter: CallFilter): Promise<number> {
  if (hasWords(filter)) {
    return (await foundCalls(db, principal, filter)({ order: 'asc', limit: Number.MAX_SAFE_INTEGER })).length;
  }
  const query = matchingCalls(db, principal, filter).select(({ fn }) => fn.countAll().as('count'));
  return Number((await query.executeTakeFirst())?.count ?? 0);
}

/** How many calls each conversation has, without those in the trash. */
export async function countCallsOfConversations(
  db: Database,
  principal: string,
  conversationIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('calls')
    .select(['conversation_id as of', ({ fn }) => fn.countAll().as('count')])
    .where('principal', '=', principal)
    .where('conversation_id', 'in', conversationIds)
    .where('deleted_at', 'is', null)
    .groupBy('conversation_id')
    .execute();
  return new Map(rows.map(({ of, count }) => [of, Number(count)]));
}
