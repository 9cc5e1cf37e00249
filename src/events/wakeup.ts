/**
 * A hint that a log grew. It carries keys only, never events: the log is the truth, and whoever is woken reads it.
 * A hint may come for nothing; one that is lost costs no more than the slow poll behind it (tail.ts).
 */

/** Rings when its key is woken. `arm` before reading the log, `wait` after: what came in between is not missed. */
export interface Alarm {
  arm(): void;
  /** Resolves when woken since `arm`, when `timeoutMs` have passed, or when `signal` aborts; never rejects. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

export interface Wakeups {
  wake(...keys: readonly string[]): void;
  alarm(key: string): Alarm;
}

export function createWakeups(): Wakeups {
  const alarms = new Map<string, Set<() => void>>();

  function alarm(key: string): Alarm {
    let rung = false;
    let wakeWaiter: (() => void) | null = null;
    const ring = () => {
      rung = true;
      wakeWaiter?.();
    };
    const sameKey = alarms.get(key) ?? new Set();
    alarms.set(key, sameKey.add(ring));

    return {
      arm() {
        rung = false;
      },
      wait(timeoutMs, signal) {
        if (rung || signal.aborted) return Promise.resolve();
        return new Promise((resolve) => {
          const done = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', done);
            wakeWaiter = null;
            resolve();
          };
          const timer = setTimeout(done, timeoutMs);
          signal.addEventListener('abort', done, { once: true });
          wakeWaiter = done;
        });
      },
      close() {
        sameKey.delete(ring);
        if (sameKey.size === 0 && alarms.get(key) === sameKey) alarms.delete(key);
      },
    };
  }

  return {
    wake(...keys) {
      for (const key of keys) {
        for (const ring of alarms.get(key) ?? []) ring();
      }
    },
    alarm,
  };
}
