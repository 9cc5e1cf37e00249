/** Finished images. Queries for clients are restricted to their principal. */
import { hasWords, isFoundByIndex } from '../../../domain/found-lists.ts';
import { IMAGE_ORIGINS, type Image } from '../../../domain/images/image.ts';
import type { Database } from '../../database.ts';
import { COLUMNS, IMAGE, toImage } from '../../image-row.ts';
import { pageOfFound, placed } from '../../lists/found-page.ts';
import {
  countFoundImages,
  foundImages,
  type ImageFilter,
  isNever,
  matchingImages,
  restrictionsOf,
} from '../../lists/image-filter.ts';
import { countLists } from '../../lists/list-counts.ts';
import { firstOf, type Page, type Placed, page } from '../../lists/page.ts';
import { runPrepared } from '../../prepared-query.ts';

export async function insertImage(db: Database, image: Image): Promise<void> {
  await db
    .insertInto('images')
    .values({
      id: image.id,
      principal: image.principal,
      conversation_id: image.conversationId,
      call_id: image.callId,
      image_index: image.imageIndex,
      origin: image.origin,
      purpose: image.purpose,
      sha256: image.sha256,
      byte_size: image.byteSize,
      width: image.width,
      height: image.height,
      format: image.format,
      thumbhash: image.thumbhash,
      prompt: image.prompt,
      revised_prompt: image.revisedPrompt,
      requested: image.requested === null ? null : JSON.stringify(image.requested),
      actual: image.actual === null ? null : JSON.stringify(image.actual),
      item_id: image.itemId,
      response_id: image.responseId,
      verbatim: image.verbatim,
      favorite: image.favorite,
      model: image.actual?.model ?? image.requested?.model ?? null,
      deleted_at: image.deletedAt,
      has_content_credentials: image.hasContentCredentials,
      created_at: image.createdAt,
    })
    .execute();
}

export async function setThumbhash(db: Database, principal: string, id: string, thumbhash: string): Promise<void> {
  await db.updateTable('images').set({ thumbhash }).where('principal', '=', principal).where('id', '=', id).execute();
}

export async function setContentCredentials(
  db: Database,
  principal: string,
  id: string,
  isThere: boolean,
): Promise<void> {
  await db
    .updateTable('images')
    .set({ has_content_credentials: isThere })
    .where('principal', '=', principal)
    .where('id', '=', id)
    .execute();
}

export async function setFavorite(db: Database, principal: string, id: string, favorite: boolean): Promise<void> {
  await db.updateTable('images').set({ favorite }).where('principal', '=', principal).where('id', '=', id).execute();
}

export async function findImages(db: Database, principal: string, ids: readonly string[]): Promise<readonly Image[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('images')
    .select(IMAGE)
    .where('principal', '=', principal)
    .where('id', 'in', ids)
    .execute();
  return rows.map(toImage);
}

/** All images of these calls, those in the trash too: they were made and paid for. */
export async function findImagesOfCalls(
  db: Database,
  principal: string,
  callIds: readonly string[],
): Promise<readonly Image[]> {
  const rows = await db
    .selectFrom('images')
    .select(IMAGE)
    .where('principal', '=', principal)
    .where('call_id', 'in', callIds)
    .orderBy('call_id')
    .orderBy('image_index')
    .execute();
  return rows.map(toImage);
}

/** The images of these calls without those that were deleted on their own. A call in the trash has its images there. */
export async function findShownImagesOfCalls(
  db: Database,
  principal: string,
  callIds: readonly string[],
): Promise<readonly Image[]> {
  const rows = await db
    // The fewest rows first, as below.
    .selectFrom('calls')
    .innerJoin('images', 'images.call_id', 'calls.id')
    .select(IMAGE)
    .where('calls.principal', '=', principal)
    .where('images.principal', '=', principal)
    .where('calls.id', 'in', callIds)
    .whereRef('images.deleted_at', 'is not distinct from', 'calls.deleted_at')
    .orderBy('images.call_id')
    .orderBy('images.image_index')
    .execute();
  return rows.map(toImage);
}

/**
 * The newest image of a conversation that is no mask and no markup, and was not deleted on its own. A conversation in the
 * trash has its newest image there.
 */
export async function newestImage(db: Database, principal: string, conversationId: string): Promise<Image | null> {
  const [image] = await newestImages(db, principal, [conversationId]);
  return image ?? null;
}

