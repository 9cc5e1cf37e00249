/** Generation calls as the engine reads and writes them: by id alone, of any principal. */
import type { ExpressionBuilder, Updateable } from 'kysely';
import type { GenerationCall, GenerationStatus } from '../../../domain/generation/generation-call.ts';
import { updatedRows } from '../../affected-rows.ts';
import { toCall } from '../../call-row.ts';
import type { Database, DatabaseTransaction } from '../../database.ts';
import { forUpdate } from '../../locking.ts';
import { runPrepared } from '../../prepared-query.ts';
import type { CallsTable } from '../../tables/generations.ts';
import type { Tables } from '../../tables.ts';

/** What an event can change in its call, besides its status, positions and times. */
export type CallChange = Pick<
  Updateable<CallsTable>,
  | 'revised_prompt'
  | 'failure'
  | 'picture_failures'
  | 'route'
  | 'attempts'
  | 'response_id'
  | 'upstream'
  | 'context_open'
  | 'context_image_id'
  | 'claimed_by'
  | 'not_before'
  | 'left_out'
>;

export async function findCall(db: Database, id: string): Promise<GenerationCall | null> {
  const [row] = await runPrepared(db, 'call', { id }, (values) =>
    db.selectFrom('calls').selectAll().where('id', '=', values.id),
  );
  return row === undefined ? null : toCall(row);
}

/** The call as it is now, locked until the transaction ends: to be read before a write that depends on it. */
export async function lockCall(transaction: DatabaseTransaction, id: string): Promise<GenerationCall | null> {
  const [row] = await runPrepared(transaction, 'locked call', { id }, (values) =>
    forUpdate(transaction, transaction.selectFrom('calls').selectAll().where('id', '=', values.id)),
  );
  return row === undefined ? null : toCall(row);
}

export async function updateCall(db: Database, id: string, change: Updateable<CallsTable>): Promise<void> {
  await runPrepared(db, 'change of a call', { ...change, of: id }, ({ of, ...set }) =>
    db.updateTable('calls').set(set).where('id', '=', of),
  );
}

export async function countCalls(db: Database, statuses: readonly GenerationStatus[]): Promise<number> {
  const row = await db
    .selectFrom('calls')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('status', 'in', statuses)
    .executeTakeFirst();
  // PostgreSQL returns counts as strings.
  return Number(row?.count ?? 0);
}

/** What the work queue needs to know about a queued call. */
export interface QueuedCall {
  readonly id: string;
  readonly principal: string;
  readonly count: number;
  readonly notBefore: string | null;
}

/** A page of the queued calls, oldest first. @param after the last id of the previous page */
export async function pageOfQueuedCalls(
  db: Database,
  after: string | null,
  limit: number,
): Promise<readonly QueuedCall[]> {
  const query = db
    .selectFrom('calls')
    .select(['id', 'principal', 'count', 'not_before as notBefore'])
    .where('status', '=', 'QUEUED')
    .orderBy('id')
    .limit(limit);
  return (after === null ? query : query.where('id', '>', after)).execute();
}

/** Running calls that no registered instance has claimed, oldest first; none when `instanceId` itself is not registered. */
export async function abandonedCalls(db: Database, instanceId: string): Promise<readonly GenerationCall[]> {
  const rows = await db
    .selectFrom('calls')
    .selectAll()
    .where('status', '=', 'IN_PROGRESS')
    .where(isAbandoned(instanceId))
    .orderBy('id')
    .execute();
  return rows.map(toCall);
}

/** Claims an abandoned call for a registered instance; false when another instance was faster. */
export async function takeOverCall(db: Database, id: string, instanceId: string): Promise<boolean> {
  const result = await db
    .updateTable('calls')
    .set({ claimed_by: instanceId })
    .where('id', '=', id)
    .where('status', '=', 'IN_PROGRESS')
    .where(isAbandoned(instanceId))
    .executeTakeFirst();
  return updatedRows(result) === 1;
}

/** A dead instance loses its row: it can claim nothing any more, and others can claim its calls. */
function isAbandoned(instanceId: string) {
  return ({ and, or, not, exists, selectFrom, eb }: ExpressionBuilder<Tables, 'calls'>) =>
    and([
      or([
        eb('claimed_by', 'is', null),
        not(exists(selectFrom('instances').select('instances.id').whereRef('instances.id', '=', 'calls.claimed_by'))),
      ]),
      exists(selectFrom('instances').select('instances.id').where('instances.id', '=', instanceId)),
    ]);
}

/** Stores the response id of the call; when there are several, the first one is kept. */
export async function nameResponse(db: Database, id: string, responseId: string | null): Promise<void> {
  await db
    .updateTable('calls')
    .set(({ fn, ref, val }) => ({ response_id: fn.coalesce(ref('response_id'), val(responseId)) }))
    .where('id', '=', id)
    .execute();
}

/** Gives up the claim on a running call, so that another instance can take it over. */
export async function releaseCall(db: Database, id: string, from: string): Promise<void> {
  await db
    .updateTable('calls')
    .set({ claimed_by: null })
    .where('id', '=', id)
    .where('status', '=', 'IN_PROGRESS')
    .where('claimed_by', '=', from)
    .execute();
}
