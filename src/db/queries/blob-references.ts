/** Which stored files the database names: each is the bytes of an image or of a partial image. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Database } from '../database.ts';

/** A stored file as a row names it. */
export interface BlobReference {
  readonly sha256: string;
  readonly byteSize: number;
}

/** Every table that names stored files; one that is added and left out here loses its files to the next sweep. */
const TABLES = ['images', 'partial_images'] as const;

/** A few milliseconds of reading, behind which others get their turn. */
const PAGE_SIZE = 1000;

/** The files of all rows that were there before; one that several rows name comes several times. */
export async function* blobReferences(db: Database): AsyncGenerator<BlobReference> {
  for (const table of TABLES) {
    for (let after = ''; ; ) {
      const rows = await db
        .selectFrom(table)
        .select(['id', 'sha256', 'byte_size as byteSize'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(PAGE_SIZE)
        .execute();
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.id;
      await turn();
    }
  }
}
