/**
 * Deleting for good: which conversations are being deleted, what they cost, what has to be deleted at the upstream, and
 * indexes for finding what is due and what refers to it. src/db/tables.ts describes the columns.
 */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('conversations').addColumn('purge_started_at', 'text').execute();
  await db.schema
    .alterTable('calls')
    .addColumn('overlay_purged', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();

  await db.schema
    .createTable('purged_costs')
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('basis', 'text', (column) => column.notNull())
    .addColumn('is_counted', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('price', 'text', (column) => column.notNull())
    .addColumn('tokens', 'bigint', (column) => column.notNull())
    .addColumn('amount', 'bigint')
    .addPrimaryKeyConstraint('purged_costs_key', ['principal', 'basis', 'is_counted', 'kind', 'model', 'price'])
    .execute();

  await db.schema
    .createTable('upstream_deletions')
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('upstream', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('upstream_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('upstream_deletions_key', ['upstream', 'upstream_id', 'kind', 'principal'])
    .execute();

  await createIndexes(db);
}

async function createIndexes(db: Kysely<unknown>): Promise<void> {
  // Few rows are in the trash, and few calls have an overlay: an index of those alone costs the others nothing.
  const partial: Readonly<Record<string, [table: string, ...columns: [string, ...string[]]]>> = {
    images_in_trash: ['images', 'deleted_at', 'id'],
    conversations_in_trash: ['conversations', 'deleted_at', 'id'],
    conversations_being_purged: ['conversations', 'purge_started_at'],
    calls_with_mask: ['calls', 'mask_image_id', 'principal'],
    calls_with_markup: ['calls', 'markup_image_id', 'principal'],
    calls_with_context: ['calls', 'context_image_id', 'principal'],
  };
  for (const [name, [table, first, ...more]] of Object.entries(partial)) {
    await db.schema
      .createIndex(name)
      .on(table)
      .columns([first, ...more])
      .where(first, 'is not', null)
      .execute();
  }
  await db.schema.createIndex('partial_images_by_age').on('partial_images').columns(['created_at', 'id']).execute();
  await db.schema
    .createIndex('idempotency_keys_of_call')
    .on('idempotency_keys')
    .columns(['call_id', 'principal'])
    .execute();
  await db.schema
    .createIndex('upstream_files_by_content')
    .on('upstream_files')
    .columns(['principal', 'content'])
    .execute();
  // To ask whether other rows have the same bytes.
  await db.schema.createIndex('images_by_content').on('images').columns(['principal', 'sha256']).execute();
}
