/** The calls that idempotency keys refer to. */
import { insertedRows } from '../affected-rows.ts';
import type { Database } from '../database.ts';

export interface IdempotencyKey {
  readonly principal: string;
  readonly key: string;
  readonly inputHash: string;
  readonly callId: string;
}

/** False, and nothing is stored, when the principal has used the key before. */
export async function insertIdempotencyKey(db: Database, entry: IdempotencyKey, at: string): Promise<boolean> {
  const result = await db
    .insertInto('idempotency_keys')
    .values({
      principal: entry.principal,
      key: entry.key,
      input_hash: entry.inputHash,
      call_id: entry.callId,
      created_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return insertedRows(result) === 1;
}

export async function findIdempotencyKey(db: Database, principal: string, key: string): Promise<IdempotencyKey | null> {
  const row = await db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('principal', '=', principal)
    .where('key', '=', key)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { principal, key, inputHash: row.input_hash, callId: row.call_id };
}
