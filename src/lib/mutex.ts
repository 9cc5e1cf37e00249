/** Mutual exclusion: one holder at a time, first come, first served. */
export class Mutex {
  #last = Promise.resolve();

  /** Resolves, once the mutex is free, with a function that releases it. */
  async acquire(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = promise;
    await before;
    return resolve;
  }
}
