/**
 * The idempotency keys of uploads; and the image that a call goes on from without naming it, among the sources of the call.
 * src/db/tables.ts describes both.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('upload_keys')
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('input_hash', 'text', (column) => column.notNull())
    .addColumn('image_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('upload_keys_key', ['principal', 'key'])
    // The key of an image that is deleted for good is free again.
    .addForeignKeyConstraint(
      'upload_keys_image',
      ['principal', 'image_id'],
      'images',
      ['principal', 'id'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute();
  await db.schema.createIndex('upload_keys_by_image').on('upload_keys').columns(['principal', 'image_id']).execute();
  await db.schema
    .alterTable('call_sources')
    .addColumn('is_implied', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`
    insert into call_sources (call_id, ordinal, image_id, principal, is_implied)
    select id, 0, context_image_id, principal, 1 from calls
    where context_image_id is not null
      and not exists (select 1 from call_sources where call_sources.call_id = calls.id)
    order by id
  `.execute(db);
}
