/**
 * Foreign keys that carry the owner: a row can only refer to rows of its own principal
 * (docs/decisions/2026-11-28-owners-in-the-database.md). Files at the upstream get an owner too.
 *
 * SQLite cannot change the foreign keys of a table, so every table with an owner is rebuilt as its documentation says
 * (sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes"): a new table, its rows in their order,
 * then its indexes and triggers. The columns are taken from the table as it is, whichever migrations have added to it.
 * `migrate.ts` turns foreign keys off meanwhile, and all of it is one transaction.
 */
import { type Kysely, sql } from 'kysely';
import { refuseMixedOwners } from './owner-check.ts';
import { foreignKeysOf, ownedTables, type Reference } from './owner-tables.ts';

/** The tables that other rows refer to by id. Together with the owner, the id must be the key of an index. */
const PARENTS = ['conversations', 'calls', 'images'] as const;

export async function up(db: Kysely<unknown>): Promise<void> {
  const tables = await ownedTables(db);
  await refuseMixedOwners(db, tables);
  for (const table of tables) await rebuild(db, table);
  for (const parent of PARENTS) {
    await sql`drop index if exists ${sql.ref(`${parent}_by_principal`)}`.execute(db);
    await db.schema.createIndex(`${parent}_by_principal`).on(parent).columns(['principal', 'id']).unique().execute();
  }
  await giveFilesAnOwner(db);
  const { rows } = await sql<{ table: string }>`pragma foreign_key_check`.execute(db);
  if (rows.length > 0) throw new Error(`rows of ${rows[0]?.table} refer to rows that do not exist`);
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  /** Its place in the primary key, from 1; 0 when it is not in the key. */
  readonly pk: number;
}

async function rebuild(db: Kysely<unknown>, table: string): Promise<void> {
  const references = await foreignKeysOf(db, table);
  if (references.length === 0) return;
  await refuseUnknownForm(db, table);
  const { rows: columns } = await sql<Column>`select * from pragma_table_info(${table})`.execute(db);
  const { rows: extras } = await sql<{ sql: string }>`
    select sql from sqlite_master where tbl_name = ${table} and type in ('index', 'trigger') and sql is not null
  `.execute(db);
  const rebuilt = `${table}_with_owner`;
  const names = sql.join(columns.map(({ name }) => sql.ref(name)));
  await sql.raw(createTable(rebuilt, columns, references)).execute(db);
  await sql`insert into ${sql.ref(rebuilt)} (${names}) select ${names} from ${sql.ref(table)} order by rowid`.execute(
    db,
  );
  await sql`drop table ${sql.ref(table)}`.execute(db);
  await sql`alter table ${sql.ref(rebuilt)} rename to ${sql.ref(table)}`.execute(db);
  for (const { sql: statement } of extras) await sql.raw(statement).execute(db);
}

function createTable(table: string, columns: readonly Column[], references: readonly Reference[]): string {
  const parts = columns.map(
    ({ name, type, notnull, dflt_value: initial }) =>
      `"${name}" ${type}${initial === null ? '' : ` default ${initial}`}${notnull === 1 ? ' not null' : ''}`,
  );
  const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  if (key.length > 0) parts.push(`primary key (${key.map(({ name }) => `"${name}"`).join(', ')})`);
  for (const { from, parent, to } of references) {
    parts.push(`foreign key ("principal", "${from}") references "${parent}" ("principal", "${to}")`);
  }
  return `create table "${table}" (${parts.join(', ')})`;
}

/** What the lists of columns and keys do not tell would be lost. No table has any of it so far. */
async function refuseUnknownForm(db: Kysely<unknown>, table: string): Promise<void> {
  const { rows } = await sql<{ sql: string }>`select sql from sqlite_master where name = ${table}`.execute(db);
  const found = /\b(?:check|unique|collate|generated|autoincrement|strict|without|on (?:delete|update))\b/iu.exec(
    rows[0]?.sql ?? '',
  );
  if (found !== null) throw new Error(`the table ${table} has a clause that would be lost: ${found[0]}`);
}

/** Rows from before have the owner of everything, if there is one. Otherwise the next requests upload the files again. */
async function giveFilesAnOwner(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('owned_upstream_files')
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('upstream', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('file_id', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('owned_upstream_files_key', ['principal', 'upstream', 'content'])
    .execute();
  await sql`
    insert into owned_upstream_files (principal, upstream, content, file_id, expires_at, created_at)
    select (select min(principal) from images), upstream, content, file_id, expires_at, created_at from upstream_files
    where (select count(distinct principal) from images) = 1
  `.execute(db);
  await db.schema.dropTable('upstream_files').execute();
  await db.schema.alterTable('owned_upstream_files').renameTo('upstream_files').execute();
}
