/** The calls that wait for approval, of all principals: for administrators, and for the time limit of the wait. */
import { sql } from 'kysely';
import { fromPicodollars } from '../../domain/cost/cost.ts';
import type { GenerationStatus } from '../../domain/generation/generation-call.ts';
import type { GenerationKind } from '../../domain/generation/generation-request.ts';
import type { ApprovalRequest } from '../../domain/limits/approval.ts';
import type { Database } from '../database.ts';
import { parseSettings } from '../json.ts';
import { type Page, page } from '../lists/page.ts';

/** Null when there is no such call. */
export async function findApprovalRequest(db: Database, callId: string): Promise<ApprovalRequest | null> {
  const row = await approvalRows(db).where('calls.id', '=', callId).executeTakeFirst();
  return row === undefined ? null : toApprovalRequest(row);
}

export async function pageOfApprovalRequests(db: Database, window: Page): Promise<readonly ApprovalRequest[]> {
  const query = approvalRows(db).where('calls.status', '=', 'AWAITING_APPROVAL');
  const rows = await page(query, 'calls.id', window).execute();
  return rows.map(toApprovalRequest);
}

export async function countApprovalRequests(db: Database): Promise<number> {
  const query = db.selectFrom('calls').where('status', '=', 'AWAITING_APPROVAL');
  const row = await query.select(({ fn }) => fn.countAll().as('count')).executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** The ids of calls that have waited since before this time, oldest first. */
export async function callsAwaitingSince(db: Database, before: string, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('calls')
    .select('id')
    .where('status', '=', 'AWAITING_APPROVAL')
    .where('created_at', '<', before)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

function approvalRows(db: Database) {
  return db
    .selectFrom('calls')
    .innerJoin('reservations', (join) =>
      join.onRef('reservations.call_id', '=', 'calls.id').onRef('reservations.principal', '=', 'calls.principal'),
    )
    .select([
      'calls.id',
      'calls.principal',
      'reservations.credential',
      'calls.status',
      'calls.kind',
      'calls.prompt',
      'calls.count',
      'calls.requested',
      'calls.created_at',
      sql<string>`cast(reservations.reserved as text)`.as('reserved'),
    ]);
}

type ApprovalRow = Awaited<ReturnType<ReturnType<typeof approvalRows>['execute']>>[number];

function toApprovalRequest(row: ApprovalRow): ApprovalRequest {
  return {
    id: row.id,
    principal: row.principal,
    credential: row.credential,
    // Columns with fixed values are only written from the unions of the domain.
    status: row.status as GenerationStatus,
    kind: row.kind as GenerationKind,
    prompt: row.prompt,
    count: row.count,
    settings: parseSettings(row.requested),
    amount: fromPicodollars(BigInt(row.reserved)),
    createdAt: row.created_at,
  };
}
