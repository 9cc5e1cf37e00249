/** Finds the rows that refer to rows of another principal, before foreign keys forbid it. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { foreignKeysOf, type Reference } from './owner-tables.ts';

/** How many rows an error names. */
const NAMED_ROWS = 5;

interface Mixed {
  readonly row: string;
  readonly owner: string;
  readonly parent: string;
  readonly parent_owner: string;
}

/** @throws an error that names the rows; the server has never written such rows */
export async function refuseMixedOwners(db: Kysely<unknown>, tables: readonly string[]): Promise<void> {
  const found: string[] = [];
  for (const table of tables) {
    for (const reference of await foreignKeysOf(db, table)) {
      const rows = await mixedRows(db, table, reference);
      found.push(
        ...rows.map(
          ({ row, owner, parent, parent_owner: other }) =>
            `${table} ${row} of "${owner}" refers by ${reference.from} to ${reference.parent} ${parent} of "${other}"`,
        ),
      );
    }
  }
  if (found.length === 0) return;
  const rest = found.length - NAMED_ROWS;
  throw new Error(
    `${found.length} ${found.length === 1 ? 'row refers' : 'rows refer'} to rows of another principal: ` +
      `${found.slice(0, NAMED_ROWS).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}. ` +
      'Nothing was changed. Give the rows that belong together one principal, or restore a backup.',
  );
}

async function mixedRows(
  db: Kysely<unknown>,
  table: string,
  { from, parent, to }: Reference,
): Promise<readonly Mixed[]> {
  const { rows } = await sql<Mixed>`
    select ${await keyOf(db, table)} as "row", child.principal as owner, parent.${sql.ref(to)} as parent,
      parent.principal as parent_owner
    from ${sql.ref(table)} as child cross join ${sql.ref(parent)} as parent
    where parent.${sql.ref(to)} = child.${sql.ref(from)} and parent.principal <> child.principal
    order by child.rowid
  `.execute(db);
  return rows;
}

/** The primary key of a row as text, its columns joined by slashes; the number of the row when it has no key. */
async function keyOf(db: Kysely<unknown>, table: string): Promise<RawBuilder<string>> {
  const { rows } = await sql<{ name: string }>`
    select name from pragma_table_info(${table}) where pk > 0 order by pk
  `.execute(db);
  if (rows.length === 0) return sql`child.rowid`;
  return sql.join(
    rows.map(({ name }) => sql`child.${sql.ref(name)}`),
    sql` || '/' || `,
  );
}
