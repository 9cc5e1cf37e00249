/** Sockets and event streams that were opened with API keys, and must end when their secret does. */
import { type CheckedKey, secretWithHash } from './checked-key.ts';

interface Watch {
  readonly hash: string;
  endMs: number;
  readonly onEnd: () => void;
}

export class KeyWatches {
  readonly #byKey = new Map<string, Set<Watch>>();
  /** Keys that were watched since `takeUnchecked` was called last: they may have changed between their check and the watch. */
  #unchecked = new Set<string>();

  add(id: string, hash: string, onEnd: () => void): () => void {
    const watch: Watch = { hash, endMs: Number.POSITIVE_INFINITY, onEnd };
    const ofKey = this.#byKey.get(id) ?? new Set();
    this.#byKey.set(id, ofKey.add(watch));
    this.#unchecked.add(id);
    return () => {
      ofKey.delete(watch);
      if (ofKey.size === 0 && this.#byKey.get(id) === ofKey) this.#byKey.delete(id);
    };
  }

  takeUnchecked(): readonly string[] {
    const ids = [...this.#unchecked];
    this.#unchecked = new Set();
    return ids;
  }

  /** Puts ids back that could not be read. */
  returnUnchecked(ids: readonly string[]): void {
    for (const id of ids) this.#unchecked.add(id);
  }

  /** Learns when the secrets of this key end. */
  update(key: CheckedKey, nowMs: number): void {
    for (const watch of this.#byKey.get(key.id) ?? []) {
      watch.endMs = secretWithHash(key, watch.hash, nowMs)?.endMs ?? nowMs;
    }
  }

  /** Ends what is over by now. */
  endDue(nowMs: number): void {
    for (const [id, ofKey] of this.#byKey) {
      for (const watch of ofKey) {
        if (watch.endMs > nowMs) continue;
        ofKey.delete(watch);
        watch.onEnd();
      }
      if (ofKey.size === 0) this.#byKey.delete(id);
    }
  }
}
