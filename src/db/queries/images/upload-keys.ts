/** The images that the idempotency keys of uploads refer to. */
import { insertedRows } from '../../affected-rows.ts';
import type { Database } from '../../database.ts';

export interface UploadKey {
  readonly principal: string;
  readonly key: string;
  readonly inputHash: string;
  readonly imageId: string;
}

/** False, and nothing is stored, when the principal has used the key before. */
export async function insertUploadKey(db: Database, entry: UploadKey, at: string): Promise<boolean> {
  const result = await db
    .insertInto('upload_keys')
    .values({
      principal: entry.principal,
      key: entry.key,
      input_hash: entry.inputHash,
      image_id: entry.imageId,
      created_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return insertedRows(result) === 1;
}

export async function findUploadKey(db: Database, principal: string, key: string): Promise<UploadKey | null> {
  const row = await db
    .selectFrom('upload_keys')
    .selectAll()
    .where('principal', '=', principal)
    .where('key', '=', key)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { principal, key, inputHash: row.input_hash, imageId: row.image_id };
}
