/**
 * The work queue of a single process: in the order of fair-queue.ts, so many calls at once, so many pictures a minute.
 * Nothing overtakes: what does not fit into the minute yet holds up what comes behind it, so that it is not put off for
 * ever by what is smaller.
 */
import type { Work, WorkQueue } from '../../work-queue.ts';
import { FairQueue } from './fair-queue.ts';

export interface InProcessQueueOptions {
  /** How many calls run at once. */
  readonly concurrency: number;
  /**
   * How many pictures are begun within any minute; null is no limit. A call for more is begun when no other was for a
   * minute, and takes as many minutes for itself as its pictures need.
   */
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
  const order = new FairQueue();
  /** What waits for its moment. */
  const later = new Map<string, NodeJS.Timeout>();
  /** The ends of the minutes of what was begun. */
  const minutes = new Set<NodeJS.Timeout>();
  let picturesBegun = 0;
  let running = 0;
  let draining = false;
  const drained = Promise.withResolvers<void>();

  function enqueue(work: Work): void {
    const { callId, notBefore } = work;
    if (draining || later.has(callId) || order.has(callId)) return;
    const waitMs = notBefore === null ? 0 : Date.parse(notBefore) - nowMs();
    if (waitMs <= 0) {
      order.enqueue(work);
      beginNext();
      return;
    }
    const timer = setTimeout(
      () => {
        later.delete(callId);
        enqueue(work);
      },
      Math.min(waitMs, LONGEST_TIMER_MS),
    );
    later.set(callId, timer);
  }

  /** Begins what the limits allow, in its order. */
  function beginNext(): void {
    for (let next = order.first(); next !== null && running < concurrency && fits(next); next = order.first()) {
      order.dequeue();
      begin(next);
    }
  }

  function fits({ pictures }: Work): boolean {
    return perMinute === null || picturesBegun === 0 || picturesBegun + pictures <= perMinute;
  }

  function begin({ callId, pictures }: Work): void {
    running += 1;
    if (perMinute !== null) take(pictures, MINUTE_MS * Math.max(1, pictures / perMinute));
    void run(callId).finally(() => {
      running -= 1;
      beginNext();
      if (draining && running === 0) drained.resolve();
    });
  }

  function take(pictures: number, ms: number): void {
    picturesBegun += pictures;
    const timer = setTimeout(() => {
      minutes.delete(timer);
      picturesBegun -= pictures;
      beginNext();
    }, ms);
    minutes.add(timer);
  }

  function remove(callId: string): void {
    clearTimeout(later.get(callId));
    later.delete(callId);
    order.remove(callId);
    // What did not fit may have been first.
    beginNext();
  }

  return {
    enqueue,
    remove,
    position: (callId) => order.position(callId),
    drain() {
      draining = true;
      for (const timer of [...later.values(), ...minutes]) clearTimeout(timer);
      later.clear();
      order.clear();
      if (running === 0) drained.resolve();
      return drained.promise;
    },
  };
}
