/** A decoder can take all the memory that the limits of a picture allow: of those that clients send, one at a time. */
import PQueue from 'p-queue';

/** Does the work when it is its turn; resolves and rejects as the work does. */
export type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

export function createLimiter(): Limiter {
  const turns = new PQueue({ concurrency: 1 });
  return (work) => turns.add(work);
}