/** The newest image of each conversation, as above. */
export async function newestImages(
  db: Database,
  principal: string,
  conversationIds: readonly string[],
): Promise<readonly Image[]> {
  const rows = await db
    .selectFrom('conversations')
    .innerJoin('images', (join) =>
      join.on('images.id', '=', ({ selectFrom }) =>
        selectFrom('images')
          .select('images.id')
          .where('images.principal', '=', principal)
          .whereRef('images.conversation_id', '=', 'conversations.id')
          .where('images.purpose', '=', 'SOURCE')
          .whereRef('images.deleted_at', 'is not distinct from', 'conversations.deleted_at')
          .orderBy('images.id', 'desc')
          .limit(1),
      ),
    )
    .select(IMAGE)
    .where('conversations.principal', '=', principal)
    .where('images.principal', '=', principal)
    .where('conversations.id', 'in', conversationIds)
    .execute();
  return rows.map(toImage);
}

/** @param properties which properties to read, since each column costs time; all by default */
export async function pageOfImages<Property extends keyof Image = keyof Image>(
  db: Database,
  principal: string,
  filter: ImageFilter,
  window: Page,
  properties?: readonly Property[],
): Promise<readonly Placed<Pick<Image, Property>>[]> {
  if (isNever(filter)) return [];
  const columns = properties?.map((property) => COLUMNS[property]) ?? IMAGE;
  if (isFoundByIndex(filter)) {
    const places = await pageOfFound(foundImages(db, principal, filter), window);
    const ids = places.map(({ id }) => id);
    const query = db.selectFrom('images').select(columns).select('images.id').where('images.principal', '=', principal);
    const rows = ids.length === 0 ? [] : await query.where('images.id', 'in', ids).execute();
    return placed(places, rows.map(toImage));
  }
  if (isUsual(filter)) return pageOfUsualImages(db, principal, filter, window, properties);
  // One query for each, merged: with several values in one, a database may read all images to find rare ones.
  const pages = alternatives(filter).map((each) => {
    const { query, id } = matchingImages(db, principal, each);
    return page(query.select(columns), id, window).execute();
  });
  const rows = (await Promise.all(pages)).flat();
  return firstOf(window, rows.map(toImage));
}

export async function countImages(db: Database, principal: string, filter: ImageFilter): Promise<number> {
  if (isNever(filter)) return 0;
  const { origin, ...others } = restrictionsOf(filter);
  if (!hasWords(filter) && Object.keys(others).length === 0) {
    return countLists(
      db,
      principal,
      (origin === undefined ? IMAGE_ORIGINS : [origin]).map((each) => `images ${each}`),
    );
  }
  const isLong = filter.conversationId === undefined && filter.callId === undefined;
  if (isLong || hasWords(filter)) return countFoundImages(db, principal, filter);
  const { query } = matchingImages(db, principal, filter);
  const row = await query.select(({ fn }) => fn.countAll().as('count')).executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** How many images each conversation has, without those in the trash. */
export async function countImagesOfConversations(
  db: Database,
  principal: string,
  conversationIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('images')
    .select(['conversation_id as of', ({ fn }) => fn.countAll().as('count')])
    .where('principal', '=', principal)
    .where('conversation_id', 'in', conversationIds)
    .where('deleted_at', 'is', null)
    .groupBy('conversation_id')
    .execute();
  return new Map(rows.map(({ of, count }) => [of ?? '', Number(count)]));
}

/** The lists that frontends read all the time: everything, or one conversation or call. */
function isUsual(filter: ImageFilter): boolean {
  const { conversationId: _, callId: __, ...others } = restrictionsOf(filter);
  return Object.keys(others).length === 0;
}

/** Compiled once. */
async function pageOfUsualImages<Property extends keyof Image = keyof Image>(
  db: Database,
  principal: string,
  { conversationId, callId }: ImageFilter,
  { inverted, direction, after, before, limit }: Page,
  properties?: readonly Property[],
): Promise<readonly Pick<Image, Property>[]> {
  const values = { principal, conversationId, callId, after, before, limit };
  const shape = `images ${direction} ${inverted} ${properties?.join()}`;
  const rows = await runPrepared(db, shape, values, (given) => {
    const columns = properties?.map((property) => COLUMNS[property]) ?? IMAGE;
    const { query, id } = matchingImages(db, given.principal, given);
    return page(query.select(columns), id, { ...given, inverted, direction });
  });
  return rows.map(toImage);
}

/** The filter once for each of its models, or formats: each has an index of its own. */
function alternatives(filter: ImageFilter): readonly ImageFilter[] {
  const { models, formats } = filter;
  if (models !== undefined && models.length > 1)
    return [...new Set(models)].map((model) => ({ ...filter, models: [model] }));
  if (formats === undefined || formats.length < 2) return [filter];
  return [...new Set(formats)].map((format) => ({ ...filter, formats: [format] }));
}
