/**
 * A hint that a log grew. It carries keys only, never events: the log is the truth, and whoever is woken reads it.
 * A hint may come for nothing; one that is lost costs no more than the slow poll behind it, which is one for all who wait
 * for the same key.
 */

/** Rings when its key is woken. `arm` before reading the log, `wait` after: what came in between is not missed. */
export interface Watch {
  arm(): void;
  /** Resolves when woken since `arm`, or when closed; never rejects. */
  wait(): Promise<void>;
  /** Ends the waiting, too. */
  close(): void;
}

export interface Notifier {
  wake(...keys: readonly string[]): void;
  alarm(key: string): Watch;
}

export interface NotifierOptions {
  /** How long a lost wake-up can go unnoticed, in milliseconds. */
  readonly pollMs: number;
}

export function createNotifier({ pollMs }: NotifierOptions): Notifier {
  const keys = new Map<string, WatchedKey>();
  return {
    wake(...woken) {
      for (const key of woken) keys.get(key)?.ring();
    },
    alarm(key) {
      const known = keys.get(key) ?? new WatchedKey(pollMs, () => keys.delete(key));
      keys.set(key, known);
      return new KeyWatch(known);
    },
  };
}

/** The alarms of one key, of which there can be thousands. */
class WatchedKey {
  readonly #alarms = new Set<KeyWatch>();
  readonly #poll: NodeJS.Timeout;
  readonly #onUnwatched: () => void;

  constructor(pollMs: number, onUnwatched: () => void) {
    this.#poll = setInterval(() => this.ring(), pollMs).unref();
    this.#onUnwatched = onUnwatched;
  }

  ring(): void {
    for (const alarm of this.#alarms) alarm.ring();
  }

  add(alarm: KeyWatch): void {
    this.#alarms.add(alarm);
  }

  delete(alarm: KeyWatch): void {
    if (!this.#alarms.delete(alarm) || this.#alarms.size > 0) return;
    clearInterval(this.#poll);
    this.#onUnwatched();
  }
}

class KeyWatch implements Watch {
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
