/**
 * The trash: rows with the time at which they were deleted. A conversation has the same time as the images and calls that
 * went with it, which tells what comes back with it.
 */
import type { Conversation } from '../../domain/conversation.ts';
import type { Image } from '../../domain/images/image.ts';
import type { Database, DatabaseTransaction } from '../database.ts';
import { forShare, forUpdate } from '../locking.ts';
import { findConversations } from './conversations.ts';
import { findImages } from './images/images.ts';

/** The images as they are now, locked until the transaction ends. Locked in the order of their ids, so that nobody waits in a circle. */
export async function lockImages(
  transaction: DatabaseTransaction,
  principal: string,
  ids: readonly string[],
): Promise<readonly Image[]> {
  if (ids.length === 0) return [];
  const rows = transaction
    .selectFrom('images')
    .select('id')
    .where('principal', '=', principal)
    .where('id', 'in', ids)
    .orderBy('id');
  await forUpdate(transaction, rows).execute();
  return findImages(transaction, principal, ids);
}

/** The conversations as they are now, locked until the transaction ends, in the order of their ids as well. */
export async function lockConversations(
  transaction: DatabaseTransaction,
  principal: string,
  ids: readonly string[],
): Promise<readonly Conversation[]> {
  if (ids.length === 0) return [];
  const rows = transaction
    .selectFrom('conversations')
    .select('id')
    .where('principal', '=', principal)
    .where('id', 'in', ids)
    .orderBy('id');
  await forUpdate(transaction, rows).execute();
  return findConversations(transaction, principal, ids);
}

/**
 * When the conversation was deleted; null while it is not in the trash. That cannot change until the transaction ends: what
 * is added to the conversation goes to where the conversation is.
 */
export async function deletionOfConversation(
  transaction: DatabaseTransaction,
  principal: string,
  id: string,
): Promise<string | null> {
  const row = await forShare(
    transaction,
    transaction
      .selectFrom('conversations')
      .select('deleted_at')
      .where('principal', '=', principal)
      .where('id', '=', id),
  ).executeTakeFirst();
  return row?.deleted_at ?? null;
}

/** Locks the calls of a conversation until the transaction ends. */
export async function lockCallsOfConversation(
  transaction: DatabaseTransaction,
  principal: string,
  conversationId: string,
): Promise<void> {
  const rows = transaction
    .selectFrom('calls')
    .select('id')
    .where('principal', '=', principal)
    .where('conversation_id', '=', conversationId)
    .orderBy('id');
  await forUpdate(transaction, rows).execute();
}

/** Moves images into the trash, or, with null, out of it. */
export async function setImagesDeleted(
  db: Database,
  principal: string,
  ids: readonly string[],
  deletedAt: string | null,
): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('images')
    .set({ deleted_at: deletedAt })
    .where('principal', '=', principal)
    .where('id', 'in', ids)
    .execute();
}

/**
 * Moves a conversation into the trash or out of it, with the images and calls that are where it is now. Images that were
 * deleted on their own stay in the trash.
 */
export async function setConversationDeleted(
  db: Database,
  { principal, id, deletedAt: from }: Pick<Conversation, 'principal' | 'id' | 'deletedAt'>,
  to: string | null,
): Promise<void> {
  await db
    .updateTable('conversations')
    .set({ deleted_at: to })
    .where('principal', '=', principal)
    .where('id', '=', id)
    .execute();
  for (const table of ['images', 'calls'] as const) {
    await db
      .updateTable(table)
      .set({ deleted_at: to })
      .where('principal', '=', principal)
      .where('conversation_id', '=', id)
      .where('deleted_at', from === null ? 'is' : '=', from)
      .execute();
  }
}

/** The time of the newest deletion of an image of this conversation; null when none is in the trash. */
export async function newestDeletion(db: Database, principal: string, conversationId: string): Promise<string | null> {
  const row = await db
    .selectFrom('images')
    .select(({ fn }) => fn.max('deleted_at').as('newest'))
    .where('principal', '=', principal)
    .where('conversation_id', '=', conversationId)
    .executeTakeFirst();
  return row?.newest ?? null;
}
