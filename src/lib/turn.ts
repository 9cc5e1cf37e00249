/**
 * How long the current turn of the event loop has lasted, and waiting for the next one. Promises that are ready run in the
 * same turn, one after the other: a thousand of them hold up everything else unless some of them wait.
 */

/** Milliseconds after which work that can wait leaves the turn to others. */
const LONG_MS = 15;

let startMs: number | null = null;

function end(): void {
  startMs = null;
}

/** Whether others have waited for this turn to end for long enough. Measures from the first call in each turn. */
export function isLongTurn(): boolean {
  if (startMs !== null) return performance.now() - startMs > LONG_MS;
  startMs = performance.now();
  setImmediate(end);
  return false;
}

/** Resolves in a turn that has just begun. Who asked first goes first. */
export async function untilShortTurn(): Promise<void> {
  while (isLongTurn()) await new Promise<void>((resolve) => setImmediate(resolve));
}

const RESOLVED = Promise.resolve();

/** A clock that is read once for everything that runs without waiting, such as the resolvers of a page. */
export function readOnce(nowMs: () => number): () => number {
  let read: number | null = null;
  const forget = () => {
    read = null;
  };
  return () => {
    if (read === null) {
      read = nowMs();
      // queueMicrotask would cost several times as much.
      void RESOLVED.then(forget);
    }
    return read;
  };
}
