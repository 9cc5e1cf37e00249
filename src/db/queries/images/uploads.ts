/** The images that were uploaded to conversations, whatever they are for. Without those in the trash. */
import type { Image } from '../../../domain/images/image.ts';
import type { Database } from '../../database.ts';
import { IMAGE, toImage } from '../../image-row.ts';
import { type Page, page } from '../../lists/page.ts';

export async function pageOfUploads(
  db: Database,
  principal: string,
  conversationId: string,
  window: Page,
): Promise<readonly Image[]> {
  const query = uploadsOf(db, principal, [conversationId]).select(IMAGE);
  const rows = await page(query, 'images.id', window).execute();
  return rows.map(toImage);
}

/** How many uploads each conversation has. */
export async function countUploadsOfConversations(
  db: Database,
  principal: string,
  conversationIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await uploadsOf(db, principal, conversationIds)
    .select(['images.conversation_id as of', ({ fn }) => fn.countAll().as('count')])
    .groupBy('images.conversation_id')
    .execute();
  return new Map(rows.map(({ of, count }) => [of ?? '', Number(count)]));
}

function uploadsOf(db: Database, principal: string, conversationIds: readonly string[]) {
  return (
    db
      .selectFrom('images')
      .where('images.principal', '=', principal)
      .where('images.conversation_id', 'in', conversationIds)
      // Only uploads have no call. The index `uploads_by_conversation` has no other images.
      .where('images.call_id', 'is', null)
      .where('images.deleted_at', 'is', null)
  );
}
