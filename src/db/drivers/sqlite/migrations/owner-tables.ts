/** The tables whose rows have an owner, and how they refer to each other, as migration 0008 finds them. */
import { type Kysely, sql } from 'kysely';

/** A column that holds the id of a row in another table of owned rows. */
export interface Reference {
  readonly from: string;
  readonly parent: string;
  readonly to: string;
}

/** The names of the tables with a column `principal`. */
export async function ownedTables(db: Kysely<unknown>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from sqlite_master
    where type = 'table' and exists (select 1 from pragma_table_info(sqlite_master.name) where name = 'principal')
    order by rootpage
  `.execute(db);
  return rows.map(({ name }) => name);
}

/** The foreign keys of a table by one column each. */
export async function foreignKeysOf(db: Kysely<unknown>, table: string): Promise<readonly Reference[]> {
  const { rows } = await sql<{ id: number; from: string; table: string; to: string | null }>`
    select * from pragma_foreign_key_list(${table}) order by id desc, seq
  `.execute(db);
  const keys = Map.groupBy(rows, ({ id }) => id);
  return [...keys.values()].flatMap(([key, ...more]) => {
    if (key === undefined || more.length > 0)
      throw new Error(`the table ${table} has a foreign key of several columns`);
    return [{ from: key.from, parent: key.table, to: key.to ?? 'id' }];
  });
}
