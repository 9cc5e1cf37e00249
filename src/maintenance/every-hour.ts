/** Runs the housekeeping of a server: now, and every hour until it stops. */
import { setTimeout as sleep } from 'node:timers/promises';

const INTERVAL_MS = 60 * 60 * 1000;

/**
 * Runs the tasks one after the other, in this order, each time.
 * @param tasks never reject
 * @returns when the signal has aborted; never rejects
 */
export async function everyHour(tasks: readonly (() => Promise<void>)[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const task of tasks) {
      if (!signal.aborted) await task();
    }
    // It rejects only when the signal aborts.
    await sleep(INTERVAL_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
