/** Kysely counts rows in bigints, since some databases have that many; one statement here changes few. */
import type { DeleteResult, InsertResult, UpdateResult } from 'kysely';

export function updatedRows({ numUpdatedRows }: UpdateResult): number {
  return Number(numUpdatedRows);
}

/** 0 when the insert met a conflict and did nothing. */
export function insertedRows({ numInsertedOrUpdatedRows }: InsertResult): number {
  return Number(numInsertedOrUpdatedRows ?? 0);
}

export function deletedRows({ numDeletedRows }: DeleteResult): number {
  return Number(numDeletedRows);
}
