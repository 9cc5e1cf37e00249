/**
 * A cache for hot paths, of what was used lately. It has two generations: what is used moves to the young one, and when
 * that is full, the old one is dropped. A read is one look into a Map, where an LRU cache also changes its order.
 */
export class RecentMap<Key, Value extends object> {
  readonly #maxYoung: number;
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();

  /** @param max of entries; what was not among the half of them that were used last may be gone */
  constructor(max: number) {
    this.#maxYoung = Math.max(1, Math.floor(max / 2));
  }

  get(key: Key): Value | undefined {
    return this.#young.get(key) ?? this.#revived(key);
  }

  set(key: Key, value: Value): void {
    if (this.#young.size >= this.#maxYoung && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  #revived(key: Key): Value | undefined {
    const value = this.#old.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }
}
