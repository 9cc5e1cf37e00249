/**
 * Events that a power cut took were seen before, and cursors name their places and positions: no later event may get one of
 * them. So places are reserved by transactions that survive, and a start goes on behind everything that was.
 */
import { OPEN_STATUSES } from '../../../domain/generation/generation-call.ts';
import type { Database } from '../../database.ts';
import { RESERVED_PLACES } from '../events.ts';

/**
 * Lets every log go on behind the places that it reserved, and every conversation behind the positions that its lost events
 * can have had. For the only server that appends, at its start.
 */
export async function skipReservedPlaces(db: Database): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('viewer_logs')
      .set(({ ref }) => ({ last_id: ref('reserved_id') }))
      .whereRef('last_id', '<', 'reserved_id')
      .execute();
    // What is not synced are partial images, and the start of their call is.
    const ofOpenCalls = transaction.selectFrom('calls').select('conversation_id').where('status', 'in', OPEN_STATUSES);
    await transaction
      .updateTable('conversations')
      .set(({ eb }) => ({ last_position: eb('last_position', '+', RESERVED_PLACES) }))
      .where('id', 'in', ofOpenCalls)
      .execute();
  });
}
