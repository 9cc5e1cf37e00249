/** Whether what a call was made from was deleted for good since. */
import type { Database } from '../database.ts';

/** Whether a source, the mask or the markup of the call is gone, so that the same call cannot be made again. */
export async function hasDeletedInputs(db: Database, principal: string, callId: string): Promise<boolean> {
  const row = await db
    .selectFrom('calls')
    .select('id')
    .where('principal', '=', principal)
    .where('id', '=', callId)
    .where(({ eb, or, exists, selectFrom }) =>
      or([
        eb('overlay_purged', '=', true),
        exists(
          selectFrom('call_sources')
            .select('call_sources.call_id')
            .where('call_sources.call_id', '=', callId)
            .where('call_sources.principal', '=', principal)
            .where('call_sources.deleted_image_id', 'is not', null),
        ),
      ]),
    )
    .executeTakeFirst();
  return row !== undefined;
}
