/** How long to wait before a connection is opened again. */

const FIRST_MS = 250;
const MAX_MS = 15_000;

/** @param failures how often in a row it failed. @returns milliseconds; a random part keeps clients apart */
export function retryWaitMs(failures: number, retryAfterMs: number): number {
  const longestMs = Math.min(FIRST_MS * 2 ** failures, MAX_MS);
  return Math.max(retryAfterMs, longestMs * (0.5 + Math.random() / 2));
}

/** Ends early when a browser is online again. @throws the reason of the signal */
export function waitToRetry(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      globalThis.removeEventListener?.('online', end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    globalThis.addEventListener?.('online', end);
    if (signal.aborted) end();
  });
}
