/** Conversations. Reads are restricted to their principal. */
import type { Selectable } from 'kysely';
import type { Conversation } from '../../domain/conversation.ts';
import type { Database } from '../database.ts';
import { type Page, page } from '../page.ts';
import { runPrepared } from '../prepared-query.ts';
import type { ConversationsTable } from '../tables.ts';

export async function insertConversation(db: Database, conversation: Conversation): Promise<void> {
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
    .executeTakeFirst();
  return row?.last_position ?? null;
}

export async function findConversations(
  db: Database,
  principal: string,
  ids: readonly string[],
): Promise<readonly Conversation[]> {
  const rows = await db
    .selectFrom('conversations')
    .selectAll()
    .where('principal', '=', principal)
    .where('id', 'in', ids)
    .execute();
  return rows.map(toConversation);
}

/** Without those in the trash. */
export async function pageOfConversations(
  db: Database,
  principal: string,
  window: Page,
): Promise<readonly Conversation[]> {
  const query = db
    .selectFrom('conversations')
    .selectAll()
    .where('principal', '=', principal)
    .where('deleted_at', 'is', null);
  const rows = await page(query, 'conversations.id', window).execute();
  return rows.map(toConversation);
}

function toConversation(row: Selectable<ConversationsTable>): Conversation {
  return {
    id: row.id,
    principal: row.principal,
    title: row.title,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at,
  };
}
