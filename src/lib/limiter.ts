/**
 * Runs one piece of work at a time, in the order in which it was asked for. For decoding images that clients send: a single
 * one can take all the memory that the image limits allow.
 */
import PQueue from 'p-queue';

/** Resolves or rejects as `work` does. */
export type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

export function createLimiter(): Limiter {
  const queue = new PQueue({ concurrency: 1 });
  return (work) => queue.add(work);
}
