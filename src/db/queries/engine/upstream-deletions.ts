/** What is to be deleted at the upstream. It is stored with the deletion here, and sent later. */
import type { UpstreamDeletion, UpstreamDeletionKind } from '../../../domain/upstream-deletion.ts';
import type { Database } from '../../database.ts';

export async function insertUpstreamDeletions(
  db: Database,
  deletions: readonly UpstreamDeletion[],
  at: string,
): Promise<void> {
  if (deletions.length === 0) return;
  await db
    .insertInto('upstream_deletions')
    .values(
      deletions.map(({ principal, upstream, kind, upstreamId }) => ({
        principal,
        upstream,
        kind,
        upstream_id: upstreamId,
        created_at: at,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** What is to be deleted at this upstream, behind the place `after` of the previous page. */
export async function pageOfUpstreamDeletions(
  db: Database,
  upstream: string,
  after: UpstreamDeletion | null,
  limit: number,
): Promise<readonly UpstreamDeletion[]> {
  const all = db
    .selectFrom('upstream_deletions')
    .select(['principal', 'upstream', 'kind', 'upstream_id'])
    .where('upstream', '=', upstream)
    .orderBy('upstream_id')
    .limit(limit);
  const rows = await (after === null ? all : all.where('upstream_id', '>', after.upstreamId)).execute();
  return rows.map(({ kind, upstream_id: upstreamId, ...row }) => ({
    ...row,
    // Only written from the union of the domain.
    kind: kind as UpstreamDeletionKind,
    upstreamId,
  }));
}

export async function deleteUpstreamDeletion(
  db: Database,
  { principal, upstream, kind, upstreamId }: UpstreamDeletion,
): Promise<void> {
  await db
    .deleteFrom('upstream_deletions')
    .where('principal', '=', principal)
    .where('upstream', '=', upstream)
    .where('kind', '=', kind)
    .where('upstream_id', '=', upstreamId)
    .execute();
}

/** Gives up what has waited since before `until`: RFC 3339. */
export async function deleteOldUpstreamDeletions(db: Database, until: string): Promise<void> {
  await db.deleteFrom('upstream_deletions').where('created_at', '<', until).execute();
}
