/** Conversations, calls with their attempts and events, and images. src/db/tables.ts describes the columns. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('conversations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('last_position', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('conversations_by_principal').on('conversations').columns(['principal', 'id']).execute();

  await db.schema
    .createTable('calls')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('conversation_id', 'text', (column) => column.notNull().references('conversations.id'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('prompt', 'text', (column) => column.notNull())
    .addColumn('revised_prompt', 'text')
    .addColumn('requested', 'text', (column) => column.notNull())
    .addColumn('failure', 'text')
    .addColumn('route', 'text')
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('response_id', 'text')
    .addColumn('upstream', 'text')
    .addColumn('last_sequence', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('last_position', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text')
    .addColumn('first_partial_at', 'text')
    .addColumn('completed_at', 'text')
    .execute();
  await db.schema.createIndex('calls_by_principal').on('calls').columns(['principal', 'id']).execute();
  await db.schema.createIndex('calls_by_conversation').on('calls').columns(['conversation_id', 'id']).execute();
  await db.schema.createIndex('calls_by_status').on('calls').columns(['status', 'id']).execute();

  await db.schema
    .createTable('images')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('conversation_id', 'text', (column) => column.references('conversations.id'))
    .addColumn('call_id', 'text', (column) => column.references('calls.id'))
    .addColumn('image_index', 'integer', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('byte_size', 'integer', (column) => column.notNull())
    .addColumn('width', 'integer', (column) => column.notNull())
    .addColumn('height', 'integer', (column) => column.notNull())
    .addColumn('format', 'text', (column) => column.notNull())
    .addColumn('thumbhash', 'text')
    .addColumn('prompt', 'text')
    .addColumn('revised_prompt', 'text')
    .addColumn('requested', 'text')
    .addColumn('actual', 'text')
    .addColumn('item_id', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('images_by_principal').on('images').columns(['principal', 'id']).execute();
  await db.schema.createIndex('images_by_conversation').on('images').columns(['conversation_id', 'id']).execute();
  await db.schema.createIndex('images_by_call').on('images').columns(['call_id', 'image_index']).unique().execute();

  await db.schema
    .createTable('call_sources')
    .addColumn('call_id', 'text', (column) => column.notNull().references('calls.id'))
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('image_id', 'text', (column) => column.notNull().references('images.id'))
    .addColumn('principal', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('call_sources_key', ['call_id', 'ordinal'])
    .execute();
  await db.schema.createIndex('call_sources_by_image').on('call_sources').columns(['image_id', 'call_id']).execute();

  await db.schema
    .createTable('attempts')
    .addColumn('call_id', 'text', (column) => column.notNull().references('calls.id'))
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('route', 'text')
    .addColumn('response_id', 'text')
    .addColumn('request_id', 'text')
    .addColumn('usage', 'text')
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('ended_at', 'text')
    .addPrimaryKeyConstraint('attempts_key', ['call_id', 'attempt'])
    .execute();

  await db.schema
    .createTable('partial_images')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('call_id', 'text', (column) => column.notNull().references('calls.id'))
    .addColumn('image_index', 'integer', (column) => column.notNull())
    .addColumn('partial_index', 'integer', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('byte_size', 'integer', (column) => column.notNull())
    .addColumn('width', 'integer', (column) => column.notNull())
    .addColumn('height', 'integer', (column) => column.notNull())
    .addColumn('format', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('partial_images_by_call')
    .on('partial_images')
    .columns(['call_id', 'image_index', 'partial_index'])
    .execute();

  await db.schema
    .createTable('events')
    .addColumn('call_id', 'text', (column) => column.notNull().references('calls.id'))
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('conversation_id', 'text', (column) => column.notNull().references('conversations.id'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('events_key', ['call_id', 'sequence'])
    .execute();
  await db.schema
    .createIndex('events_by_conversation')
    .on('events')
    .columns(['conversation_id', 'position'])
    .unique()
    .execute();
}
