/**
 * Source images that were uploaded to an upstream. Each belongs to one principal: when two have the same picture, each
 * uploads it, so that nobody can tell from a fast start that somebody else has it.
 */
import type { Selectable } from 'kysely';
import type { Database } from '../../database.ts';
import type { UpstreamFilesTable } from '../../tables/images.ts';

/** The principal's file that holds this content and has not expired at `at`. */
export async function findUpstreamFile(
  db: Database,
  principal: string,
  { upstream, content, at }: { readonly upstream: string; readonly content: string; readonly at: string },
): Promise<string | null> {
  const row = await db
    .selectFrom('upstream_files')
    .select('file_id')
    .where('principal', '=', principal)
    .where('upstream', '=', upstream)
    .where('content', '=', content)
    .where(({ or, eb }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', at)]))
    .executeTakeFirst();
  return row?.file_id ?? null;
}

/** Stores an uploaded file; replaces the principal's older one with the same content. */
export async function putUpstreamFile(db: Database, file: Selectable<UpstreamFilesTable>): Promise<void> {
  const { file_id, expires_at, created_at } = file;
  await db
    .insertInto('upstream_files')
    .values(file)
    .onConflict((conflict) =>
      conflict.columns(['principal', 'upstream', 'content']).doUpdateSet({ file_id, expires_at, created_at }),
    )
    .execute();
}

export async function forgetUpstreamFiles(
  db: Database,
  principal: string,
  upstream: string,
  fileIds: readonly string[],
): Promise<void> {
  if (fileIds.length === 0) return;
  await db
    .deleteFrom('upstream_files')
    .where('principal', '=', principal)
    .where('upstream', '=', upstream)
    .where('file_id', 'in', fileIds)
    .execute();
}
