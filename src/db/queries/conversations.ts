/** Conversations. Reads are restricted to their principal, and leave out what is being deleted for good. */
import type { Selectable, SelectQueryBuilder } from 'kysely';
import type { Conversation, NewConversation } from '../../domain/conversation.ts';
import { hasWords } from '../../domain/found-lists.ts';
import { searchTerms } from '../../domain/search-words.ts';
import { conversationsInPurge } from '../conversations-in-purge.ts';
import type { Database } from '../database.ts';
import { FOUND, pageOfFound, placed, type ReadFound, readFound } from '../lists/found-page.ts';
import { countLists } from '../lists/list-counts.ts';
import { isAscending, type Page, type Placed, page } from '../lists/page.ts';
import { runPrepared } from '../prepared-query.ts';
import { type FoundRow, type SearchQuery, searchDriverOf } from '../search.ts';
import type { ConversationsTable } from '../tables/generations.ts';
import type { Tables } from '../tables.ts';

export async function insertConversation(db: Database, conversation: NewConversation): Promise<void> {
  await db
    .insertInto('conversations')
    .values({
      id: conversation.id,
      principal: conversation.principal,
      title: conversation.title,
      last_position: 0,
      created_at: conversation.createdAt,
      updated_at: conversation.updatedAt,
      deleted_at: conversation.deletedAt,
    })
    .execute();
}

/**
 * Takes the next position in the conversation's order of events. Concurrent writers wait for each other on this row.
 * @param at the time of a change that moves the conversation to the top of its list; null for any other change
 */
export async function takePosition(
  db: Database,
  principal: string,
  conversationId: string,
  at: string | null,
): Promise<number> {
  const given = { principal, conversationId, ...(at === null ? {} : { at }) };
  const [row] = await runPrepared(db, 'next position', given, (values) =>
    db
      .updateTable('conversations')
      .set((column) => ({
        last_position: column('last_position', '+', 1),
        ...('at' in values ? { updated_at: values.at } : {}),
      }))
      .where('principal', '=', values.principal)
      .where('id', '=', values.conversationId)
      .where('purge_started_at', 'is', null)
      .returning('last_position'),
  );
  if (row === undefined) throw new Error(`conversation ${conversationId} does not exist`);
  return row.last_position;
}

export async function setTitle(db: Database, principal: string, id: string, title: string): Promise<void> {
  await db
    .updateTable('conversations')
    .set({ title })
    .where('principal', '=', principal)
    .where('id', '=', id)
    .execute();
}

/** The position of the conversation's newest event; null when the principal has no such conversation. */
export async function lastPosition(db: Database, principal: string, conversationId: string): Promise<number | null> {
  const row = await db
    .selectFrom('conversations')
    .select('last_position')
    .where('principal', '=', principal)
    .where('id', '=', conversationId)
    .where('purge_started_at', 'is', null)
    .executeTakeFirst();
  return row?.last_position ?? null;
}

export async function findConversations(
  db: Database,
  principal: string,
  ids: readonly string[],
): Promise<readonly Conversation[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('conversations')
    .selectAll()
    .where('principal', '=', principal)
    .where('id', 'in', ids)
    .where('purge_started_at', 'is', null)
    .execute();
  return rows.map(toConversation);
}

/** What is undefined does not restrict the list. */
export interface ConversationFilter {
  readonly id?: string | undefined;
  /** Every word must be found in the title (src/domain/search-words.ts). */
  readonly search?: string | undefined;
  /** The conversations in the trash instead of the others. */
  readonly deleted?: boolean | undefined;
}

export async function pageOfConversations(
  db: Database,
  principal: string,
  filter: ConversationFilter,
  window: Page,
): Promise<readonly Placed<Conversation>[]> {
  if (hasWords(filter)) return pageOfFoundConversations(db, principal, filter, window);
  const query = matching(db, principal, filter);
  const rows = await (window.sortedBy === 'time' ? pageByUpdate(query, window) : page(query, 'id', window)).execute();
  return placedRows(rows, window);
}

export async function countConversations(db: Database, principal: string, filter: ConversationFilter): Promise<number> {
  const { id, deleted = false } = filter;
  if (id !== undefined) return (await findMatching(db, principal, filter, [id])).size;
  if (!hasWords(filter) && !deleted) return countLists(db, principal, ['conversations']);
  const all = await searchDriverOf(db).count(db, searchOf(principal, filter), {});
  return deleted && all > 0 ? Math.max(0, all - (await countGoing(db, principal, filter))) : all;
}

/** How many of the matches in the trash are being deleted for good, which the index does not know. */
async function countGoing(db: Database, principal: string, filter: ConversationFilter): Promise<number> {
  const ids = await conversationsInPurge(db, principal);
  if (ids.length === 0) return 0;
  const range = { order: 'asc', limit: ids.length } as const;
  const going = await readFound(db, { ...searchOf(principal, filter), ids }, range, (table) =>
    db.selectFrom(table).select(FOUND),
  );
  return going.length;
}

/** Matches up to which all are sorted by their last change. With more, the list is read in its order and each row tried. */
const MAX_SORTED = 1_000;
const TRIED_AT_ONCE = 200;

