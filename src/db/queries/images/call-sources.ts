/** What calls were made from: the images that a client named, or the one that is implied. Restricted to their principal. */
import type { Image } from '../../../domain/images/image.ts';
import type { Database } from '../../database.ts';
import { IMAGE, toImage } from '../../image-row.ts';

/** Stores the source images that a client named, in order. */
export async function insertCallSources(
  db: Database,
  principal: string,
  callId: string,
  images: readonly Image[],
): Promise<void> {
  if (images.length === 0) return;
  await db
    .insertInto('call_sources')
    .values(
      images.map((image, ordinal) => ({
        call_id: callId,
        ordinal,
        image_id: image.id,
        deleted_image_id: null,
        principal,
        is_implied: false,
      })),
    )
    .execute();
}

/** Stores the image that a call goes on from without naming it, once it is known. Does nothing the next time. */
export async function insertImpliedSource(
  db: Database,
  principal: string,
  callId: string,
  imageId: string,
): Promise<void> {
  const row = { call_id: callId, ordinal: 0, image_id: imageId, deleted_image_id: null, principal, is_implied: true };
  await db
    .insertInto('call_sources')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The source images of each call, in the order in which the client named them; or else the implied one. */
export async function findSourcesOfCalls(
  db: Database,
  principal: string,
  callIds: readonly string[],
): Promise<readonly { readonly callId: string; readonly image: Image; readonly isImplied: boolean }[]> {
  const rows = await db
    // A join names the table with the fewest matching rows first (drivers/sqlite/compiler.ts).
    .selectFrom('call_sources')
    .innerJoin('images', 'images.id', 'call_sources.image_id')
    .where('call_sources.principal', '=', principal)
    .where('images.principal', '=', principal)
    .select(IMAGE)
    .select(['call_sources.call_id as of_call', 'call_sources.is_implied as implied'])
    .where('call_sources.call_id', 'in', callIds)
    .orderBy('call_sources.call_id')
    .orderBy('call_sources.ordinal')
    .execute();
  return rows.map((row) => ({ callId: row.of_call, image: toImage(row), isImplied: row.implied }));
}
