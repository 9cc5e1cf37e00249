/** The record of what the upstream was asked to create: a row stands before the request leaves (promise 6). */
import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Database } from './database.ts';
import type { AttemptsTable } from './tables.ts';

/** The states of engine/machine.ts, in whose words the column is written. */
type AttemptState = 'ASKED' | 'ACCEPTED' | 'UNKNOWN' | 'SETTLED';

export type AttemptRow = Omit<Selectable<AttemptsTable>, 'state'> & { readonly state: AttemptState };

export type AttemptChange = Omit<Updateable<AttemptsTable>, 'call_id' | 'attempt' | 'principal' | 'state'>;

export async function insertAttempt(db: Database, row: Insertable<AttemptsTable>): Promise<void> {
  await db.insertInto('attempts').values(row).execute();
}

export async function findAttempt(db: Database, callId: string, attempt: number): Promise<AttemptRow | null> {
  const row = await db
    .selectFrom('attempts')
    .selectAll()
    .where('call_id', '=', callId)
    .where('attempt', '=', attempt)
    .executeTakeFirst();
  return row === undefined ? null : toRow(row);
}

export async function updateAttempt(
  db: Database,
  callId: string,
  attempt: number,
  change: AttemptChange & { readonly state?: AttemptState },
): Promise<void> {
  await db.updateTable('attempts').set(change).where('call_id', '=', callId).where('attempt', '=', attempt).execute();
}

/** Attempts whose end is not known though the upstream named them, begun behind `since`: what can be asked for later. */
export async function unknownAttempts(db: Database, since: string): Promise<readonly AttemptRow[]> {
  const rows = await db
    .selectFrom('attempts')
    .selectAll()
    .where('state', '=', 'UNKNOWN')
    .where('response_id', 'is not', null)
    .where('started_at', '>', since)
    .orderBy('started_at')
    .execute();
  return rows.map(toRow);
}

function toRow(row: Selectable<AttemptsTable>): AttemptRow {
  // Written from these words only.
  return { ...row, state: row.state as AttemptState };
}
