/** Runs compiled queries on a connection, with statements that are prepared once and kept. */
import type SQLite from 'better-sqlite3';
import type { CompiledQuery, QueryResult } from 'kysely';
import { bindableParameters, booleanColumnsOf, convertBooleans } from './booleans.ts';

interface PreparedStatement {
  readonly statement: SQLite.Statement<unknown[]>;
  /** Empty for statements that return no rows. */
  readonly booleanColumns: readonly string[];
}

/** The prepared statements of each connection, by their SQL: the same few queries run again and again. */
const prepared = new WeakMap<SQLite.Database, Map<string, PreparedStatement>>();
/** Far more than there are queries. */
const MAX_PREPARED = 500;

export function runQuery<R>(connection: SQLite.Database, { sql, parameters }: CompiledQuery): QueryResult<R> {
  const { statement, booleanColumns } = prepare(connection, sql);
  const values = bindableParameters(parameters);
  if (statement.reader) {
    const rows = statement.all(...values);
    convertBooleans(rows, booleanColumns);
    // The query determines the type of its rows.
    return { rows: rows as R[] };
  }
  const { changes, lastInsertRowid } = statement.run(...values);
  return { insertId: BigInt(lastInsertRowid), numAffectedRows: BigInt(changes), rows: [] };
}

function prepare(connection: SQLite.Database, sql: string): PreparedStatement {
  const statements = prepared.get(connection) ?? new Map<string, PreparedStatement>();
  prepared.set(connection, statements);
  const known = statements.get(sql);
  if (known !== undefined) return known;
  const statement = connection.prepare<unknown[]>(sql);
  const entry = { statement, booleanColumns: statement.reader ? booleanColumnsOf(statement) : [] };
  // A statement that changes tables can change the columns that other statements return.
  if (!/^(?:select|with|insert|update|delete)\b/iu.test(sql)) statements.clear();
  else {
    if (statements.size === MAX_PREPARED) statements.clear();
    statements.set(sql, entry);
  }
  return entry;
}
