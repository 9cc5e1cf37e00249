/** Generation calls in the database. Reads for people go through the principal; the engine reads by id alone. */
import type { Selectable, Updateable } from 'kysely';
import type { GenerationCall, GenerationKind, GenerationStatus, RefineRoute } from '../domain/generation-call.ts';
import type { Database } from './database.ts';
import { parseFailure, parseSettings } from './json.ts';
import { type Page, page } from './page.ts';
import type { CallsTable } from './tables.ts';

/** What an event may change of its call besides status, place and moments. */
export type CallChange = Pick<
  Updateable<CallsTable>,
  | 'revised_prompt'
  | 'failure'
  | 'route'
  | 'attempts'
  | 'response_id'
  | 'upstream'
  | 'started_at'
  | 'first_partial_at'
  | 'completed_at'
>;

export async function insertCall(db: Database, call: GenerationCall): Promise<void> {
  await db
    .insertInto('calls')
    .values({
      id: call.id,
      principal: call.principal,
      conversation_id: call.conversationId,
      kind: call.kind,
      status: call.status,
      prompt: call.prompt,
      revised_prompt: call.revisedPrompt,
      requested: JSON.stringify(call.requested),
      failure: call.failure === null ? null : JSON.stringify(call.failure),
      route: call.route,
      attempts: call.attempts,
      response_id: call.responseId,
      upstream: call.upstream,
      last_sequence: call.lastSequence,
      last_position: call.lastPosition,
      created_at: call.createdAt,
      started_at: call.startedAt,
      first_partial_at: call.firstPartialAt,
      completed_at: call.completedAt,
    })
    .execute();
}

export async function findCall(db: Database, id: string): Promise<GenerationCall | null> {
  const row = await db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toCall(row);
}

export async function updateCall(db: Database, id: string, change: Updateable<CallsTable>): Promise<void> {
  await db.updateTable('calls').set(change).where('id', '=', id).execute();
}

/** The ids of all calls in these states, the oldest first. */
export async function callIdsByStatus(db: Database, status: GenerationStatus): Promise<readonly string[]> {
  const rows = await db.selectFrom('calls').select('id').where('status', '=', status).orderBy('id').execute();
  return rows.map(({ id }) => id);
}

export async function findCalls(
  db: Database,
  principal: string,
  ids: readonly string[],
): Promise<readonly GenerationCall[]> {
  const rows = await db
    .selectFrom('calls')
    .selectAll()
    .where('principal', '=', principal)
    .where('id', 'in', ids)
    .execute();
  return rows.map(toCall);
}

export interface CallFilter {
  readonly conversationId?: string | undefined;
  readonly statuses?: readonly GenerationStatus[] | undefined;
}

export async function pageOfCalls(
  db: Database,
  principal: string,
  filter: CallFilter,
  window: Page,
): Promise<readonly GenerationCall[]> {
  let query = db.selectFrom('calls').selectAll().where('principal', '=', principal);
  if (filter.conversationId !== undefined) query = query.where('conversation_id', '=', filter.conversationId);
  if (filter.statuses !== undefined) query = query.where('status', 'in', filter.statuses);
  const rows = await page(query, 'calls.id', window).execute();
  return rows.map(toCall);
}

function toCall(row: Selectable<CallsTable>): GenerationCall {
  return {
    id: row.id,
    principal: row.principal,
    conversationId: row.conversation_id,
    // The columns of fixed words are written from the domain's own unions only.
    kind: row.kind as GenerationKind,
    status: row.status as GenerationStatus,
    prompt: row.prompt,
    revisedPrompt: row.revised_prompt,
    requested: parseSettings(row.requested),
    failure: row.failure === null ? null : parseFailure(row.failure),
    route: row.route as RefineRoute | null,
    attempts: row.attempts,
    responseId: row.response_id,
    upstream: row.upstream,
    lastSequence: row.last_sequence,
    lastPosition: row.last_position,
    createdAt: row.created_at,
    startedAt: row.started_at,
    firstPartialAt: row.first_partial_at,
    completedAt: row.completed_at,
  };
}
