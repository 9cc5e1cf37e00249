/**
 * What brings accepted calls to workers: so many at once, so many pictures a minute, in turn between principals. The
 * database stays the record: a queue that loses everything loses nothing, because what is QUEUED there is enqueued
 * again at the next start.
 */
export interface Work {
  readonly callId: string;
  /** Whose turn it takes. */
  readonly principal: string;
  /** How many pictures it asks for. */
  readonly pictures: number;
  /** Not before this moment (RFC 3339); null is now. */
  readonly notBefore: string | null;
}

export interface WorkQueue {
  /** Hands the call to a worker when it is its turn. The same call twice is the same work. */
  enqueue(work: Work): void;
  /** Takes back what does not run yet; harmless for anything else. */
  remove(callId: string): void;
  /** How many calls come before it plus one: 1 is the next; null when it does not wait here. */
  position(callId: string): number | null;
  /** Starts no more work, at once, and resolves when what runs has ended. May be called again. */
  drain(): Promise<void>;
}
