/**
 * A hint that a log grew. It carries keys only, never events: the log is the truth, and whoever is woken reads it.
 * A hint may come for nothing; one that is lost costs no more than the slow poll behind it, which is one for all who wait
 * for the same key.
 */

/** Rings when its key is woken. `arm` before reading the log, `wait` after: what came in between is not missed. */
export interface Alarm {
  arm(): void;
  /** Resolves when woken since `arm`, or when closed; never rejects. */
  wait(): Promise<void>;
  /** Ends the waiting, too. */
  close(): void;
}

export interface Wakeups {
  wake(...keys: readonly string[]): void;
  alarm(key: string): Alarm;
}

export interface WakeupsOptions {
  /** How long a lost wake-up can go unnoticed, in milliseconds. */
  readonly pollMs: number;
}

export function createWakeups({ pollMs }: WakeupsOptions): Wakeups {
  const keys = new Map<string, WatchedKey>();
  return {
    wake(...woken) {
      for (const key of woken) keys.get(key)?.ring();
    },
    alarm(key) {
      const known = keys.get(key) ?? new WatchedKey(pollMs, () => keys.delete(key));
      keys.set(key, known);
      return new KeyAlarm(known);
    },
  };
}

/** The alarms of one key, of which there can be thousands. */
class WatchedKey {
  readonly #alarms = new Set<KeyAlarm>();
  readonly #poll: NodeJS.Timeout;
  readonly #onUnwatched: () => void;

  constructor(pollMs: number, onUnwatched: () => void) {
    this.#poll = setInterval(() => this.ring(), pollMs).unref();
    this.#onUnwatched = onUnwatched;
  }

  ring(): void {
    for (const alarm of this.#alarms) alarm.ring();
  }

  add(alarm: KeyAlarm): void {
    this.#alarms.add(alarm);
  }

  delete(alarm: KeyAlarm): void {
    if (!this.#alarms.delete(alarm) || this.#alarms.size > 0) return;
    clearInterval(this.#poll);
    this.#onUnwatched();
  }
}

class KeyAlarm implements Alarm {
  readonly #key: WatchedKey;
  #hasRung = false;
  #isClosed = false;
  #goOn: (() => void) | null = null;

  constructor(key: WatchedKey) {
    this.#key = key;
    key.add(this);
  }

  arm(): void {
    this.#hasRung = this.#isClosed;
  }

  ring(): void {
    this.#hasRung = true;
    this.#goOn?.();
    this.#goOn = null;
  }

  wait(): Promise<void> {
    if (this.#hasRung) return Promise.resolve();
    return new Promise((resolve) => {
      this.#goOn = resolve;
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#key.delete(this);
    this.ring();
  }
}
