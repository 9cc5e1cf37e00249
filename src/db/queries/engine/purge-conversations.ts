/**
 * Removes the rows of a conversation. `startPurge` decides it; the rows then go in small steps, each in a transaction of its
 * own, so that a kill in between leaves a conversation that nobody finds and that the next run finishes.
 */
import { deletedRows, updatedRows } from '../../affected-rows.ts';
import type { Database, DatabaseTransaction } from '../../database.ts';
import { addPurgedCosts } from './purged-costs.ts';

export interface OwnedRow {
  readonly id: string;
  readonly principal: string;
}

/**
 * Marks the conversation. From then on nobody finds it, and nothing is added to it.
 * @param until it must have been in the trash since then: RFC 3339
 * @returns false when it was restored meanwhile, or has calls that have not ended
 */
export async function startPurge(
  transaction: DatabaseTransaction,
  { id, principal }: OwnedRow,
  { until, at }: { readonly until: string; readonly at: string },
): Promise<boolean> {
  const result = await transaction
    .updateTable('conversations')
    .set({ purge_started_at: at })
    .where('id', '=', id)
    .where('principal', '=', principal)
    .where('deleted_at', '<=', until)
    .where('purge_started_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('calls')
            .select('calls.id')
            .where('calls.conversation_id', '=', id)
            .where('calls.principal', '=', principal)
            .where('calls.completed_at', 'is', null),
        ),
      ),
    )
    .executeTakeFirstOrThrow();
  return updatedRows(result) === 1;
}

/** The images of the conversation behind the id `after`, in the order of their ids. */
export async function imagesOfConversation(
  db: Database,
  conversation: OwnedRow,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  return idsOfConversation(db, 'images', conversation, after, limit);
}

/** The calls of the conversation behind the id `after`, in the order of their ids. */
export async function callsOfConversation(
  db: Database,
  conversation: OwnedRow,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  return idsOfConversation(db, 'calls', conversation, after, limit);
}

async function idsOfConversation(
  db: Database,
  table: 'images' | 'calls',
  { id, principal }: OwnedRow,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom(table)
    .select('id')
    .where('conversation_id', '=', id)
    .where('principal', '=', principal)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** The upstream responses of a call. */
export async function responsesOfCall(
  db: Database,
  { id, principal }: OwnedRow,
): Promise<{ readonly upstream: string | null; readonly responseIds: readonly string[] }> {
  const call = await db
    .selectFrom('calls')
    .select(['upstream', 'response_id'])
    .where('id', '=', id)
    .where('principal', '=', principal)
    .executeTakeFirst();
  const attempts = await db
    .selectFrom('attempts')
    .select('response_id')
    .where('call_id', '=', id)
    .where('principal', '=', principal)
    .execute();
  const ids = [call, ...attempts].flatMap((row) => row?.response_id ?? []);
  return { upstream: call?.upstream ?? null, responseIds: [...new Set(ids)] };
}

/** Tables with rows of a call, in an order in which none refers to a row that is gone. */
const TABLES_OF_CALLS = [
  'events',
  'partial_images',
  'attempts',
  'call_sources',
  'idempotency_keys',
  'reservations',
  'cost_lines',
] as const;

/** Removes a call whose images are gone, with everything of it. What it has cost stays in the sums. */
export async function deleteCallRows(transaction: DatabaseTransaction, call: OwnedRow): Promise<void> {
  const { id, principal } = call;
  await addPurgedCosts(transaction, call);
  for (const table of TABLES_OF_CALLS) {
    await transaction.deleteFrom(table).where('call_id', '=', id).where('principal', '=', principal).execute();
  }
  await transaction
    .updateTable('calls')
    .set({ retry_of: null })
    .where('retry_of', '=', id)
    .where('principal', '=', principal)
    .execute();
  await transaction.deleteFrom('calls').where('id', '=', id).where('principal', '=', principal).execute();
}

/** Removes at most `limit` events of the conversation that are about no call; resolves with how many there were. */
export async function deleteConversationEvents(
  db: Database,
  { id, principal }: OwnedRow,
  limit: number,
): Promise<number> {
  const rows = await db
    .selectFrom('events')
    .select('id')
    .where('conversation_id', '=', id)
    .where('principal', '=', principal)
    .limit(limit)
    .execute();
  if (rows.length === 0) return 0;
  const ids = rows.map((row) => row.id);
  const result = await db
    .deleteFrom('events')
    .where('principal', '=', principal)
    .where('id', 'in', ids)
    .executeTakeFirstOrThrow();
  return deletedRows(result);
}

/** Removes the conversation itself, once nothing refers to it. */
export async function deleteConversation(db: Database, { id, principal }: OwnedRow): Promise<void> {
  await db.deleteFrom('conversations').where('id', '=', id).where('principal', '=', principal).execute();
}
