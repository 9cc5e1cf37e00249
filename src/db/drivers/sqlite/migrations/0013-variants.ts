/**
 * Variants of images, placeholders of partial images, and whether an image has content credentials. src/db/tables.ts
 * describes the columns. The indexes find out whether bytes are still in use.
 */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('variants')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('source_sha256', 'text', (column) => column.notNull())
    .addColumn('width', 'integer', (column) => column.notNull())
    .addColumn('format', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('byte_size', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('used_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('variants_of_bytes')
    .on('variants')
    .columns(['source_sha256', 'principal', 'width', 'format'])
    .unique()
    .execute();
  await db.schema.createIndex('variants_by_use').on('variants').columns(['used_at', 'id']).execute();
  await db.schema.createIndex('variants_by_sha256').on('variants').columns(['sha256']).execute();
  for (const table of ['images', 'partial_images']) {
    await db.schema.createIndex(`${table}_by_sha256`).on(table).columns(['sha256', 'principal']).execute();
  }
  await db.schema.alterTable('partial_images').addColumn('thumbhash', 'text').execute();
  await db.schema.alterTable('images').addColumn('has_content_credentials', 'integer').execute();
}
