/**
 * The objects that an input refers to by id. Objects of other principals are reported as not found, too (promise 10 of
 * PROTOCOL.md).
 */

import type { Database, DatabaseTransaction } from '../db/database.ts';
import { findCalls } from '../db/queries/calls.ts';
import { findConversations } from '../db/queries/conversations.ts';
import { findImages } from '../db/queries/images/images.ts';
import { lockConversations } from '../db/queries/trash.ts';
import type { Conversation } from '../domain/conversation.ts';
import { InTrashError, NotFoundError } from '../domain/errors.ts';
import type { GenerationCall } from '../domain/generation/generation-call.ts';
import type { Image } from '../domain/images/image.ts';

/**
 * The images with these ids, in the order of the ids.
 * @param field the input field that holds the ids
 * @throws {NotFoundError} for the first id that the principal has no image for · {InTrashError} for the first in the trash
 */
export async function requireImages(
  db: Database,
  principal: string,
  field: string,
  ids: readonly string[],
): Promise<readonly Image[]> {
  const found = new Map((await findImages(db, principal, ids)).map((image) => [image.id, image]));
  const images = ids.map((id) => {
    const image = found.get(id);
    if (image === undefined) throw new NotFoundError(field, 'image');
    return image;
  });
  await refuseTrashed(db, field, images);
  return images;
}

/**
 * @throws {InTrashError} for the first image in the trash. With its conversation, if that is there, too · {NotFoundError} its
 * conversation is being deleted for good
 */
export async function refuseTrashed(db: Database, field: string, images: readonly Image[]): Promise<void> {
  const trashed = images.find(({ deletedAt }) => deletedAt !== null);
  if (trashed === undefined) return;
  const { id, principal, conversationId } = trashed;
  const [conversation] = conversationId === null ? [] : await findConversations(db, principal, [conversationId]);
  if (conversationId !== null && conversation === undefined) throw new NotFoundError(field, 'image');
  if (conversation?.deletedAt != null) throw conversationInTrash(field, conversation.id);
  throw new InTrashError(field, { type: 'Image', id });
}

/** @throws {NotFoundError} the principal has no such conversation. Null stands for a new one and passes. */
export async function requireConversation(
  db: Database,
  principal: string,
  id: string | null,
): Promise<Conversation | null> {
  if (id === null) return null;
  const [conversation] = await findConversations(db, principal, [id]);
  if (conversation === undefined) throw conversationNotFound();
  return conversation;
}

/** @throws {NotFoundError} as `requireConversation` · {InTrashError} */
export async function requireOpenConversation(db: Database, principal: string, id: string | null): Promise<void> {
  const conversation = await requireConversation(db, principal, id);
  if (conversation !== null) refuseTrashedConversation(conversation);
}

/**
 * The same in the transaction that adds to the conversation, which cannot be deleted before its end.
 * @throws as `requireOpenConversation`
 */
export async function lockOpenConversation(
  transaction: DatabaseTransaction,
  principal: string,
  id: string,
): Promise<void> {
  const [conversation] = await lockConversations(transaction, principal, [id]);
  if (conversation === undefined) throw conversationNotFound();
  refuseTrashedConversation(conversation);
}

function refuseTrashedConversation({ id, deletedAt }: Conversation): void {
  if (deletedAt !== null) throw conversationInTrash('conversationId', id);
}

/** @param field the input field that names it, or something in it */
export function conversationInTrash(field: string, id: string): InTrashError {
  return new InTrashError(field, { type: 'Conversation', id });
}

/** @throws {NotFoundError} the principal has no such call */
export async function requireCall(db: Database, principal: string, id: string): Promise<GenerationCall> {
  const [call] = await findCalls(db, principal, [id]);
  if (call === undefined) throw new NotFoundError('callId', 'generation call');
  return call;
}

export function conversationNotFound(): NotFoundError {
  return new NotFoundError('conversationId', 'conversation');
}
