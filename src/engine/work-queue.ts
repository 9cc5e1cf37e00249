/**
 * What brings accepted calls to workers. The database stays the record: a queue that loses everything loses nothing,
 * because what is QUEUED there is enqueued again at the next start.
 */
export interface WorkQueue {
  /** Hands the call to a worker when one is free. The same id twice is the same work. */
  enqueue(callId: string): void;
  /** Takes no more work and resolves when what runs has ended. */
  drain(): Promise<void>;
}
