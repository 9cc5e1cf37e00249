/**
 * The only place that records changes of the archive: one transaction holds the changed rows and their events. Readers are
 * notified after the commit. What happens to calls is recorded in transitions.ts.
 */
import type { Database, DatabaseTransaction } from '../db/database.ts';
import type { ArchiveEvent, ArchiveEventData } from '../domain/archive-event.ts';
import { appendArchiveEvent, viewerKey } from '../events/log.ts';
import type { Notifier } from '../events/notifier.ts';

export interface ArchiveChange {
  readonly transaction: DatabaseTransaction;
  /** The time of the change: RFC 3339. */
  readonly at: string;
  /** @param conversationId whose log gets the event, too; null for none */
  append(conversationId: string | null, data: ArchiveEventData): Promise<ArchiveEvent>;
}

export interface Archive {
  /** Runs `work` in one transaction. When it throws, nothing is stored and nobody is notified. */
  change<T>(principal: string, work: (change: ArchiveChange) => Promise<T>): Promise<T>;
}

export function createArchive(options: { db: Database; notifier: Notifier; now: () => string }): Archive {
  const { db, notifier, now } = options;
  return {
    async change(principal, work) {
      const at = now();
      const keys = new Set<string>();
      const result = await db.transaction().execute((transaction) =>
        work({
          transaction,
          at,
          async append(conversationId, data) {
            const event = await appendArchiveEvent(transaction, { principal, conversationId }, data, at);
            keys.add(viewerKey(principal));
            if (conversationId !== null) keys.add(conversationId);
            // Its own log is gone: those who follow it are told so.
            if (data.type === 'ConversationPurged') keys.add(data.purgedConversationId);
            return event;
          },
        }),
      );
      notifier.notify(...keys);
      return result;
    },
  };
}
