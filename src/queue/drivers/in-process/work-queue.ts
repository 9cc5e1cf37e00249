/**
 * The work queue of a single process, in the order of fair-queue.ts. Nothing overtakes: a call that exceeds the limit of
 * the current minute also holds back the calls behind it. Otherwise smaller calls could delay it forever.
 */
import type { Work, WorkQueue } from '../../work-queue.ts';
import { FairQueue } from './fair-queue.ts';

export interface InProcessQueueOptions {
  /** Number of calls that run at the same time. */
  readonly concurrency: number;
  /**
   * Number of images that start within any minute; null means no limit. A call for more images than that waits until no
   * other image started for a minute, then uses as many minutes as its images need.
   */
  readonly perMinute: number | null;
  /** Does the work; must not reject. */
  readonly run: (callId: string) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
}

const MINUTE_MS = 60_000;
/** The longest delay that setTimeout supports. A longer wait is split. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function createInProcessQueue({ concurrency, perMinute, run, nowMs }: InProcessQueueOptions): WorkQueue {
  const order = new FairQueue();
  /** Work that waits for its `notBefore`. */
  const later = new Map<string, NodeJS.Timeout>();
  /** One timer for each start that still counts towards the limit per minute. */
  const countedStarts = new Set<NodeJS.Timeout>();
  const runningIds = new Set<string>();
  let countedImages = 0;
  let running = 0;
  let draining = false;
  const drained = Promise.withResolvers<void>();

  function add(work: Work): void {
    const { callId, notBefore } = work;
    if (draining || later.has(callId) || order.has(callId)) return;
    const waitMs = notBefore === null ? 0 : Date.parse(notBefore) - nowMs();
    if (waitMs <= 0) {
      order.enqueue(work);
      startNext();
      return;
    }
    const timer = setTimeout(
      () => {
        later.delete(callId);
        add(work);
      },
      Math.min(waitMs, LONGEST_TIMER_MS),
    );
    later.set(callId, timer);
  }

  /** Starts as much work as the limits allow, in order. */
  function startNext(): void {
    for (let next = order.first(); next !== null && running < concurrency && fits(next); next = order.first()) {
      order.dequeue();
      start(next);
    }
  }

  function fits({ images }: Work): boolean {
    return perMinute === null || countedImages === 0 || countedImages + images <= perMinute;
  }

  function start({ callId, images }: Work): void {
    running += 1;
    runningIds.add(callId);
    if (perMinute !== null) count(images, MINUTE_MS * Math.max(1, images / perMinute));
    void run(callId).finally(() => {
      running -= 1;
      runningIds.delete(callId);
      startNext();
      if (draining && running === 0) drained.resolve();
    });
  }

  /** Counts the images towards the limit for `ms` milliseconds. */
  function count(images: number, ms: number): void {
    countedImages += images;
    const timer = setTimeout(() => {
      countedStarts.delete(timer);
      countedImages -= images;
      startNext();
    }, ms);
    countedStarts.add(timer);
  }

  function remove(callId: string): void {
    clearTimeout(later.get(callId));
    later.delete(callId);
    order.remove(callId);
    // The removed call may have held back the ones behind it.
    startNext();
  }

  function isHeld(callId: string): boolean {
    return later.has(callId) || order.has(callId) || runningIds.has(callId);
  }

  return {
    enqueue: async (work) => add(work),
    remove: async (callId) => remove(callId),
    position: async (callId) => order.position(callId),
    waiting: async (principal) => order.waiting(principal),
    missing: async (callIds) => callIds.filter((callId) => !isHeld(callId)),
    drain() {
      draining = true;
      for (const timer of [...later.values(), ...countedStarts]) clearTimeout(timer);
      later.clear();
      order.clear();
      if (running === 0) drained.resolve();
      return drained.promise;
    },
  };
}
