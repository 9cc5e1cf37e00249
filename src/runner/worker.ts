/**
 * Brings calls to their ends: those that the queue starts, and at once those that another process left unfinished, which
 * are resumed from what is stored (promise 5).
 */
import type { Database } from '../db/database.ts';
import { abandonedCalls, pageOfQueuedCalls, type QueuedCall } from '../db/queries/engine/calls.ts';
import type { GenerationCall } from '../domain/generation/generation-call.ts';
import { isDeferred } from '../domain/generation/options.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { CallRecovery } from './recover-call.ts';
import { type CallRunner, workOf } from './run-call.ts';
import { RunningCalls } from './running-calls.ts';

/** Queued calls read at a time. */
const PAGE_SIZE = 500;

export interface WorkerOptions {
  readonly db: Database;
  readonly runner: CallRunner;
  readonly recovery: CallRecovery;
  readonly queue: Pick<WorkQueue, 'enqueue' | 'missing'>;
  readonly instanceId: string;
}

export class Worker {
  readonly #options: WorkerOptions;
  readonly #calls: RunningCalls;

  constructor(options: WorkerOptions) {
    const { runner, recovery } = options;
    this.#options = options;
    this.#calls = new RunningCalls({
      run: (callId, interrupts, slot) => runner.run(callId, interrupts, slot),
      onError: (callId, error) => recovery.recover(callId, error),
    });
  }

  /** Runs a call until it has ended or waits again; never rejects. Does nothing for a call that has ended. */
  run(callId: string): Promise<void> {
    return this.#calls.run(callId);
  }

  /** Interrupts the call if it runs here; its end is recorded. */
  cancel(callId: string): void {
    this.#calls.cancel(callId);
  }

  /** Takes over calls that no living server has: resumes those that have started, enqueues those that wait. */
  async adopt(): Promise<void> {
    const { db, instanceId } = this.#options;
    for (const call of await abandonedCalls(db, instanceId)) await this.#resume(call);
    await this.#enqueueMissing();
  }

  /** Starts no more attempts. */
  stopStarting(): void {
    this.#options.runner.isStopping = true;
    this.#options.recovery.stop();
    this.#calls.stopStarting();
  }

  /** Leaves to another server the calls that it can resume; resolves when all have ended or are left. */
  async release(): Promise<void> {
    this.stopStarting();
    await this.#calls.release();
  }

  /** Ends all calls that run. */
  async stop(): Promise<void> {
    await this.#calls.stop();
  }

  /** Fills the queue at the start of the server, and later adds only what the queue does not have. */
  async #enqueueMissing(): Promise<void> {
    const { db, queue } = this.#options;
    for (let after: string | null = null; ; ) {
      const page: readonly QueuedCall[] = await pageOfQueuedCalls(db, after, PAGE_SIZE);
      const missing = new Set(await queue.missing(page.map(({ id }) => id)));
      for (const { id: callId, principal, count: images, notBefore } of page) {
        if (missing.has(callId)) await queue.enqueue({ callId, principal, images, notBefore });
      }
      after = page.at(-1)?.id ?? null;
      if (page.length < PAGE_SIZE) return;
    }
  }

  /**
   * A call that has started is resumed at once. It is enqueued besides, so that it counts among the running calls, unless it
   * waits for its completion window: then it counts no more.
   */
  async #resume(call: GenerationCall): Promise<void> {
    if (!this.#calls.recover(call.id) || isDeferred(call.request.settings.completionWindow)) return;
    // Its images were counted when it started.
    await this.#options.queue.enqueue({ ...workOf(call), images: 0, notBefore: null });
  }
}
