/**
 * Markups: the markup image of a call, and what an upload is for. Both tables existed before; src/db/tables.ts describes the
 * columns.
 *
 * SQLite cannot add a foreign key of two columns to a table, so `calls` is rebuilt as its documentation says
 * (sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes"): its own definition with the foreign key
 * at the end, its rows in their order, then its indexes and triggers. `migrate.ts` turns foreign keys off meanwhile, and all
 * of it is one transaction.
 */
import { type Kysely, sql } from 'kysely';

const REBUILT = 'calls_with_markup';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('images')
    .addColumn('purpose', 'text', (column) => column.notNull().defaultTo('SOURCE'))
    .execute();
  await db.schema.alterTable('calls').addColumn('markup_image_id', 'text').execute();
  await addForeignKey(db);
  const { rows } = await sql<{ table: string }>`pragma foreign_key_check`.execute(db);
  if (rows.length > 0) throw new Error(`rows of ${rows[0]?.table} refer to rows that do not exist`);
}

async function addForeignKey(db: Kysely<unknown>): Promise<void> {
  const definitions = sql<{ type: string; sql: string }>`
    select type, sql from sqlite_master where tbl_name = 'calls' and sql is not null
  `;
  const { rows } = await definitions.execute(db);
  const table = rows.find(({ type }) => type === 'table')?.sql ?? '';
  const [, columns] = /^create table "?calls"? \((.*)\)$/isu.exec(table) ?? [];
  if (columns === undefined) throw new Error('the table calls has a definition of an unknown form');
  const key = 'foreign key ("principal", "markup_image_id") references "images" ("principal", "id")';
  await sql.raw(`create table "${REBUILT}" (${columns}, ${key})`).execute(db);
  await sql.raw(`insert into "${REBUILT}" select * from calls order by rowid`).execute(db);
  await db.schema.dropTable('calls').execute();
  await db.schema.alterTable(REBUILT).renameTo('calls').execute();
  for (const { type, sql: definition } of rows) if (type !== 'table') await sql.raw(definition).execute(db);
}
