/** The record of what the upstream was asked to create: a row stands before the request leaves (promise 6). */
import type { Insertable, Updateable } from 'kysely';
import type { Database } from './database.ts';
import type { AttemptsTable } from './tables.ts';

export async function insertAttempt(db: Database, row: Insertable<AttemptsTable>): Promise<void> {
  await db.insertInto('attempts').values(row).execute();
}

export async function updateAttempt(
  db: Database,
  callId: string,
  attempt: number,
  change: Pick<Updateable<AttemptsTable>, 'response_id' | 'request_id' | 'usage' | 'ended_at'>,
): Promise<void> {
  await db.updateTable('attempts').set(change).where('call_id', '=', callId).where('attempt', '=', attempt).execute();
}
