/** Which images a list has, as conditions on the table `images`. */
import { expressionBuilder, type ReferenceExpression, type SelectQueryBuilder } from 'kysely';
import type { ImageFormat } from '../../domain/generation/options.ts';
import type { ImageOrigin } from '../../domain/images/image.ts';
import { searchTerms } from '../../domain/search-words.ts';
import { conversationInPurgeOf, conversationsInPurge } from '../conversations-in-purge.ts';
import type { Database } from '../database.ts';
import { type FoundRow, type SearchQuery, searchDriverOf } from '../search.ts';
import type { Tables } from '../tables.ts';
import { createdWithin, FOUND, type ReadFound, readFound } from './found-page.ts';
import { idsCreatedBetween } from './page.ts';

/** What is undefined does not restrict the list. */
export interface ImageFilter {
  readonly conversationId?: string | undefined;
  readonly callId?: string | undefined;
  /** Every word must be found (src/domain/search-words.ts). */
  readonly search?: string | undefined;
  readonly origin?: ImageOrigin | undefined;
  readonly favorite?: boolean | undefined;
  /** All of these. */
  readonly tags?: readonly string[] | undefined;
  /** One of these. */
  readonly formats?: readonly ImageFormat[] | undefined;
  /** One of these. */
  readonly models?: readonly string[] | undefined;
  /** RFC 3339 in UTC with milliseconds; excluded, as is the other one. */
  readonly createdAfter?: string | undefined;
  readonly createdBefore?: string | undefined;
  /** The images in the trash instead of the others. */
  readonly deleted?: boolean | undefined;
}

/** The columns that conditions and orders can name, whatever the query begins with. */
interface ImageSources extends Tables {
  found: FoundRow;
}

export type ImageQuery = SelectQueryBuilder<ImageSources, 'images' | 'image_tags' | 'found', object>;

export interface MatchingImages {
  readonly query: ImageQuery;
  /** The column with the ids in the order in which the database finds them. */
  readonly id: ReferenceExpression<ImageSources, 'images' | 'image_tags' | 'found'> & string;
}

/** The images of a list, without its search. */
export function matchingImages(db: Database, principal: string, filter: ImageFilter): MatchingImages {
  const [tag, ...tags] = filter.tags ?? [];
  if (tag === undefined)
    return { query: restricted(asImages(db.selectFrom('images')), principal, filter), id: 'images.id' };
  // A join names the table with the fewest matching rows first (drivers/sqlite/compiler.ts).
  const tagged = db
    .selectFrom('image_tags')
    .innerJoin('images', 'images.id', 'image_tags.image_id')
    .where('image_tags.principal', '=', principal)
    .where('image_tags.tag', '=', tag);
  return { query: restricted(asImages(tagged), principal, { ...filter, tags }), id: 'image_tags.image_id' };
}

/** Reads the images that the search index finds. */
export function foundImages(db: Database, principal: string, filter: ImageFilter): ReadFound {
  return async (range) => {
    // The index does not know the call of an image. A call has few of them.
    const ids = filter.callId === undefined ? undefined : await idsOfCall(db, principal, filter.callId);
    return readFound(db, { ...searchOf(principal, filter), ids }, createdWithin(db, range, filter), (table) => {
      const query = db.selectFrom(table).innerJoin('images', 'images.id', 'found.id');
      return restricted(asImages(query), principal, filter).select(FOUND);
    });
  };
}

/** How many images the search index finds. */
export async function countFoundImages(db: Database, principal: string, filter: ImageFilter): Promise<number> {
  if (filter.callId === undefined) return countIndexed(db, principal, filter);
  const found = await foundImages(db, principal, filter)({ order: 'asc', limit: MAX_IMAGES_OF_A_CALL });
  return found.length;
}

/** The index knows what is in the trash, and not what of it is being deleted for good. */
async function countIndexed(db: Database, principal: string, filter: ImageFilter): Promise<number> {
  const count = (facts: ImageFilter) =>
    searchDriverOf(db).count(db, searchOf(principal, facts), createdWithin(db, {}, filter));
  const all = await count(filter);
  if (filter.deleted !== true || all === 0) return all;
  const going = (await conversationsInPurge(db, principal)).filter((id) => id === (filter.conversationId ?? id));
  let shown = all;
  for (const conversationId of going) shown -= await count({ ...filter, conversationId });
  return Math.max(0, shown);
}

/** Far more than a call can have. */
const MAX_IMAGES_OF_A_CALL = 1_000;

async function idsOfCall(db: Database, principal: string, callId: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('images')
    .select('id')
    .where('principal', '=', principal)
    .where('call_id', '=', callId)
    .execute();
  return rows.map(({ id }) => id);
}

/** Whether no image can match: none is in one of no formats. */
export function isNever({ formats, models }: ImageFilter): boolean {
  return formats?.length === 0 || models?.length === 0;
}

/** What of a filter restricts a list that is not searched. */
export function restrictionsOf({ search: _, tags = [], deleted = false, ...others }: ImageFilter): ImageFilter {
  const given = Object.entries(others).filter(([, value]) => value !== undefined);
  // The same entries, but for those that are undefined.
  const restrictions = Object.fromEntries(given) as ImageFilter;
  return { ...restrictions, ...(tags.length > 0 ? { tags } : {}), ...(deleted ? { deleted } : {}) };
}

function searchOf(principal: string, { search = '', deleted = false, ...facts }: ImageFilter): SearchQuery {
  return { table: 'images', principal, terms: searchTerms(search), facts: { ...facts, isDeleted: deleted } };
}

// The three ways to begin have the columns of `images`, which conditions name; each order names its own table.
function asImages(query: unknown): ImageQuery {
  return query as ImageQuery;
}

function restricted(query: ImageQuery, principal: string, filter: ImageFilter): ImageQuery {
  const { conversationId, callId, origin, favorite, tags = [], formats, models, createdAfter, createdBefore } = filter;
  const ids = idsCreatedBetween(createdAfter, createdBefore);
  let matching = query
    .where('images.principal', '=', principal)
    .where('images.deleted_at', filter.deleted === true ? 'is not' : 'is', null);
  if (conversationId !== undefined) matching = matching.where('images.conversation_id', '=', conversationId);
  if (callId !== undefined) matching = matching.where('images.call_id', '=', callId);
  if (origin !== undefined) matching = matching.where('images.origin', '=', origin);
  // A literal, by which SQLite recognizes the index of favourites.
  if (favorite !== undefined) matching = matching.where(({ eb, lit }) => eb('images.favorite', '=', lit(favorite)));
  if (formats !== undefined) matching = matching.where('images.format', 'in', formats);
  if (models !== undefined) matching = matching.where('images.model', 'in', models);
  if (ids.from !== undefined) matching = matching.where('images.id', '>', ids.from);
  if (ids.to !== undefined) matching = matching.where('images.id', '<', ids.to);
  if (createdAfter !== undefined) matching = matching.where('images.created_at', '>', createdAfter);
  if (createdBefore !== undefined) matching = matching.where('images.created_at', '<', createdBefore);
  if (filter.deleted === true)
    matching = matching.where(({ not, exists }) => not(exists(conversationInPurgeOf('images', principal))));
  for (const tag of tags) matching = matching.where(({ exists }) => exists(tagOfImage(principal, tag)));
  return matching;
}

function tagOfImage(principal: string, tag: string) {
  return expressionBuilder<ImageSources, 'images'>()
    .selectFrom('image_tags')
    .select('image_tags.tag')
    .whereRef('image_tags.image_id', '=', 'images.id')
    .where('image_tags.principal', '=', principal)
    .where('image_tags.tag', '=', tag);
}
