/**
 * Kysely on two connections to one SQLite file: one that writes, a transaction at a time, and one that reads beside it.
 * Who writes waits for the turn and, without blocking the process, for other processes (busy.ts) and for the disk
 * (durable-log.ts). Who reads waits for nobody and sees what is committed, never the middle of a transaction; some of it may
 * not be on the disk yet, so whoever tells it to others waits for the log first.
 */
import type SQLite from 'better-sqlite3';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
} from 'kysely';
import { Mutex } from '../../../lib/mutex.ts';
import type { LockingAdapter } from '../../locking.ts';
import { whenFree } from './busy.ts';
import { SteadyPlanCompiler } from './compiler.ts';
import type { DurableLog } from './durable-log.ts';

export interface OneWriterOptions {
  readonly writer: SQLite.Database;
  readonly reader: SQLite.Database;
  /** What commits of the writer, which does not sync itself, are made durable by. */
  readonly log: DurableLog;
  /** How long a statement waits for other processes, its turn in this one included. Milliseconds. */
  readonly patienceMs: number;
}

export class OneWriterDialect implements Dialect {
  readonly #options: OneWriterOptions;

  constructor(options: OneWriterOptions) {
    this.#options = options;
  }

  createDriver() {
    return new OneWriterDriver(this.#options);
  }

  createQueryCompiler() {
    return new SteadyPlanCompiler();
  }

  createAdapter() {
    return new OneWriterAdapter();
  }

  createIntrospector(db: Kysely<unknown>) {
    return new SqliteIntrospector(db);
  }
}

class OneWriterAdapter extends SqliteAdapter implements LockingAdapter {
  /** The driver gives everybody a handle of their own and takes turns by itself. */
  override get supportsMultipleConnections() {
    return true;
  }

  /** Transactions that write take turns instead (`begin immediate`). */
  get supportsRowLocks() {
    return false;
  }

  /** SQLite can: a crash in the middle of a migration leaves the database as it was. */
  override get supportsTransactionalDdl() {
    return true;
  }
}

class OneWriterDriver implements Driver {
  readonly #options: OneWriterOptions;
  readonly #turns = new Mutex();
  /** Kysely remembers each handle that it is given, which costs more than the handle does. */
  readonly #idle: Handle[] = [];

  constructor(options: OneWriterOptions) {
    this.#options = options;
  }

  async init() {}

  async acquireConnection() {
    return this.#idle.pop() ?? new Handle(this.#options, this.#turns);
  }

  async beginTransaction(connection: DatabaseConnection) {
    await handleOf(connection).begin();
  }

  async commitTransaction(connection: DatabaseConnection) {
    await handleOf(connection).commit();
  }

  async rollbackTransaction(connection: DatabaseConnection) {
    handleOf(connection).rollBack();
  }

  async releaseConnection(connection: DatabaseConnection) {
    const handle = handleOf(connection);
    handle.rollBack();
    this.#idle.push(handle);
  }

  async destroy() {
    await this.#options.log.close();
    this.#options.reader.close();
    // Last, so that it takes the write-ahead log back into the file.
    this.#options.writer.close();
  }
}

function handleOf(connection: DatabaseConnection): Handle {
  if (connection instanceof Handle) return connection;
  throw new TypeError('Not a connection of this driver.');
}

/** What one query or one transaction has of the database. */
class Handle implements DatabaseConnection {
  readonly #options: OneWriterOptions;
  readonly #turns: Mutex;
  /** Ends this handle's turn at writing; there is one while its transaction is open. */
  #endTurn: (() => void) | undefined;

  constructor(options: OneWriterOptions, turns: Mutex) {
    this.#options = options;
    this.#turns = turns;
  }

  async begin(): Promise<void> {
    const { writer } = this.#options;
    // Who is to write says so at the start: one that begins by reading can find later that another process was
    // faster, and then nothing helps but doing all of it again.
    this.#endTurn = await this.#turnAt(() => writer.exec('begin immediate'));
  }

  async commit(): Promise<void> {
    this.#options.writer.exec('commit');
    this.#closeTurn();
    await this.#options.log.committed();
  }

  /** Harmless when there is nothing open: after a full disk SQLite has rolled back already. */
  rollBack(): void {
    if (this.#endTurn === undefined) return;
    try {
      if (this.#options.writer.inTransaction) this.#options.writer.exec('rollback');
    } finally {
      this.#closeTurn();
    }
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { writer, reader, log } = this.#options;
    if (this.#endTurn !== undefined) return run<R>(writer, query);
    if (SelectQueryNode.is(query.query)) return whenFree(() => run<R>(reader, query), this.#deadline());
    let result: QueryResult<R> = { rows: [] };
    const endTurn = await this.#turnAt(() => {
      result = run<R>(writer, query);
    });
    endTurn();
    await log.committed();
    return result;
  }

  /** All rows in one piece: lists are read in pages (page.ts). */
  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  /** Takes the turn and does what opens it; resolves with what ends it. */
  async #turnAt(work: () => unknown): Promise<() => void> {
    const deadline = this.#deadline();
    const endTurn = await this.#turns.acquire();
    try {
      await whenFree(work, deadline);
      return endTurn;
    } catch (error) {
      endTurn();
      throw error;
    }
  }

  #deadline(): number {
    return performance.now() + this.#options.patienceMs;
  }

  #closeTurn(): void {
    this.#endTurn?.();
    this.#endTurn = undefined;
  }
}

/** The statements that a connection has prepared, by their text; the same few queries are asked again and again. */
const prepared = new WeakMap<SQLite.Database, Map<string, SQLite.Statement<unknown[]>>>();
/** Far more than there are queries. */
const MAX_PREPARED = 500;

function prepare(connection: SQLite.Database, sql: string): SQLite.Statement<unknown[]> {
  const statements = prepared.get(connection) ?? new Map<string, SQLite.Statement<unknown[]>>();
  prepared.set(connection, statements);
  const known = statements.get(sql);
  if (known !== undefined) return known;
  const statement = connection.prepare<unknown[]>(sql);
  // A change of the tables changes what a statement brings.
  if (!/^(?:select|with|insert|update|delete)\b/iu.test(sql)) statements.clear();
  else {
    if (statements.size === MAX_PREPARED) statements.clear();
    statements.set(sql, statement);
  }
  return statement;
}

function run<R>(connection: SQLite.Database, { sql, parameters }: CompiledQuery): QueryResult<R> {
  const statement = prepare(connection, sql);
  // The type of the rows is the query's.
  if (statement.reader) return { rows: statement.all(...parameters) as R[] };
  const { changes, lastInsertRowid } = statement.run(...parameters);
  return { insertId: BigInt(lastInsertRowid), numAffectedRows: BigInt(changes), rows: [] };
}
