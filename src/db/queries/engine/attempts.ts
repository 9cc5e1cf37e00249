/** The requests to the upstream: each row is stored before its request is sent (promise 6). */
import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Database, DatabaseTransaction } from '../../database.ts';
import { forUpdate } from '../../locking.ts';
import { runPrepared } from '../../prepared-query.ts';
import type { AttemptsTable } from '../../tables/generations.ts';
import type { AttemptKey } from '../attempts.ts';

/** The states of state/machine.ts. */
type AttemptState = 'ASKED' | 'ACCEPTED' | 'UNKNOWN' | 'SETTLED';

export type AttemptRow = Omit<Selectable<AttemptsTable>, 'state'> & { readonly state: AttemptState };

export type NewAttemptRow = Insertable<AttemptsTable>;

export type AttemptChange = Omit<Updateable<AttemptsTable>, 'call_id' | 'attempt' | 'task' | 'principal' | 'state'>;

export async function insertAttempts(db: Database, rows: readonly NewAttemptRow[]): Promise<void> {
  await db
    .insertInto('attempts')
    .values([...rows])
    .execute();
}

export async function findAttempt(db: Database, key: AttemptKey): Promise<AttemptRow | null> {
  const row = await attemptByKey(db, key).executeTakeFirst();
  return row === undefined ? null : toRow(row);
}

/** The request as it is now, locked until the transaction ends: to be read before a write that depends on it. */
export async function lockAttempt(transaction: DatabaseTransaction, key: AttemptKey): Promise<AttemptRow | null> {
  const row = await forUpdate(transaction, attemptByKey(transaction, key)).executeTakeFirst();
  return row === undefined ? null : toRow(row);
}

function attemptByKey(db: Database, { callId, attempt, task }: AttemptKey) {
  return db
    .selectFrom('attempts')
    .selectAll()
    .where('call_id', '=', callId)
    .where('attempt', '=', attempt)
    .where('task', '=', task);
}

/** All requests of one attempt, by task. */
export async function findAttemptTasks(db: Database, callId: string, attempt: number): Promise<readonly AttemptRow[]> {
  const rows = await db
    .selectFrom('attempts')
    .selectAll()
    .where('call_id', '=', callId)
    .where('attempt', '=', attempt)
    .orderBy('task')
    .execute();
  return rows.map(toRow);
}

export async function updateAttempt(
  db: Database,
  { callId, attempt, task }: AttemptKey,
  change: AttemptChange & { readonly state?: AttemptState },
): Promise<void> {
  const values = { ...change, ofCall: callId, ofAttempt: attempt, ofTask: task };
  await runPrepared(db, 'change of an attempt', values, ({ ofCall, ofAttempt, ofTask, ...set }) =>
    db
      .updateTable('attempts')
      .set(set)
      .where('call_id', '=', ofCall)
      .where('attempt', '=', ofAttempt)
      .where('task', '=', ofTask),
  );
}

/** Requests that started after `since`, have a response id and no known end: the upstream can still be asked about them. */
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
  // The column is written from these words only.
  return { ...row, state: row.state as AttemptState };
}
