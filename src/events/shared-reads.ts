/**
 * Subscribers at the same place of the same log are notified together and share one query and its event objects. The query
 * starts one microtask after the first request and is shared only until it starts. A subscriber therefore never gets a
 * result that was read before its own notification.
 */
import type { LogPage } from './log.ts';

/** The keys must tell apart whatever changes the result, the principal above all. */
export function createSharedReads<E>(): (key: string, read: () => Promise<LogPage<E>>) => Promise<LogPage<E>> {
  const waiting = new Map<string, Promise<LogPage<E>>>();
  return (key, read) => {
    const shared =
      waiting.get(key) ??
      Promise.resolve().then(() => {
        waiting.delete(key);
        return read();
      });
    waiting.set(key, shared);
    return shared;
  };
}
