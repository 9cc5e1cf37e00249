/** Cancels calls, unless their image was finished first. */

import type { Database } from '../db/database.ts';
import { requestCancel } from '../db/queries/calls.ts';
import { NotCancellableError } from '../domain/errors.ts';
import type { GenerationCall, GenerationStatus } from '../domain/generation/generation-call.ts';
import type { Notifier } from '../events/notifier.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { Worker } from '../runner/worker.ts';
import { TransitionRefusedError, type Transitions } from '../state/transitions.ts';
import { requireCall } from './references.ts';

export interface Cancellations {
  /**
   * Resolves with the cancelled call. When the upstream takes longer than `patienceMs` to confirm, resolves with the running
   * call: the request to cancel is stored and will be carried out.
   * @throws {NotFoundError} no such call of this principal · {NotCancellableError} the call completed or failed
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
  /** How long a response waits for the upstream, in milliseconds. */
  readonly patienceMs: number;
}

type WaitingStatus = 'QUEUED' | 'AWAITING_APPROVAL';

function isWaiting(status: GenerationStatus): status is WaitingStatus {
  return status === 'QUEUED' || status === 'AWAITING_APPROVAL';
}

export function createCancellations(options: CancellationsOptions): Cancellations {
  const { db, transitions, notifier, queue, worker, now, patienceMs } = options;

  /** Cancels a call that is not running; false when its status has just changed. */
  async function cancelWaiting(callId: string, status: WaitingStatus): Promise<boolean> {
    try {
      await transitions.record(callId, { type: 'GenerationCancelled' }, { onlyFrom: status });
      // Only frees the call's place in the queue early: a worker skips a call that has ended.
      await queue.remove(callId).catch(() => undefined);
      return true;
    } catch (error) {
      if (error instanceof TransitionRefusedError) return false;
      throw error;
    }
  }

  /** Requests the cancellation and waits for the call to end, up to `patienceMs`. */
  async function end(principal: string, callId: string): Promise<GenerationCall> {
    const watch = notifier.watch(callId);
    const patience = AbortSignal.timeout(patienceMs);
    patience.addEventListener('abort', () => watch.close());
    try {
      for (;;) {
        watch.arm();
        const call = await requireCall(db, principal, callId);
        if (call.completedAt !== null || patience.aborted) return call;
        // A call is also QUEUED between two attempts.
        if (isWaiting(call.status) && (await cancelWaiting(callId, call.status))) continue;
        if (await requestCancel(db, principal, callId, now())) worker.cancel(callId);
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
