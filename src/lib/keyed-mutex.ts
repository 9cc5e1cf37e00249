/** One mutex for each key: work of the same key runs one after the other, in the order in which it was asked for. */
export class KeyedMutex {
  /** By key: resolves when the last work that was asked for is done. */
  readonly #last = new Map<string, Promise<void>>();

  /** Resolves or rejects as `work` does. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const { promise, resolve: release } = Promise.withResolvers<void>();
    const previous = this.#last.get(key);
    this.#last.set(key, promise);
    await previous;
    try {
      return await work();
    } finally {
      release();
      if (this.#last.get(key) === promise) this.#last.delete(key);
    }
  }
}
