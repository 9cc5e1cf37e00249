/** Two indexes go: others have the same columns, in an order that serves the same queries. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Lists of a conversation name their principal, too: `images_in_conversation`.
  await db.schema.dropIndex('images_by_conversation').ifExists().execute();
  // Whether other rows have the same bytes: `images_by_sha256`.
  await db.schema.dropIndex('images_by_content').ifExists().execute();
}
