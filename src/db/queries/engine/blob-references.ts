/** The blobs that rows refer to: the bytes of images and partial images. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Database } from '../../database.ts';

/** A blob as a row refers to it. */
export interface BlobReference {
  readonly sha256: string;
  readonly byteSize: number;
  /** Whether it is a preview, which a power cut may have taken (src/domain/durability.ts). */
  readonly isPreview: boolean;
}

/** Every table that refers to blobs. The garbage collection deletes the blobs of a table that is missing here. */
const TABLES = ['images', 'partial_images'] as const;

/** Rows per query: a few milliseconds of reading, after which other work gets its turn. */
const PAGE_SIZE = 1000;

/** The blobs of all rows that existed before. A blob that several rows refer to is returned several times. */
export function blobReferences(db: Database): AsyncGenerator<BlobReference> {
  return referencesOf(db, TABLES);
}

/** The same of the store of the variants. */
export function variantReferences(db: Database): AsyncGenerator<BlobReference> {
  return referencesOf(db, ['variants']);
}

async function* referencesOf(
  db: Database,
  tables: readonly ('images' | 'partial_images' | 'variants')[],
): AsyncGenerator<BlobReference> {
  for (const table of tables) {
    for (let after = ''; ; ) {
      const rows = await db
        .selectFrom(table)
        .select(['id', 'sha256', 'byte_size as byteSize'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(PAGE_SIZE)
        .execute();
      for (const row of rows) yield { ...row, isPreview: table === 'partial_images' };
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.id;
      await turn();
    }
  }
}
