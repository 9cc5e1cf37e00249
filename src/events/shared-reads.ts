/**
 * Subscribers who stand at the same place of the same log are woken together, and read it together: one query, whose
 * events are the same objects for all of them. A read begins behind the last who asks for it, so nobody gets one that was
 * begun before the wake-up and does not hold what it told of.
 */
import type { LogPage } from './log.ts';

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
