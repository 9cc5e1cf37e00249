/** Variants of the images of one principal. */
import type { VariantKey } from '../../../domain/images/variant.ts';
import type { Database } from '../../database.ts';
import { runPrepared } from '../../prepared-query.ts';

/** A variant that was made. */
export interface StoredVariant {
  readonly id: string;
  readonly sha256: string;
  readonly byteSize: number;
  readonly usedAt: string;
}

export async function findVariant(db: Database, key: VariantKey): Promise<StoredVariant | null> {
  const { principal, sourceSha256, width, format } = key;
  const [row] = await runPrepared(db, 'a variant', { principal, sourceSha256, width, format }, (values) =>
    db
      .selectFrom('variants')
      .select(['id', 'sha256', 'byte_size as byteSize', 'used_at as usedAt'])
      .where('source_sha256', '=', values.sourceSha256)
      .where('principal', '=', values.principal)
      .where('width', '=', values.width)
      .where('format', '=', values.format),
  );
  return row ?? null;
}

export interface NewVariant extends VariantKey {
  readonly id: string;
  readonly sha256: string;
  readonly byteSize: number;
  readonly at: string;
}

/**
 * Stores a variant in a transaction that finds its image: no variant outlives the images that it shows.
 * @returns false when the principal has no image and no partial image with the source's bytes any more
 */
export async function putVariant(transaction: Database, variant: NewVariant): Promise<boolean> {
  const { principal } = variant;
  if (!(await hasBytes(transaction, principal, variant.sourceSha256))) return false;
  await insertVariant(transaction, variant);
  return true;
}

/** Stores a variant, or what replaces its bytes. */
export async function insertVariant(db: Database, variant: NewVariant): Promise<void> {
  const { principal, sourceSha256 } = variant;
  const made = { sha256: variant.sha256, byte_size: variant.byteSize, created_at: variant.at, used_at: variant.at };
  await db
    .insertInto('variants')
    .values({
      id: variant.id,
      principal,
      source_sha256: sourceSha256,
      width: variant.width,
      format: variant.format,
      ...made,
    })
    .onConflict((conflict) => conflict.columns(['source_sha256', 'principal', 'width', 'format']).doUpdateSet(made))
    .execute();
}

/** Whether an image or a partial image of the principal has these bytes; the trash counts. */
export async function hasBytes(db: Database, principal: string, sha256: string): Promise<boolean> {
  const [row] = await db
    .selectFrom('images')
    .select('id')
    .where('sha256', '=', sha256)
    .where('principal', '=', principal)
    .unionAll(
      db.selectFrom('partial_images').select('id').where('sha256', '=', sha256).where('principal', '=', principal),
    )
    .execute();
  return row !== undefined;
}

export async function touchVariant(db: Database, principal: string, id: string, at: string): Promise<void> {
  await db
    .updateTable('variants')
    .set({ used_at: at })
    .where('principal', '=', principal)
    .where('id', '=', id)
    .execute();
}
