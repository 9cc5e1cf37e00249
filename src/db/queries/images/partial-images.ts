/** Partial images. Queries for clients are restricted to their principal. */
import type { Selectable } from 'kysely';
import type { ImageFormat } from '../../../domain/generation/options.ts';
import type { PartialImage } from '../../../domain/images/image.ts';
import type { Database } from '../../database.ts';
import { commitUnsynced } from '../../durability.ts';
import { runPrepared } from '../../prepared-query.ts';
import type { PartialImagesTable } from '../../tables/images.ts';

export async function insertPartialImage(
  db: Database,
  of: { readonly principal: string; readonly callId: string; readonly itemId: string | null; readonly at: string },
  partial: PartialImage,
): Promise<void> {
  const row = {
    id: partial.id,
    principal: of.principal,
    call_id: of.callId,
    image_index: partial.imageIndex,
    partial_index: partial.index,
    item_id: of.itemId,
    sha256: partial.sha256,
    byte_size: partial.byteSize,
    width: partial.width,
    height: partial.height,
    format: partial.format,
    created_at: of.at,
  };
  await runPrepared(db, 'new partial image', row, (values) => db.insertInto('partial_images').values(values));
}

/** The placeholders of these partial images that are computed. */
export async function thumbhashesOfPartials(
  db: Database,
  principal: string,
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly thumbhash: string | null }[]> {
  return db
    .selectFrom('partial_images')
    .select(['id', 'thumbhash'])
    .where('principal', '=', principal)
    .where('id', 'in', ids)
    .execute();
}

export async function setPartialThumbhash(
  db: Database,
  principal: string,
  id: string,
  thumbhash: string,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('partial_images')
      .set({ thumbhash })
      .where('principal', '=', principal)
      .where('id', '=', id)
      .execute();
    await commitUnsynced(transaction);
  });
}

/** Which partial images of a call are stored. */
export async function partialPlacesOfCall(
  db: Database,
  principal: string,
  callId: string,
): Promise<readonly { readonly itemId: string | null; readonly imageIndex: number; readonly index: number }[]> {
  return db
    .selectFrom('partial_images')
    .select(['item_id as itemId', 'image_index as imageIndex', 'partial_index as index'])
    .where('principal', '=', principal)
    .where('call_id', '=', callId)
    .execute();
}

export async function findPartialImagesOfCalls(
  db: Database,
  principal: string,
  callIds: readonly string[],
): Promise<readonly { readonly callId: string; readonly partial: PartialImage }[]> {
  const rows = await db
    .selectFrom('partial_images')
    .selectAll()
    .where('principal', '=', principal)
    .where('call_id', 'in', callIds)
    .orderBy('call_id')
    .orderBy('image_index')
    .orderBy('partial_index')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ callId: row.call_id, partial: toPartialImage(row) }));
}

function toPartialImage(row: Selectable<PartialImagesTable>): PartialImage {
  return {
    id: row.id,
    imageIndex: row.image_index,
    index: row.partial_index,
    sha256: row.sha256,
    byteSize: row.byte_size,
    width: row.width,
    height: row.height,
    // Only written from the union of the domain.
    format: row.format as ImageFormat,
  };
}
