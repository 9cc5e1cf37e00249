/** Ends a call that somebody no longer wants, and says the truth when its picture was finished first. */

import type { Database } from '../db/database.ts';
import { findCalls, requestCancel } from '../db/queries/calls.ts';
import { NotCancellableError, NotFoundError } from '../domain/errors.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { Notifier } from '../events/notifier.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { Worker } from '../runner/worker.ts';
import { TransitionRefusedError, type Transitions } from '../state/transitions.ts';

export interface Cancellations {
  /**
   * The call once it is cancelled; while the upstream takes its time to say so, the call as it then is, with the
   * cancellation noted and sure to be seen to.
   * @throws {NotFoundError} no such call of this principal · {NotCancellableError} it ended otherwise
   */
  cancel(principal: string, callId: string): Promise<GenerationCall>;
}

export interface CancellationsOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly notifier: Notifier;
  readonly queue: Pick<WorkQueue, 'remove'>;
  readonly worker: Pick<Worker, 'cancel'>;
  readonly now: () => string;
  /** How long an answer waits for the upstream, in milliseconds. */
  readonly patienceMs: number;
}

export function createCancellations(options: CancellationsOptions): Cancellations {
  const { db, transitions, notifier, queue, worker, now, patienceMs } = options;

  async function find(principal: string, callId: string): Promise<GenerationCall> {
    const [call] = await findCalls(db, principal, [callId]);
    if (call === undefined) throw new NotFoundError('callId', 'generation call');
    return call;
  }

  /** Cancels a call that nobody works on; false when somebody began just now. */
  async function cancelQueued(callId: string): Promise<boolean> {
    try {
      await transitions.record(callId, { type: 'GenerationCancelled' }, { onlyFrom: 'QUEUED' });
      // Freeing its place early is all that this does: a worker skips a call that has ended.
      await queue.remove(callId).catch(() => undefined);
      return true;
    } catch (error) {
      if (error instanceof TransitionRefusedError) return false;
      throw error;
    }
  }

  /** Sees to it that the call ends, and waits for that as long as patience lasts. */
  async function end(principal: string, callId: string): Promise<GenerationCall> {
    const watch = notifier.watch(callId);
    const patience = AbortSignal.timeout(patienceMs);
    patience.addEventListener('abort', () => watch.close());
    try {
      for (;;) {
        watch.arm();
        const call = await find(principal, callId);
        if (call.completedAt !== null || patience.aborted) return call;
        // Between two attempts a running call is queued again.
        if (call.status === 'QUEUED' && (await cancelQueued(callId))) continue;
        if (await requestCancel(db, callId, now())) worker.cancel(callId);
        await watch.wait();
      }
    } finally {
      watch.close();
    }
  }

  return {
    async cancel(principal, callId) {
      const call = await end(principal, callId);
      if (call.status === 'COMPLETED' || call.status === 'FAILED') throw new NotCancellableError(call.status);
      return call;
    },
  };
}
