/**
 * SQLite has no booleans: they are stored as 0 and 1. The driver converts them in both directions, so that queries see
 * `boolean`, as they would with PostgreSQL.
 */
import type SQLite from 'better-sqlite3';
import type { Tables } from '../../tables.ts';

/** The columns of a table that are boolean, or null. */
type BooleanColumn<T extends keyof Tables> = {
  [C in keyof Tables[T]]: NonNullable<Tables[T][C]> extends boolean ? C : never;
}[keyof Tables[T]];

/** The type requires every boolean column of src/db/tables.ts, and nothing else. */
const BOOLEAN_COLUMNS: {
  readonly [T in keyof Tables as [BooleanColumn<T>] extends [never] ? never : T]: Readonly<
    Record<BooleanColumn<T>, true>
  >;
} = {
  calls: { verbatim: true, context_open: true, overlay_purged: true },
  call_sources: { is_implied: true },
  attempts: { again: true, background: true },
  images: { verbatim: true, favorite: true, has_content_credentials: true },
  cost_lines: { is_counted: true },
  purged_costs: { is_counted: true },
  reservations: { is_open: true },
};

/** `table.column` of each. */
const KNOWN: ReadonlySet<string> = new Set(
  Object.entries(BOOLEAN_COLUMNS).flatMap(([table, columns]) =>
    Object.keys(columns).map((column) => `${table}.${column}`),
  ),
);

/** The names of the boolean columns in the rows of a statement, found by where SQLite reads them, whatever their alias. */
export function booleanColumnsOf(statement: SQLite.Statement<unknown[]>): readonly string[] {
  return statement
    .columns()
    .filter(({ table, column }) => KNOWN.has(`${table}.${column}`))
    .map(({ name }) => name);
}

/** Replaces 0 and 1 in these columns; null stays null. Changes the rows in place: nobody else has them yet. */
export function convertBooleans(rows: readonly unknown[], columns: readonly string[]): void {
  if (columns.length === 0) return;
  // better-sqlite3 returns each row as an object by column name.
  for (const row of rows as readonly Record<string, unknown>[]) {
    for (const column of columns) if (row[column] !== null) row[column] = row[column] === 1;
  }
}

/** better-sqlite3 refuses to bind booleans. */
export function bindableParameters(parameters: readonly unknown[]): readonly unknown[] {
  const isBoolean = (value: unknown) => typeof value === 'boolean';
  return parameters.some(isBoolean)
    ? parameters.map((value) => (isBoolean(value) ? Number(value) : value))
    : parameters;
}
