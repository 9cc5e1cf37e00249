/** The tags of images, in the form of src/domain/images/image-tags.ts. */
import { tagSet } from '../../../domain/images/image-tags.ts';
import type { Database } from '../../database.ts';

/** The tags of each image that has some, in the order in which they are shown. */
export async function findTagsOfImages(
  db: Database,
  principal: string,
  imageIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await db
    .selectFrom('image_tags')
    .select(['image_id', 'tag'])
    .where('principal', '=', principal)
    .where('image_id', 'in', imageIds)
    .execute();
  const groups = Map.groupBy(rows, ({ image_id: imageId }) => imageId);
  // Databases sort text by rules of their own.
  return new Map([...groups].map(([imageId, found]) => [imageId, tagSet(found.map(({ tag }) => tag))]));
}

/** Replaces the tags of an image. */
export async function replaceTags(
  db: Database,
  principal: string,
  imageId: string,
  tags: readonly string[],
): Promise<void> {
  await db.deleteFrom('image_tags').where('principal', '=', principal).where('image_id', '=', imageId).execute();
  if (tags.length === 0) return;
  const rows = tags.map((tag) => ({ principal, image_id: imageId, tag }));
  await db.insertInto('image_tags').values(rows).execute();
}
