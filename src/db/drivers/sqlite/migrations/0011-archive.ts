/**
 * The archive: favourites, tags and the trash, sources that were deleted for good, and one log for everything that changes
 * for a principal. src/db/tables.ts describes the columns.
 *
 * SQLite cannot change the columns of a key, so `events` and `call_sources` are rebuilt, with their rows in their order.
 * `migrate.ts` turns foreign keys off meanwhile, and all of it is one transaction.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await addColumns(db);
  await db.schema
    .createTable('image_tags')
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('image_id', 'text', (column) => column.notNull())
    .addColumn('tag', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('image_tags_key', ['principal', 'image_id', 'tag'])
    .addForeignKeyConstraint('image_tags_image', ['principal', 'image_id'], 'images', ['principal', 'id'])
    .execute();
  await db.schema
    .createIndex('images_with_tag')
    .on('image_tags')
    .columns(['principal', 'tag', 'image_id'])
    .unique()
    .execute();
  // The timeline of a conversation has its uploads, which are few among its images.
  await db.schema
    .createIndex('uploads_by_conversation')
    .on('images')
    .columns(['conversation_id', 'call_id', 'id'])
    .where('call_id', 'is', null)
    .execute();
  // Without it, the images of a conversation are looked for among all of their principal.
  await db.schema
    .createIndex('images_in_conversation')
    .on('images')
    .columns(['principal', 'conversation_id', 'id'])
    .execute();
  await rebuildCallSources(db);
  await rebuildEvents(db);
  await db.schema.alterTable('calls').addColumn('last_event_id', 'integer').execute();
  await sql`
    update calls set last_event_id =
      (select id from events where call_id = calls.id and sequence = calls.last_sequence)
  `.execute(db);
  const { rows } = await sql<{ table: string }>`pragma foreign_key_check`.execute(db);
  if (rows.length > 0) throw new Error(`rows of ${rows[0]?.table} refer to rows that do not exist`);
}

async function addColumns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('images')
    .addColumn('favorite', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('images').addColumn('deleted_at', 'text').execute();
  await db.schema.alterTable('images').addColumn('model', 'text').execute();
  await sql`
    update images set model = coalesce(json_extract(actual, '$.model'), json_extract(requested, '$.model'))
  `.execute(db);
  await db.schema.alterTable('conversations').addColumn('deleted_at', 'text').execute();
  await db.schema.alterTable('calls').addColumn('deleted_at', 'text').execute();
}

async function rebuildCallSources(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('call_sources_with_deleted')
    .addColumn('call_id', 'text', (column) => column.notNull())
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('image_id', 'text')
    .addColumn('deleted_image_id', 'text')
    .addColumn('principal', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('call_sources_key', ['call_id', 'ordinal'])
    .addForeignKeyConstraint('call_sources_call', ['principal', 'call_id'], 'calls', ['principal', 'id'])
    .addForeignKeyConstraint('call_sources_image', ['principal', 'image_id'], 'images', ['principal', 'id'])
    .execute();
  await sql`
    insert into call_sources_with_deleted (call_id, ordinal, image_id, principal)
    select call_id, ordinal, image_id, principal from call_sources order by rowid
  `.execute(db);
  await db.schema.dropTable('call_sources').execute();
  await db.schema.alterTable('call_sources_with_deleted').renameTo('call_sources').execute();
  await db.schema.createIndex('call_sources_by_image').on('call_sources').columns(['image_id', 'call_id']).execute();
}

async function rebuildEvents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('events_of_principals')
    .addColumn('id', 'integer', (column) => column.notNull())
    .addColumn('call_id', 'text')
    .addColumn('sequence', 'integer')
    .addColumn('conversation_id', 'text')
    .addColumn('position', 'integer')
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('events_key', ['principal', 'id'])
    .addForeignKeyConstraint('events_call', ['principal', 'call_id'], 'calls', ['principal', 'id'])
    .addForeignKeyConstraint('events_conversation', ['principal', 'conversation_id'], 'conversations', [
      'principal',
      'id',
    ])
    .execute();
  await sql`
    insert into events_of_principals (id, call_id, sequence, conversation_id, position, principal, type, at, payload)
    select row_number() over (partition by principal order by rowid),
      call_id, sequence, conversation_id, position, principal, type, at, payload from events order by rowid
  `.execute(db);
  await db.schema
    .createTable('viewer_logs')
    .addColumn('principal', 'text', (column) => column.primaryKey())
    .addColumn('last_id', 'integer', (column) => column.notNull())
    .execute();
  await sql`
    insert into viewer_logs (principal, last_id)
    select principal, max(id) from events_of_principals group by principal
  `.execute(db);
  await db.schema.dropTable('events').execute();
  await db.schema.alterTable('events_of_principals').renameTo('events').execute();
  const indexes: Readonly<Record<string, string[]>> = {
    events_of_call: ['call_id', 'sequence'],
    events_by_conversation: ['conversation_id', 'position'],
  };
  for (const [name, columns] of Object.entries(indexes)) {
    await db.schema.createIndex(name).on('events').columns(columns).unique().execute();
  }
}
