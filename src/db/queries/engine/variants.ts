/** Variants of all principals, for keeping their store within its limit. */
import type { Database } from '../../database.ts';

/** What a removed variant leaves behind, unless another one has the same bytes. */
export interface RemovedVariant {
  readonly sha256: string;
  readonly byteSize: number;
}

export async function bytesOfVariants(db: Database): Promise<number> {
  const { bytes } = await db
    .selectFrom('variants')
    .select(({ fn }) => fn.sum<number | null>('byte_size').as('bytes'))
    .executeTakeFirstOrThrow();
  return Number(bytes ?? 0);
}

/** Removes the variants that were unused for longest. */
export async function removeLeastUsed(db: Database, count: number): Promise<readonly RemovedVariant[]> {
  return db
    .deleteFrom('variants')
    .where('id', 'in', (from) => from.selectFrom('variants').select('id').orderBy('used_at').orderBy('id').limit(count))
    .returning(['sha256', 'byte_size as byteSize'])
    .execute();
}

/** The ids of variants behind the id `after`, in their order. */
export async function pageOfVariants(db: Database, after: string, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('variants')
    .select('id')
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Removes those of these variants whose image is gone. */
export async function removeOrphanedVariants(db: Database, ids: readonly string[]): Promise<readonly RemovedVariant[]> {
  if (ids.length === 0) return [];
  return db
    .deleteFrom('variants')
    .where('id', 'in', ids)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('images')
            .select('images.id')
            .whereRef('images.sha256', '=', 'variants.source_sha256')
            .whereRef('images.principal', '=', 'variants.principal'),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('partial_images')
            .select('partial_images.id')
            .whereRef('partial_images.sha256', '=', 'variants.source_sha256')
            .whereRef('partial_images.principal', '=', 'variants.principal'),
        ),
      ),
    )
    .returning(['sha256', 'byte_size as byteSize'])
    .execute();
}

export async function isVariantBlobUsed(db: Database, sha256: string): Promise<boolean> {
  const [row] = await db.selectFrom('variants').select('id').where('sha256', '=', sha256).limit(1).execute();
  return row !== undefined;
}
