/** The work queue of a single process: p-queue with its limits, in the order of fair-queue.ts. */
import PQueue from 'p-queue';
import type { Work, WorkQueue } from '../engine/work-queue.ts';
import { type FairOptions, FairQueue } from './fair-queue.ts';

export interface InProcessQueueOptions {
  /** How many calls run at once. */
  readonly concurrency: number;
  /** How many calls begin within any minute; null is no limit. */
  readonly perMinute: number | null;
  /** Does the work; must not reject. */
  readonly run: (callId: string) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
}

const MINUTE_MS = 60_000;
/** setTimeout takes no more; a longer wait is looked at again then. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function createInProcessQueue({ concurrency, perMinute, run, nowMs }: InProcessQueueOptions): WorkQueue {
  let order = new FairQueue();
  const queue = new PQueue<FairQueue, FairOptions>({
    concurrency,
    // The library makes its queue itself; we ask it for positions.
    queueClass: class extends FairQueue {
      constructor() {
        super();
        order = this;
      }
    },
    ...(perMinute === null ? {} : { intervalCap: perMinute, interval: MINUTE_MS, strict: true }),
  });
  /** What waits, for its moment or for its turn: how to take it back. */
  const waiting = new Map<string, () => void>();
  let draining = false;

  function enqueue(work: Work): void {
    const { callId, notBefore } = work;
    if (draining || waiting.has(callId)) return;
    const waitMs = notBefore === null ? 0 : Date.parse(notBefore) - nowMs();
    if (waitMs <= 0) {
      begin(work);
      return;
    }
    const timer = setTimeout(
      () => {
        waiting.delete(callId);
        enqueue(work);
      },
      Math.min(waitMs, LONGEST_TIMER_MS),
    );
    waiting.set(callId, () => clearTimeout(timer));
  }

  function begin({ callId, principal }: Work): void {
    const taken = new AbortController();
    waiting.set(callId, () => taken.abort());
    const work = async () => {
      waiting.delete(callId);
      await run(callId);
    };
    // Rejects only for what was taken back before it began; the database remembers it.
    queue.add(work, { id: callId, principal, signal: taken.signal }).catch(() => undefined);
  }

  function remove(callId: string): void {
    waiting.get(callId)?.();
    waiting.delete(callId);
  }

  return {
    enqueue,
    remove,
    position: (callId) => order.position(callId),
    async drain() {
      draining = true;
      for (const callId of waiting.keys()) remove(callId);
      await queue.onPendingZero();
    },
  };
}
