/** What one query or one transaction uses of the database: the writing connection in turns, the reading one at any time. */
import type SQLite from 'better-sqlite3';
import { type CompiledQuery, type DatabaseConnection, type QueryResult, SelectQueryNode } from 'kysely';
import type { Durability } from '../../../domain/durability.ts';
import type { Mutex } from '../../../lib/mutex.ts';
import { whenFree } from './busy.ts';
import type { DurableLog } from './durable-log.ts';
import { runQuery } from './statements.ts';

export interface OneWriterOptions {
  readonly writer: SQLite.Database;
  readonly reader: SQLite.Database;
  /** Makes the writer's commits durable. */
  readonly log: DurableLog;
  /** How long a statement waits for other writers, in this process and in others. Milliseconds. */
  readonly patienceMs: number;
}

export class OneWriterConnection implements DatabaseConnection {
  readonly #options: OneWriterOptions;
  readonly #writing: Mutex;
  /** Lets the next one write. Set while this connection's transaction is open. */
  #release: (() => void) | undefined;
  /** Of the open transaction. */
  #durability: Durability = 'SYNCED';

  /** @param writing held by whoever writes */
  constructor(options: OneWriterOptions, writing: Mutex) {
    this.#options = options;
    this.#writing = writing;
  }

  /** @throws {DatabaseBusyError} when another process held the database for longer than `patienceMs` */
  async begin(): Promise<void> {
    const { writer } = this.#options;
    // `immediate` takes SQLite's write lock now. A transaction that starts by reading can find at its first write that
    // another process wrote meanwhile; then it could only be run again from its start.
    this.#release = await this.#lockFor(() => writer.exec('begin immediate'));
  }

  async commit(): Promise<void> {
    const durability = this.#durability;
    this.#options.writer.exec('commit');
    this.#endTurn();
    await this.#options.log.committed(durability);
  }

  /** The open transaction does not wait for the disk. */
  commitUnsynced(): void {
    this.#durability = 'UNSYNCED';
  }

  /** Does nothing when no transaction is open: when the disk is full, SQLite has rolled back already. */
  rollBack(): void {
    if (this.#release === undefined) return;
    try {
      if (this.#options.writer.inTransaction) this.#options.writer.exec('rollback');
    } finally {
      this.#endTurn();
    }
  }

  /** @throws {DatabaseBusyError} when another process held the database for longer than `patienceMs` */
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { writer, reader, log } = this.#options;
    if (this.#release !== undefined) return runQuery<R>(writer, query);
    if (SelectQueryNode.is(query.query)) return whenFree(() => runQuery<R>(reader, query), this.#deadline());
    let result: QueryResult<R> = { rows: [] };
    const release = await this.#lockFor(() => {
      result = runQuery<R>(writer, query);
    });
    release();
    await log.committed();
    return result;
  }

  /** Returns all rows at once: lists are read in pages (src/db/lists/page.ts). */
  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  /** Waits until this process and others let it write, then runs `work`; resolves with what lets the next one write. */
  async #lockFor(work: () => unknown): Promise<() => void> {
    const deadline = this.#deadline();
    const release = await this.#writing.acquire();
    try {
      await whenFree(work, deadline);
      return release;
    } catch (error) {
      release();
      throw error;
    }
  }

  #deadline(): number {
    return performance.now() + this.#options.patienceMs;
  }

  #endTurn(): void {
    this.#durability = 'SYNCED';
    this.#release?.();
    this.#release = undefined;
  }
}
