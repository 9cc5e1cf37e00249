/**
 * The objects that an input refers to by id. Objects of other principals are reported as not found, too (promise 10 of
 * PROTOCOL.md).
 */

import type { Database } from '../db/database.ts';
import { findCalls } from '../db/queries/calls.ts';
import { findConversations } from '../db/queries/conversations.ts';
import { findImages } from '../db/queries/images.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { Image } from '../domain/image.ts';

/**
 * The images with these ids, in the order of the ids.
 * @param field the input field that holds the ids
 * @throws {NotFoundError} for the first id that the principal has no image for
 */
export async function requireImages(
  db: Database,
  principal: string,
  field: string,
  ids: readonly string[],
): Promise<readonly Image[]> {
  const found = new Map((await findImages(db, principal, ids)).map((image) => [image.id, image]));
  return ids.map((id) => {
    const image = found.get(id);
    if (image === undefined) throw new NotFoundError(field, 'image');
    return image;
  });
}

/** @throws {NotFoundError} the principal has no such conversation. Null stands for a new one and passes. */
export async function requireConversation(db: Database, principal: string, id: string | null): Promise<void> {
  if (id === null) return;
  const [conversation] = await findConversations(db, principal, [id]);
  if (conversation === undefined) throw conversationNotFound();
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
