/**
 * Subscribers at the same place of the same log are notified together and share one query and its event objects. The query
 * starts one microtask after the first request and is shared only until it starts. A subscriber therefore never gets a
 * result that was read before its own notification.
 *
 * A page with more events behind it never changes, because logs only grow at their end. It is kept for a moment, so that many
 * who replay the same log share its events and their answers, although each of them gets there at another time.
 */
import { LRUCache } from 'lru-cache';
import type { LogPage } from './log.ts';

/** How long such a page is kept after it was read, in milliseconds: what was deleted since is not sent for longer. */
const KEPT_MS = 500;
/** Pages that are kept; the least recently used are dropped. */
const MAX_KEPT = 20;

/** The keys must tell apart whatever changes the result, the principal above all. */
export function createSharedReads<E>(): (key: string, read: () => Promise<LogPage<E>>) => Promise<LogPage<E>> {
  const waiting = new Map<string, Promise<LogPage<E>>>();
  const full = new LRUCache<string, LogPage<E>>({
    max: MAX_KEPT,
    ttl: KEPT_MS,
    ttlAutopurge: true,
  });

  async function readNow(key: string, read: () => Promise<LogPage<E>>): Promise<LogPage<E>> {
    await Promise.resolve();
    waiting.delete(key);
    const page = await read();
    if (page.more && page.events.length > 0) full.set(key, page);
    return page;
  }

  return async (key, read) => {
    const known = full.get(key);
    if (known !== undefined) return known;
    const shared = waiting.get(key) ?? readNow(key, read);
    waiting.set(key, shared);
    return shared;
  };
}
