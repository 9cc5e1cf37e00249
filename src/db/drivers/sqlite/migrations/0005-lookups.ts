/**
 * Indexes for lookups among the rows of one principal. SQLite has no statistics here, so with an index on the principal
 * alone it would read all of these rows for a list of more than two ids.
 */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const lookups = {
    images_of_call: ['images', 'call_id', 'image_index'],
    calls_of_status: ['calls', 'status', 'id'],
    calls_of_conversation_and_status: ['calls', 'conversation_id', 'status', 'id'],
    retries_of_call: ['calls', 'retry_of', 'id'],
    cost_lines_of_call: ['cost_lines', 'call_id'],
  } as const;
  for (const [name, [table, ...columns]] of Object.entries(lookups)) {
    await db.schema
      .createIndex(name)
      .on(table)
      .columns(['principal', ...columns])
      .execute();
  }
  // Each begins as one of these does.
  await db.schema.dropIndex('calls_by_retry').execute();
}
