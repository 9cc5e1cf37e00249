/** What happens to a call whose run failed: most often because the disk is full or the database is locked. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { findCall } from '../db/queries/engine/calls.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import { TransitionRefusedError } from '../state/transitions.ts';
import { workOf } from './run-call.ts';

export interface CallRecoveryOptions {
  readonly db: Database;
  readonly enqueue: WorkQueue['enqueue'];
  /** How long to wait before a call that could not be recorded is tried again, in milliseconds. */
  readonly retryDelayMs: number;
  readonly logger: Logger;
}

export class CallRecovery {
  readonly #options: CallRecoveryOptions;
  readonly #stopping = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: CallRecoveryOptions) {
    this.#options = options;
  }

  /**
   * Decides about a call whose run rejected with `error`. A call that has started is in progress until its end is
   * recorded, so it keeps its slot until then; otherwise too many calls would run when it is resumed.
   * @returns whether to run it again in its slot, once the delay is over
   */
  async recover(callId: string, error: unknown): Promise<boolean> {
    const { db, retryDelayMs, logger } = this.#options;
    if (error instanceof TransitionRefusedError) {
      logger.warn({ callId, reason: error.message }, 'the call cannot be continued by this server');
      return false;
    }
    logger.error({ err: error, callId }, 'a call could not be recorded; trying again');
    const call = await findCall(db, callId).catch(() => undefined);
    if (call?.status === 'QUEUED') {
      this.#enqueueLater(callId);
      return false;
    }
    // The rejection only says that the server stops.
    await sleep(retryDelayMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    return true;
  }

  /** Puts no more calls back into the queue. */
  stop(): void {
    this.#stopping.abort();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #enqueueLater(callId: string): void {
    if (this.#stopping.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#enqueue(callId).catch(() => this.#enqueueLater(callId));
    }, this.#options.retryDelayMs);
    this.#timers.add(timer);
  }

  /** A call that has not started waits for its slot like any other. */
  async #enqueue(callId: string): Promise<void> {
    const { db, enqueue } = this.#options;
    const call = await findCall(db, callId);
    if (call?.status === 'QUEUED' && !this.#stopping.signal.aborted) await enqueue(workOf(call));
  }
}
