/** Logs reserve places, so that none is given twice after a power cut (src/db/queries/events.ts). */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('viewer_logs')
    .addColumn('reserved_id', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`update viewer_logs set reserved_id = last_id`.execute(db);
}
