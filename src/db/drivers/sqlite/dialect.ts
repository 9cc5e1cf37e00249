/**
 * Kysely on two connections to one SQLite file: one writes, one transaction at a time; the other reads beside it.
 * Writers wait for each other and, without blocking the process, for other processes (busy.ts) and for the disk
 * (durable-log.ts). Readers never wait. They see committed rows only, of which the newest may not be on the disk yet: wait
 * for `DurableLog.settled` before you send to others what was read.
 */
import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  SqliteAdapter,
  SqliteIntrospector,
} from 'kysely';
import { Mutex } from '../../../lib/mutex.ts';
import type { DurabilityAdapter } from '../../durability.ts';
import type { LockingAdapter } from '../../locking.ts';
import type { SearchingAdapter } from '../../search.ts';
import { SteadyPlanCompiler } from './compiler.ts';
import { OneWriterConnection, type OneWriterOptions } from './connection.ts';
import { searchWithFts } from './search.ts';

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

class OneWriterAdapter extends SqliteAdapter implements LockingAdapter, SearchingAdapter, DurabilityAdapter {
  /** Each query gets a connection object of its own; the driver itself lets only one write. */
  override get supportsMultipleConnections() {
    return true;
  }

  /** Transactions that write take turns instead (`begin immediate`). */
  get supportsRowLocks() {
    return false;
  }

  get search() {
    return searchWithFts;
  }

  async commitUnsynced(connection: DatabaseConnection) {
    ownConnection(connection).commitUnsynced();
  }

  /** SQLite does: a crash in the middle of a migration leaves the database as it was. */
  override get supportsTransactionalDdl() {
    return true;
  }
}

class OneWriterDriver implements Driver {
  readonly #options: OneWriterOptions;
  readonly #writing = new Mutex();
  /** Kept for reuse: Kysely keeps data for each connection object, which costs more than the object itself. */
  readonly #idle: OneWriterConnection[] = [];

  constructor(options: OneWriterOptions) {
    this.#options = options;
  }

  async init() {}

  async acquireConnection() {
    return this.#idle.pop() ?? new OneWriterConnection(this.#options, this.#writing);
  }

  async beginTransaction(connection: DatabaseConnection) {
    await ownConnection(connection).begin();
  }

  async commitTransaction(connection: DatabaseConnection) {
    await ownConnection(connection).commit();
  }

  async rollbackTransaction(connection: DatabaseConnection) {
    ownConnection(connection).rollBack();
  }

  async releaseConnection(connection: DatabaseConnection) {
    const own = ownConnection(connection);
    own.rollBack();
    this.#idle.push(own);
  }

  async destroy() {
    await this.#options.log.close();
    this.#options.reader.close();
    // The last connection to close copies the write-ahead log into the database file; the reader cannot.
    this.#options.writer.close();
  }
}

function ownConnection(connection: DatabaseConnection): OneWriterConnection {
  if (connection instanceof OneWriterConnection) return connection;
  throw new TypeError('This connection belongs to another driver.');
}
