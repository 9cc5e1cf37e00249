/**
 * Where images come from: each was made from the first source of its call, that one from the first source of its own, and so
 * on. The line ends at an image that was made from nothing, at an upload, and at a source that was deleted for good.
 */
import type { Image } from '../../../domain/images/image.ts';
import type { Database } from '../../database.ts';
import { IMAGE, toImage } from '../../image-row.ts';
import type { Page } from '../../lists/page.ts';

/** The line of each image, from its oldest ancestor to the image itself. */
export async function findLineages(
  db: Database,
  principal: string,
  imageIds: readonly string[],
): Promise<readonly { readonly of: string; readonly image: Image }[]> {
  const rows = await db
    .withRecursive('line(of_image, id, call_id, depth)', (cte) =>
      cte
        .selectFrom('images')
        .select(({ lit }) => ['images.id as of_image', 'images.id', 'images.call_id', lit<number>(0).as('depth')])
        .where('images.principal', '=', principal)
        .where('images.id', 'in', imageIds)
        .unionAll(
          cte
            .selectFrom('line')
            .innerJoin('call_sources', 'call_sources.call_id', 'line.call_id')
            .innerJoin('images', 'images.id', 'call_sources.image_id')
            .select((eb) => [
              'line.of_image',
              'images.id',
              'images.call_id',
              eb('line.depth', '+', eb.lit(1)).as('depth'),
            ])
            .where('call_sources.principal', '=', principal)
            .where('call_sources.ordinal', '=', 0)
            .where('images.principal', '=', principal),
        ),
    )
    .selectFrom('line')
    .innerJoin('images', 'images.id', 'line.id')
    .where('images.principal', '=', principal)
    .select(IMAGE)
    .select('line.of_image')
    .orderBy('line.of_image')
    .orderBy('line.depth', 'desc')
    .execute();
  return rows.map(({ of_image: of, ...row }) => ({ of, image: toImage(row) }));
}

/**
 * A page of the ancestors of an image, the nearest first. A cursor names an ancestor: reading goes on from there, so a page
 * costs the same at any depth. Only the last page (`inverted`) walks through the whole line.
 * @param within the ancestors end at the first one outside of this conversation
 */
export async function pageOfAncestors(
  db: Database,
  principal: string,
  imageId: string,
  { after, before, limit, inverted }: Page,
  within?: { readonly conversationId: string },
): Promise<readonly Image[]> {
  const rows = await db
    .withRecursive('line(id, call_id, depth)', (cte) => {
      let parents = cte
        .selectFrom('line')
        .innerJoin('call_sources', 'call_sources.call_id', 'line.call_id')
        .innerJoin('images', 'images.id', 'call_sources.image_id')
        .select((eb) => ['images.id', 'images.call_id', eb('line.depth', '+', eb.lit(1)).as('depth')])
        .where('call_sources.principal', '=', principal)
        .where('call_sources.ordinal', '=', 0)
        .where('images.principal', '=', principal);
      if (!inverted) parents = parents.where('line.depth', '<', limit);
      if (before !== undefined) parents = parents.where('images.id', '<>', before);
      if (within !== undefined) parents = parents.where('images.conversation_id', '=', within.conversationId);
      return cte
        .selectFrom('images')
        .select(({ lit }) => ['images.id', 'images.call_id', lit<number>(0).as('depth')])
        .where('images.principal', '=', principal)
        .where('images.id', '=', after ?? imageId)
        .unionAll(parents);
    })
    .selectFrom('line')
    .innerJoin('images', 'images.id', 'line.id')
    .where('images.principal', '=', principal)
    .where('line.depth', '>', 0)
    .select(IMAGE)
    .orderBy('line.depth', inverted ? 'desc' : 'asc')
    .limit(limit)
    .execute();
  return rows.map(toImage);
}

/** How many ancestors each image has. @param within as above */
export async function countAncestors(
  db: Database,
  principal: string,
  imageIds: readonly string[],
  within?: { readonly conversationId: string },
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .withRecursive('line(of_image, id, call_id)', (cte) => {
      let parents = cte
        .selectFrom('line')
        .innerJoin('call_sources', 'call_sources.call_id', 'line.call_id')
        .innerJoin('images', 'images.id', 'call_sources.image_id')
        .select(['line.of_image', 'images.id', 'images.call_id'])
        .where('call_sources.principal', '=', principal)
        .where('call_sources.ordinal', '=', 0)
        .where('images.principal', '=', principal);
      if (within !== undefined) parents = parents.where('images.conversation_id', '=', within.conversationId);
      return cte
        .selectFrom('images')
        .select(['images.id as of_image', 'images.id', 'images.call_id'])
        .where('images.principal', '=', principal)
        .where('images.id', 'in', imageIds)
        .unionAll(parents);
    })
    .selectFrom('line')
    .select(['of_image', ({ fn }) => fn.countAll().as('count')])
    .groupBy('of_image')
    .execute();
  // The line begins with the image itself.
  return new Map(rows.map(({ of_image: of, count }) => [of, Number(count) - 1]));
}

/** The ids of the sources of each call that were deleted for good, in the order of the sources. */
export async function findDeletedSourcesOfCalls(
  db: Database,
  principal: string,
  callIds: readonly string[],
): Promise<readonly { readonly callId: string; readonly imageId: string }[]> {
  const rows = await db
    .selectFrom('call_sources')
    .select(['call_id', 'deleted_image_id'])
    .where('principal', '=', principal)
    .where('call_id', 'in', callIds)
    .where('deleted_image_id', 'is not', null)
    .orderBy('call_id')
    .orderBy('ordinal')
    .execute();
  return rows.flatMap(({ call_id: callId, deleted_image_id: imageId }) =>
    imageId === null ? [] : [{ callId, imageId }],
  );
}
