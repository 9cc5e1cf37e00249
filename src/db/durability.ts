/** Transactions that need not survive a power cut: the disk is the slowest part of the way of a partial image. */
import type { DatabaseConnection, DialectAdapter } from 'kysely';
import type { DatabaseTransaction } from './database.ts';

/** A dialect adapter that can commit without waiting for the disk. */
export interface DurabilityAdapter extends DialectAdapter {
  /** Lets the open transaction of a connection commit without waiting for the disk. */
  commitUnsynced?(connection: DatabaseConnection): Promise<void>;
}

/**
 * Lets this transaction commit without waiting for the disk. A power cut can take it away, together with all later ones that
 * are not synced either. With a dialect that does not know the difference, it is synced.
 */
export async function commitUnsynced(transaction: DatabaseTransaction): Promise<void> {
  const executor = transaction.getExecutor();
  const adapter: DurabilityAdapter = executor.adapter;
  await executor.provideConnection(async (connection) => adapter.commitUnsynced?.(connection));
}
