/** The tags of a principal, with how many images outside the trash have each. */
import type { TagCount, TagPage } from '../../../domain/images/image-tags.ts';
import type { Database } from '../../database.ts';
import type { TagsWithin } from '../../reader.ts';

/** What the names of the counts begin with: `list_counts` has other lists, too. */
const LIST = 'tag:';
/** Behind every text that begins with the prefix. */
const LAST = '\u{10FFFF}';

/** The tags that begin with the prefix. The database counts while it changes them. */
export async function tagsInUse(
  db: Database,
  principal: string,
  { prefix, order, limit }: TagPage,
): Promise<readonly TagCount[]> {
  const query = db
    .selectFrom('list_counts')
    .select(['list', 'count'])
    .where('principal', '=', principal)
    .where('list', '>=', LIST + prefix)
    .where('list', '<', LIST + prefix + LAST)
    .limit(limit);
  const rows = await (order === 'USE' ? query.orderBy('count', 'desc') : query).orderBy('list').execute();
  return rows.map(({ list, count }) => ({ name: list.slice(LIST.length), imageCount: Number(count) }));
}

/** The same within one conversation or call, which has few images. */
export async function tagsWithin(
  db: Database,
  principal: string,
  { conversationId, callId }: TagsWithin,
  { prefix, order, limit }: TagPage,
): Promise<readonly TagCount[]> {
  let query = db
    .selectFrom('images')
    .innerJoin('image_tags', (join) =>
      join.onRef('image_tags.image_id', '=', 'images.id').onRef('image_tags.principal', '=', 'images.principal'),
    )
    .select(['image_tags.tag as name', ({ fn }) => fn.countAll<number | string>().as('imageCount')])
    .where('images.principal', '=', principal)
    .where('images.deleted_at', 'is', null)
    .where('image_tags.tag', '>=', prefix)
    .where('image_tags.tag', '<', prefix + LAST)
    .groupBy('image_tags.tag')
    .limit(limit);
  if (conversationId !== undefined) query = query.where('images.conversation_id', '=', conversationId);
  if (callId !== undefined) query = query.where('images.call_id', '=', callId);
  const rows = await (order === 'USE' ? query.orderBy('imageCount', 'desc') : query)
    .orderBy('image_tags.tag')
    .execute();
  return rows.map(({ name, imageCount }) => ({ name, imageCount: Number(imageCount) }));
}
