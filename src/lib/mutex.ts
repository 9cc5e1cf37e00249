/** Mutex at something that only one can have: first come, first served. */
export class Mutex {
  #last = Promise.resolve();

  /** Resolves with what ends the turn. */
  async take(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = promise;
    await before;
    return resolve;
  }
}
