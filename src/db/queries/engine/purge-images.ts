/** Removes the rows of an image, and what refers to it. The bytes are removed when no row refers to them any more. */
import { uploadedContentsOf } from '../../../domain/upstream-deletion.ts';
import type { Database, DatabaseTransaction } from '../../database.ts';
import { forUpdate } from '../../locking.ts';

/** What has to be known of an image to remove everything of it. */
export interface PurgedImage {
  readonly id: string;
  readonly principal: string;
  readonly conversationId: string | null;
  readonly callId: string | null;
  readonly imageIndex: number;
  readonly sha256: string;
  readonly responseId: string | null;
  readonly deletedAt: string | null;
}

/** The image as it is now, locked until the transaction ends: nobody can restore it, or begin to use it, meanwhile. */
export async function lockImage(transaction: DatabaseTransaction, id: string): Promise<PurgedImage | null> {
  const query = transaction
    .selectFrom('images')
    .select(['id', 'principal', 'conversation_id as conversationId', 'call_id as callId'])
    .select(['image_index as imageIndex', 'sha256', 'response_id as responseId', 'deleted_at as deletedAt'])
    .where('id', '=', id);
  return (await forUpdate(transaction, query).executeTakeFirst()) ?? null;
}

/** Whether a call that has not ended works from the image. */
export async function isUsedByOpenCall(db: Database, { id, principal }: PurgedImage): Promise<boolean> {
  const source = await db
    .selectFrom('call_sources')
    .innerJoin('calls', (join) =>
      join.onRef('calls.id', '=', 'call_sources.call_id').onRef('calls.principal', '=', 'call_sources.principal'),
    )
    .select('calls.id')
    .where('call_sources.image_id', '=', id)
    .where('call_sources.principal', '=', principal)
    .where('calls.completed_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (source !== undefined) return true;
  for (const column of OVERLAYS) {
    const call = await db
      .selectFrom('calls')
      .select('id')
      .where(column, '=', id)
      .where('principal', '=', principal)
      .where('completed_at', 'is', null)
      .limit(1)
      .executeTakeFirst();
    if (call !== undefined) return true;
  }
  return false;
}

const OVERLAYS = ['mask_image_id', 'markup_image_id', 'context_image_id'] as const;

/** Calls that were made from the image keep its id, and lose it as mask, markup or context. */
export async function detachFromCalls(db: Database, { id, principal }: PurgedImage): Promise<void> {
  await db
    .updateTable('call_sources')
    .set({ image_id: null, deleted_image_id: id })
    .where('image_id', '=', id)
    .where('principal', '=', principal)
    .execute();
  for (const column of OVERLAYS) {
    const lost = column === 'context_image_id' ? {} : { overlay_purged: true };
    await db
      .updateTable('calls')
      .set({ [column]: null, ...lost })
      .where(column, '=', id)
      .where('principal', '=', principal)
      .execute();
  }
}

/** The log of the call keeps its order, without the image and without what could be seen of its partial images. */
export async function removeFromLog(
  db: Database,
  { id, principal, callId, imageIndex }: PurgedImage & { readonly callId: string },
): Promise<void> {
  const events = await db
    .selectFrom('events')
    .select(['id', 'type', 'payload'])
    .where('call_id', '=', callId)
    .where('principal', '=', principal)
    .where('type', 'in', ['ImageCompleted', 'PartialImageReceived'])
    .execute();
  for (const event of events) {
    const change = withoutImage(event, { id, imageIndex });
    if (change !== null) {
      await db
        .updateTable('events')
        .set(change)
        .where('id', '=', event.id)
        .where('principal', '=', principal)
        .execute();
    }
  }
}

/** What changes in an event of the call, or null when it is about another image. */
function withoutImage(
  { type, payload }: { readonly type: string; readonly payload: string },
  image: { readonly id: string; readonly imageIndex: number },
): { readonly type?: string; readonly payload: string } | null {
  // `insertEvent` wrote it.
  const { imageId, partial } = JSON.parse(payload) as {
    imageId?: string;
    partial?: { imageIndex: number; thumbhash?: string | null };
  };
  if (type === 'ImageCompleted') return imageId === image.id ? { type: 'ImageRemoved', payload: '{}' } : null;
  if (partial?.imageIndex !== image.imageIndex || partial.thumbhash == null) return null;
  return { payload: JSON.stringify({ partial: { ...partial, thumbhash: null } }) };
}

/** Removes the image, its tags and its partial images. */
export async function deleteImageRows(db: Database, image: PurgedImage): Promise<void> {
  const { id, principal, callId, imageIndex } = image;
  if (callId !== null) {
    await db
      .deleteFrom('partial_images')
      .where('call_id', '=', callId)
      .where('principal', '=', principal)
      .where('image_index', '=', imageIndex)
      .execute();
  }
  await db.deleteFrom('image_tags').where('principal', '=', principal).where('image_id', '=', id).execute();
  await db.deleteFrom('images').where('principal', '=', principal).where('id', '=', id).execute();
}

/** The upstream that made the image's response, unless other images of the response are still here. */
export async function upstreamOfLastImage(
  db: Database,
  { id, principal, callId, responseId }: PurgedImage,
): Promise<string | null> {
  if (callId === null || responseId === null) return null;
  const other = await db
    .selectFrom('images')
    .select('id')
    .where('principal', '=', principal)
    .where('call_id', '=', callId)
    .where('response_id', '=', responseId)
    .where('id', '<>', id)
    .limit(1)
    .executeTakeFirst();
  if (other !== undefined) return null;
  const call = await db
    .selectFrom('calls')
    .select('upstream')
    .where('principal', '=', principal)
    .where('id', '=', callId)
    .executeTakeFirst();
  return call?.upstream ?? null;
}

/** Forgets the files that were uploaded of these bytes, unless another image of the principal has the same. */
export async function takeUploadedFiles(
  db: Database,
  { id, principal, sha256 }: PurgedImage,
): Promise<readonly { readonly upstream: string; readonly fileId: string }[]> {
  const other = await db
    .selectFrom('images')
    .select('id')
    .where('principal', '=', principal)
    .where('sha256', '=', sha256)
    .where('id', '<>', id)
    .limit(1)
    .executeTakeFirst();
  if (other !== undefined) return [];
  const contents = uploadedContentsOf(sha256);
  const files = await db
    .selectFrom('upstream_files')
    .select(['upstream', 'file_id as fileId'])
    .where('principal', '=', principal)
    .where('content', 'in', contents)
    .execute();
  if (files.length > 0) {
    await db.deleteFrom('upstream_files').where('principal', '=', principal).where('content', 'in', contents).execute();
  }
  return files;
}
