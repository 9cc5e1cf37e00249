/** The notifier of a single process. All watches of a key share one poll timer, as there can be thousands of them. */
import type { Notifier, Watch } from '../../notifier.ts';

export interface InProcessNotifierOptions {
  /** A watch is notified at least this often, in milliseconds. */
  readonly pollMs: number;
}

export function createInProcessNotifier({ pollMs }: InProcessNotifierOptions): Notifier {
  const watchedKeys = new Map<string, WatchedKey>();
  return {
    notify(...keys) {
      for (const key of keys) watchedKeys.get(key)?.notify();
    },
    watch(key) {
      const watchedKey = watchedKeys.get(key) ?? new WatchedKey(pollMs, () => watchedKeys.delete(key));
      watchedKeys.set(key, watchedKey);
      return new KeyWatch(watchedKey);
    },
  };
}

/** The open watches of one key. */
class WatchedKey {
  readonly #watches = new Set<KeyWatch>();
  readonly #poll: NodeJS.Timeout;
  readonly #onUnwatched: () => void;

  constructor(pollMs: number, onUnwatched: () => void) {
    this.#poll = setInterval(() => this.notify(), pollMs).unref();
    this.#onUnwatched = onUnwatched;
  }

  notify(): void {
    for (const watch of this.#watches) watch.notify();
  }

  add(watch: KeyWatch): void {
    this.#watches.add(watch);
  }

  /** Deleting a watch again must not stop the poll of a later one, so it does nothing. */
  delete(watch: KeyWatch): void {
    if (!this.#watches.delete(watch) || this.#watches.size > 0) return;
    clearInterval(this.#poll);
    this.#onUnwatched();
  }
}

class KeyWatch implements Watch {
  readonly #key: WatchedKey;
  #isNotified = false;
  #isClosed = false;
  #resolveWait: (() => void) | null = null;

  constructor(key: WatchedKey) {
    this.#key = key;
    key.add(this);
  }

  arm(): void {
    this.#isNotified = this.#isClosed;
  }

  notify(): void {
    this.#isNotified = true;
    this.#resolveWait?.();
    this.#resolveWait = null;
  }

  wait(): Promise<void> {
    if (this.#isNotified) return Promise.resolve();
    return new Promise((resolve) => {
      this.#resolveWait = resolve;
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#key.delete(this);
    this.notify();
  }
}
