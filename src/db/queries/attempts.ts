/** What clients see of the requests to the upstream, and how a request is identified. */
import type { Database } from '../database.ts';

/** Identifies one request of one attempt. */
export interface AttemptKey {
  readonly callId: string;
  /** From 1. */
  readonly attempt: number;
  /** The index of the first image that the request asks for. */
  readonly task: number;
}

/** The usage that the upstream reported for each request of these calls, as it was stored. */
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
