/** The options of a call that its request was made without, because the upstream does not know them. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('calls').addColumn('left_out', 'text').execute();
}
