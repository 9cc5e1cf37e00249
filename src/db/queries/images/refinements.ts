/** Images that were made from others. Queries are restricted to their principal. */
import type { Image } from '../../../domain/images/image.ts';
import type { Database } from '../../database.ts';
import { IMAGE, toImage } from '../../image-row.ts';
import type { ImageFilter } from '../../lists/image-filter.ts';
import { type Page, page } from '../../lists/page.ts';

/** The images that were made from this one, without those in the trash. */
export async function pageOfRefinements(
  db: Database,
  principal: string,
  imageId: string,
  window: Page,
  filter: Pick<ImageFilter, 'conversationId'> = {},
): Promise<readonly Image[]> {
  const query = refinementsOf(db, principal, [imageId], filter).select(IMAGE);
  const rows = await page(query, 'images.id', window).execute();
  return rows.map(toImage);
}

/** How many images were made from each of these, without those in the trash. */
export async function countRefinements(
  db: Database,
  principal: string,
  imageIds: readonly string[],
  filter: Pick<ImageFilter, 'conversationId'> = {},
): Promise<ReadonlyMap<string, number>> {
  const rows = await refinementsOf(db, principal, imageIds, filter)
    .select(['made_from_it.image_id as of', ({ fn }) => fn.countAll().as('count')])
    .groupBy('made_from_it.image_id')
    .execute();
  return new Map(rows.map(({ of, count }) => [of ?? '', Number(count)]));
}

function refinementsOf(
  db: Database,
  principal: string,
  imageIds: readonly string[],
  { conversationId }: Pick<ImageFilter, 'conversationId'>,
) {
  const all = db
    // A join names the table with the fewest matching rows first (drivers/sqlite/compiler.ts).
    .selectFrom((from) =>
      from
        .selectFrom('call_sources')
        .select(['image_id', 'call_id'])
        .distinct()
        .where('principal', '=', principal)
        .where('image_id', 'in', imageIds)
        .as('made_from_it'),
    )
    .innerJoin('images', 'images.call_id', 'made_from_it.call_id')
    .where('images.principal', '=', principal)
    .where('images.deleted_at', 'is', null);
  return conversationId === undefined ? all : all.where('images.conversation_id', '=', conversationId);
}
