/** The tags of images. */
import type { Database } from '../database.ts';

/** The tags of each image, in alphabetical order. */
export async function findTagsOfImages(
  db: Database,
  principal: string,
  imageIds: readonly string[],
): Promise<readonly { readonly imageId: string; readonly tag: string }[]> {
  return db
    .selectFrom('image_tags')
    .select(['image_id as imageId', 'tag'])
    .where('principal', '=', principal)
    .where('image_id', 'in', imageIds)
    .orderBy('image_id')
    .orderBy('tag')
    .execute();
}
