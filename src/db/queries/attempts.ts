/** The record of what the upstream was asked to create: a row stands before the request leaves (promise 6). */
import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Database } from '../database.ts';
import { runKnown } from '../known-query.ts';
import type { AttemptsTable } from '../tables.ts';

/** The states of state/machine.ts, in whose words the column is written. */
type AttemptState = 'ASKED' | 'ACCEPTED' | 'UNKNOWN' | 'SETTLED';

export type AttemptRow = Omit<Selectable<AttemptsTable>, 'lane' | 'state'> & {
  readonly task: number;
  readonly state: AttemptState;
};

/** The column `lane` is called `task` everywhere else. */
export type NewAttemptRow = Omit<Insertable<AttemptsTable>, 'lane'> & { readonly task: number };

/** One request of one attempt. */
export interface AttemptPlace {
  readonly callId: string;
  readonly attempt: number;
  /** The number of the first image that the request asks for: tells the requests of one attempt apart. */
  readonly task: number;
}

export type AttemptChange = Omit<Updateable<AttemptsTable>, 'call_id' | 'attempt' | 'lane' | 'principal' | 'state'>;

export async function insertAttempts(db: Database, rows: readonly NewAttemptRow[]): Promise<void> {
  const values = rows.map(({ task: lane, ...row }) => ({ ...row, lane }));
  await db.insertInto('attempts').values(values).execute();
}

export async function findAttempt(db: Database, { callId, attempt, task }: AttemptPlace): Promise<AttemptRow | null> {
  const row = await db
    .selectFrom('attempts')
    .selectAll()
    .where('call_id', '=', callId)
    .where('attempt', '=', attempt)
    .where('lane', '=', task)
    .executeTakeFirst();
  return row === undefined ? null : toRow(row);
}

/** All requests of one attempt, by task. */
export async function findAttemptTasks(db: Database, callId: string, attempt: number): Promise<readonly AttemptRow[]> {
  const rows = await db
    .selectFrom('attempts')
    .selectAll()
    .where('call_id', '=', callId)
    .where('attempt', '=', attempt)
    .orderBy('lane')
    .execute();
  return rows.map(toRow);
}

export async function updateAttempt(
  db: Database,
  { callId, attempt, task }: AttemptPlace,
  change: AttemptChange & { readonly state?: AttemptState },
): Promise<void> {
  const values = { ...change, ofCall: callId, ofAttempt: attempt, ofTask: task };
  await runKnown(db, 'change of an attempt', values, ({ ofCall, ofAttempt, ofTask, ...set }) =>
    db
      .updateTable('attempts')
      .set(set)
      .where('call_id', '=', ofCall)
      .where('attempt', '=', ofAttempt)
      .where('lane', '=', ofTask),
  );
}

/** What the upstream reported of each request of these calls, as it was stored. */
export async function reportedUsages(
  db: Database,
  principal: string,
  callIds: readonly string[],
): Promise<readonly { readonly callId: string; readonly usage: string }[]> {
  const rows = await db
    .selectFrom('attempts')
    .select(['call_id as callId', 'usage'])
    .where('principal', '=', principal)
    .where('call_id', 'in', callIds)
    .where('usage', 'is not', null)
    .execute();
  return rows.map(({ callId, usage }) => ({ callId, usage: usage ?? '{}' }));
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

function toRow({ lane: task, ...row }: Selectable<AttemptsTable>): AttemptRow {
  // The column is written from these words only.
  return { ...row, task, state: row.state as AttemptState };
}
