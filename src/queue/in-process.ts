/** The work queue of a single process: p-queue, in the order of arrival. */
import PQueue from 'p-queue';
import type { WorkQueue } from '../engine/work-queue.ts';

export interface InProcessQueueOptions {
  /** How many calls run at once. */
  readonly concurrency: number;
  /** Does the work; must not reject. */
  readonly run: (callId: string) => Promise<void>;
}

export function createInProcessQueue({ concurrency, run }: InProcessQueueOptions): WorkQueue {
  const queue = new PQueue({ concurrency });
  const known = new Set<string>();

  return {
    enqueue(callId) {
      if (known.has(callId)) return;
      known.add(callId);
      const work = async () => {
        try {
          await run(callId);
        } finally {
          known.delete(callId);
        }
      };
      // Rejects only for what `drain` clears; the database remembers it.
      queue.add(work).catch(() => undefined);
    },
    async drain() {
      queue.pause();
      queue.clear();
      await queue.onPendingZero();
    },
  };
}
