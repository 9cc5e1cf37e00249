/** The columns of requests get the names that the code has: a `lane` is a task, and `pictures` count images. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('attempts').renameColumn('lane', 'task').execute();
  await db.schema.alterTable('attempts').renameColumn('pictures', 'image_count').execute();
  await db.schema.alterTable('cost_lines').renameColumn('lane', 'task').execute();
}
