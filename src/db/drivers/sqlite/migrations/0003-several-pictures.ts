/**
 * Several images in one call: concurrent requests (`lane`), how each ended, and the images that failed. Also masks,
 * verbatim prompts, retries of calls, the source image that the server chose, and files uploaded to the upstream.
 * src/db/tables.ts describes the columns.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('calls')
    .addColumn('count', 'integer', (column) => column.notNull().defaultTo(1))
    .execute();
  await db.schema
    .alterTable('calls')
    .addColumn('verbatim', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('calls')
    .addColumn('mask_image_id', 'text', (column) => column.references('images.id'))
    .execute();
  await db.schema
    .alterTable('calls')
    .addColumn('retry_of', 'text', (column) => column.references('calls.id'))
    .execute();
  await db.schema
    .alterTable('calls')
    .addColumn('context_open', 'integer', (column) => column.notNull().defaultTo(1))
    .execute();
  await db.schema
    .alterTable('calls')
    .addColumn('context_image_id', 'text', (column) => column.references('images.id'))
    .execute();
  await db.schema.alterTable('calls').addColumn('picture_failures', 'text').execute();
  await db.schema.createIndex('calls_by_retry').on('calls').columns(['retry_of']).execute();

  await db.schema.alterTable('images').addColumn('response_id', 'text').execute();
  await db.schema.alterTable('images').addColumn('verbatim', 'integer').execute();
  // Until now, one response contained all images of a call.
  await sql`update images set response_id = (select response_id from calls where calls.id = images.call_id)`.execute(
    db,
  );

  // SQLite cannot change a primary key, so the rows move to a new table.
  await db.schema
    .createTable('attempts_in_lanes')
    .addColumn('call_id', 'text', (column) => column.notNull().references('calls.id'))
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('lane', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('api', 'text', (column) => column.notNull().defaultTo('RESPONSES'))
    .addColumn('pictures', 'integer', (column) => column.notNull().defaultTo(1))
    .addColumn('route', 'text')
    .addColumn('response_id', 'text')
    .addColumn('request_id', 'text')
    .addColumn('reported', 'text')
    .addColumn('usage', 'text')
    .addColumn('outcome', 'text')
    .addColumn('again', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('ended_at', 'text')
    .addColumn('state', 'text', (column) => column.notNull().defaultTo('SETTLED'))
    .addColumn('background', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('upstream_sequence', 'integer')
    .addPrimaryKeyConstraint('attempts_in_lanes_key', ['call_id', 'attempt', 'lane'])
    .execute();
  const kept = sql.raw(
    'call_id, attempt, principal, route, response_id, request_id, usage, started_at, ended_at, state, background, ' +
      'upstream_sequence',
  );
  await sql`insert into attempts_in_lanes (${kept}) select ${kept} from attempts`.execute(db);
  await db.schema.dropTable('attempts').execute();
  await db.schema.alterTable('attempts_in_lanes').renameTo('attempts').execute();
  await db.schema.createIndex('attempts_by_state').on('attempts').columns(['state', 'started_at']).execute();

  await db.schema
    .createTable('upstream_files')
    .addColumn('upstream', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('file_id', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('upstream_files_key', ['upstream', 'content'])
    .execute();
}
