/** Timers for any time in the future: those of the platform are limited to 24.8 days. */

const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * Calls `call` at `timeMs`, or soon when that is over. The timer does not keep the process running.
 * @returns cancels it
 */
export function callAt(timeMs: number, nowMs: () => number, call: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = () => {
    const restMs = timeMs - nowMs();
    const next = restMs > MAX_DELAY_MS ? wait : call;
    timer = setTimeout(next, Math.min(Math.max(restMs, 0), MAX_DELAY_MS)).unref();
  };
  wait();
  return () => clearTimeout(timer);
}
