/** When keys were used last, stored every few minutes only: a write for every request would cost more than the request. */
import { LRUCache } from 'lru-cache';
import type { ApiKeyStore } from '../../api-key-store.ts';
import type { CheckedKey } from './checked-key.ts';

/** How old a stored time may become while the key is in use. */
const INTERVAL_MS = 5 * 60_000;
const MAX_KEYS = 10_000;
const MAX_KEYS_PER_QUERY = 100;

export interface KeyUsageOptions {
  readonly store: Pick<ApiKeyStore, 'markUsed'>;
  readonly nowMs: () => number;
}

export class KeyUsage {
  readonly #options: KeyUsageOptions;
  readonly #storedAtMs = new LRUCache<string, number>({ max: MAX_KEYS });
  readonly #used = new Set<string>();

  constructor(options: KeyUsageOptions) {
    this.#options = options;
  }

  /** Notes that the key was used now. */
  note({ id, lastUsedMs }: CheckedKey, nowMs: number): void {
    if (nowMs - Math.max(lastUsedMs, this.#storedAtMs.get(id) ?? 0) < INTERVAL_MS) return;
    this.#storedAtMs.set(id, nowMs);
    this.#used.add(id);
  }

  /** Stores what was noted. @throws when it cannot be written; it is tried again at the next call */
  async store(): Promise<void> {
    const { store, nowMs } = this.#options;
    const at = new Date(nowMs()).toISOString();
    for (const ids of chunksOf([...this.#used], MAX_KEYS_PER_QUERY)) {
      await store.markUsed(ids, at);
      for (const id of ids) this.#used.delete(id);
    }
  }
}

function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