async function pageOfFoundConversations(
  db: Database,
  principal: string,
  filter: ConversationFilter,
  window: Page,
): Promise<readonly Placed<Conversation>[]> {
  const read = foundConversations(db, principal, filter);
  if (window.sortedBy !== 'time') {
    const places = await pageOfFound(read, window);
    const ids = places.map(({ id }) => id);
    return placed(places, await findConversations(db, principal, ids));
  }
  // Of common words, the next rows have enough.
  let tried = await tryNext(db, principal, filter, window);
  const rows = [...tried.matches];
  if (rows.length < window.limit && tried.rest !== null) {
    const found = await read({ order: 'desc', limit: MAX_SORTED + 1 });
    if (found.length <= MAX_SORTED) return sortedByUpdate(db, principal, filter, window, found);
  }
  while (rows.length < window.limit && tried.rest !== null) {
    tried = await tryNext(db, principal, filter, tried.rest);
    rows.push(...tried.matches);
  }
  return placedRows(rows.slice(0, window.limit), window);
}

async function sortedByUpdate(
  db: Database,
  principal: string,
  filter: ConversationFilter,
  window: Page,
  found: readonly FoundRow[],
): Promise<readonly Placed<Conversation>[]> {
  if (found.length === 0) return [];
  const ids = found.map(({ id }) => id);
  const query = matching(db, principal, filter).where('id', 'in', ids);
  return placedRows(await pageByUpdate(query, window).execute(), window);
}

interface Tried {
  readonly matches: readonly Selectable<ConversationsTable>[];
  /** Where to go on; null at the end of the list. */
  readonly rest: Page | null;
}

/** The matches among the next conversations of the list. */
async function tryNext(db: Database, principal: string, filter: ConversationFilter, window: Page): Promise<Tried> {
  const page = { ...window, limit: Math.max(TRIED_AT_ONCE, window.limit) };
  const tried = await pageByUpdate(matching(db, principal, filter), page).execute();
  const ids = tried.map(({ id }) => id);
  const found = await findMatching(db, principal, filter, ids);
  const last = tried.at(-1);
  const hasMore = tried.length === page.limit && last !== undefined;
  return {
    matches: tried.filter(({ id }) => found.has(id)),
    rest: hasMore ? { ...window, [window.inverted ? 'before' : 'after']: placeByUpdate(last) } : null,
  };
}

/** Which of these conversations match. */
async function findMatching(
  db: Database,
  principal: string,
  filter: ConversationFilter,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const found = await foundConversations(db, principal, filter, ids)({ order: 'asc', limit: ids.length });
  return new Set(found.map(({ id }) => id));
}

/** Reads the conversations that the search index finds. */
function foundConversations(
  db: Database,
  principal: string,
  filter: ConversationFilter,
  ids: readonly string[] | undefined = filter.id === undefined ? undefined : [filter.id],
): ReadFound {
  return (range) =>
    readFound(db, { ...searchOf(principal, filter), ids }, range, (table) =>
      db
        .selectFrom(table)
        .innerJoin('conversations', 'conversations.id', 'found.id')
        .select(FOUND)
        .where('conversations.principal', '=', principal)
        .where('conversations.deleted_at', filter.deleted === true ? 'is not' : 'is', null)
        .where('conversations.purge_started_at', 'is', null),
    );
}

function matching(db: Database, principal: string, { id, deleted = false }: ConversationFilter) {
  const query = db
    .selectFrom('conversations')
    .selectAll()
    .where('principal', '=', principal)
    .where('deleted_at', deleted ? 'is not' : 'is', null);
  const shown = deleted ? query.where('purge_started_at', 'is', null) : query;
  return id === undefined ? shown : shown.where('id', '=', id);
}

function searchOf(principal: string, { search = '', deleted = false }: ConversationFilter): SearchQuery {
  return { table: 'conversations', principal, terms: searchTerms(search), facts: { isDeleted: deleted } };
}

/** Restricts a query to a page in the order of the last changes, and of the ids where they are the same. */
function pageByUpdate<O>(
  query: SelectQueryBuilder<Tables, 'conversations', O>,
  { after, before, direction, inverted, limit }: Page,
): SelectQueryBuilder<Tables, 'conversations', O> {
  const order = isAscending({ direction, inverted }) ? 'asc' : 'desc';
  const isBeyond = (of: typeof query, place: string, sign: '<' | '>') => {
    const [time = '', id = ''] = place.split('~');
    return of.where(({ eb, refTuple, tuple }) => eb(refTuple('updated_at', 'id'), sign, tuple(time, id)));
  };
  let ranged = query;
  if (after !== undefined) ranged = isBeyond(ranged, after, direction === 'ASC' ? '>' : '<');
  if (before !== undefined) ranged = isBeyond(ranged, before, direction === 'ASC' ? '<' : '>');
  return ranged.orderBy('updated_at', order).orderBy('id', order).limit(limit);
}

function placedRows(
  rows: readonly Selectable<ConversationsTable>[],
  { sortedBy }: Page,
): readonly Placed<Conversation>[] {
  if (sortedBy !== 'time') return rows.map(toConversation);
  return rows.map((row) => ({ ...toConversation(row), place: placeByUpdate(row) }));
}

function placeByUpdate(row: Pick<ConversationsTable, 'updated_at' | 'id'>): string {
  return `${row.updated_at}~${row.id}`;
}

function toConversation(row: Selectable<ConversationsTable>): Conversation {
  return {
    id: row.id,
    principal: row.principal,
    title: row.title,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at,
    lastPosition: row.last_position,
  };
}
