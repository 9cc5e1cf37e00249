/** What has been in the trash for long enough, and partial images that are old enough, to be deleted for good. */
import type { Database } from '../../database.ts';

/** Where the previous page ended: pages go by the time of deletion, and by id among equal ones. */
export interface TrashPlace {
  readonly deletedAt: string;
  readonly id: string;
}

export interface TrashedRow extends TrashPlace {
  readonly principal: string;
}

/**
 * Without those that went into the trash with their conversation: they go with it.
 * @param until the latest time of deletion: RFC 3339
 */
export async function pageOfTrashedImages(
  db: Database,
  until: string,
  after: TrashPlace,
  limit: number,
): Promise<readonly TrashedRow[]> {
  const rows = await db
    .selectFrom('images')
    .select(['id', 'principal', 'deleted_at'])
    .where('deleted_at', 'is not', null)
    .where('deleted_at', '<=', until)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('conversations')
            .select('conversations.id')
            .whereRef('conversations.id', '=', 'images.conversation_id')
            .whereRef('conversations.principal', '=', 'images.principal')
            .whereRef('conversations.deleted_at', '=', 'images.deleted_at'),
        ),
      ),
    )
    .where(({ eb, refTuple, tuple }) => eb(refTuple('deleted_at', 'id'), '>', tuple(after.deletedAt, after.id)))
    .orderBy('deleted_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toTrashedRow);
}

/** @param until the latest time of deletion: RFC 3339 */
export async function pageOfTrashedConversations(
  db: Database,
  until: string,
  after: TrashPlace,
  limit: number,
): Promise<readonly TrashedRow[]> {
  const rows = await db
    .selectFrom('conversations')
    .select(['id', 'principal', 'deleted_at'])
    .where('deleted_at', 'is not', null)
    .where('deleted_at', '<=', until)
    .where(({ eb, refTuple, tuple }) => eb(refTuple('deleted_at', 'id'), '>', tuple(after.deletedAt, after.id)))
    .orderBy('deleted_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toTrashedRow);
}

function toTrashedRow(row: {
  readonly id: string;
  readonly principal: string;
  readonly deleted_at: string | null;
}): TrashedRow {
  // The queries return no rows that are not deleted.
  return { id: row.id, principal: row.principal, deletedAt: row.deleted_at ?? '' };
}

/** The conversations whose deletion for good has begun. */
export async function conversationsBeingPurged(
  db: Database,
  limit: number,
): Promise<readonly { readonly id: string; readonly principal: string }[]> {
  return db
    .selectFrom('conversations')
    .select(['id', 'principal'])
    .where('purge_started_at', 'is not', null)
    .orderBy('purge_started_at')
    .limit(limit)
    .execute();
}

/**
 * The partial images of calls that ended at `until` or before, oldest first.
 * @param until RFC 3339
 */
export async function pageOfExpiredPartials(db: Database, until: string, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('partial_images')
    .innerJoin('calls', (join) =>
      join.onRef('calls.id', '=', 'partial_images.call_id').onRef('calls.principal', '=', 'partial_images.principal'),
    )
    .select('partial_images.id')
    // A partial image is older than the end of its call.
    .where('partial_images.created_at', '<=', until)
    .where('calls.completed_at', '<=', until)
    .orderBy('partial_images.created_at')
    .orderBy('partial_images.id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

export async function deletePartials(db: Database, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.deleteFrom('partial_images').where('id', 'in', ids).execute();
}
