/**
 * The work queue: brings accepted calls to workers. It limits how many calls run at once and how many images start in a
 * minute, and it is fair between principals. The database stays the record. A queue may lose its contents: the worker
 * enqueues again whatever is QUEUED in the database and missing here.
 *
 * This file is the contract. Drivers are in drivers/, and test/contract/work-queue.ts runs on each of them.
 */
export interface Work {
  readonly callId: string;
  /** Fairness is between principals. */
  readonly principal: string;
  /** Number of images to request. They count towards the limit per minute. */
  readonly images: number;
  /** RFC 3339. The work does not start earlier; null means now. */
  readonly notBefore: string | null;
}

export interface WorkQueue {
  /**
   * Resolves when the queue has the work. A call that is waiting here already is not added again.
   * @throws when the queue cannot be reached; the call stays QUEUED in the database and is found by a later scan
   */
  enqueue(work: Work): Promise<void>;
  /** Removes work that has not started. Does nothing for other calls. */
  remove(callId: string): Promise<void>;
  /**
   * Number of waiting calls of its own principal that start before it, plus one; null when the call is not waiting, or
   * waits for its `notBefore`. It tells nothing of the calls of others (promise 10).
   */
  position(callId: string): Promise<number | null>;
  /** The waiting calls of a principal, in the order in which they start: those that have a `position`. */
  waiting(principal: string): Promise<readonly string[]>;
  /** Those of the given calls that are neither waiting nor running, in the order given. */
  missing(callIds: readonly string[]): Promise<readonly string[]>;
  /** Starts no more work from this moment on. Resolves when all running work has ended. May be called again. */
  drain(): Promise<void>;
}
