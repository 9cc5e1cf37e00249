/**
 * Notifies readers that a log may have grown. A notification is a hint and carries keys only: readers find the events in
 * the log. It may come without a change, and it may get lost, so every driver also notifies each watch from time to time.
 *
 * This file is the contract. Drivers are in drivers/, and test/contract/notifier.ts runs on each of them.
 */

/**
 * Waits for notifications of one key. Call `arm`, then read the log, then `wait`: a notification that comes while the log
 * is being read is not missed.
 */
export interface Watch {
  /** Forgets earlier notifications. */
  arm(): void;
  /** Resolves when the key was notified since `arm`, or when the watch is closed. Never rejects. */
  wait(): Promise<void>;
  /** Stops watching and resolves a pending `wait`. May be called again. */
  close(): void;
}

export interface Notifier {
  /** Notifies the watches of these keys. Returns at once; a driver delivers to other processes in the background. */
  notify(...keys: readonly string[]): void;
  watch(key: string): Watch;
}
