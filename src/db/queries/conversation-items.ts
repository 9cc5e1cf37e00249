/** The timeline of a conversation: its calls and uploads in the order in which they came. */
import type { GenerationCall } from '../../domain/generation/generation-call.ts';
import type { Image } from '../../domain/images/image.ts';
import type { Database } from '../database.ts';
import { firstOf, type Page } from '../lists/page.ts';
import { countCallsOfConversations, pageOfCalls } from './calls.ts';
import { countUploadsOfConversations, pageOfUploads } from './images/uploads.ts';

export type ConversationItem = GenerationCall | Image;

/** A page of both lists, merged: each is read as far as the page can reach. Without what is in the trash. */
export async function pageOfConversationItems(
  db: Database,
  principal: string,
  conversationId: string,
  window: Page,
): Promise<readonly ConversationItem[]> {
  const [calls, uploads] = await Promise.all([
    pageOfCalls(db, principal, { conversationId }, window),
    pageOfUploads(db, principal, conversationId, window),
  ]);
  return firstOf<ConversationItem>(window, [...calls, ...uploads]);
}

/** How many items each conversation has. */
export async function countItemsOfConversations(
  db: Database,
  principal: string,
  conversationIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const [calls, uploads] = await Promise.all([
    countCallsOfConversations(db, principal, conversationIds),
    countUploadsOfConversations(db, principal, conversationIds),
  ]);
  return new Map(conversationIds.map((id) => [id, (calls.get(id) ?? 0) + (uploads.get(id) ?? 0)]));
}
