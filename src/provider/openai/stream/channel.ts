/** Hands things from one who makes them to one who uses them: one is made while the one before is used, and no more. */
export class Channel<T> {
  #offered: { readonly thing: T; readonly taken: PromiseWithResolvers<boolean> } | null = null;
  #ended: { readonly failure: unknown } | null = null;
  #isClosed = false;
  #wanted: PromiseWithResolvers<void> | null = null;

  /** Resolves when the thing was taken: true; false when nobody takes any more. One at a time. */
  offer(thing: T): Promise<boolean> {
    const taken = Promise.withResolvers<boolean>();
    if (this.#isClosed) taken.resolve(false);
    else this.#offered = { thing, taken };
    this.#wanted?.resolve();
    return taken.promise;
  }

  /** Nothing more comes. @param failure what the next to ask is told */
  end(failure: unknown = null): void {
    this.#ended = { failure };
    this.#wanted?.resolve();
  }

  /** Resolves with the next thing, or null at the end. Rejects with what it ended with. */
  async take(): Promise<T | null> {
    while (this.#offered === null) {
      if (this.#ended?.failure != null) throw this.#ended.failure;
      if (this.#ended !== null) return null;
      this.#wanted = Promise.withResolvers();
      await this.#wanted.promise;
    }
    const { thing, taken } = this.#offered;
    this.#offered = null;
    taken.resolve(true);
    return thing;
  }

  /** Nothing more is taken. */
  close(): void {
    this.#isClosed = true;
    this.#offered?.taken.resolve(false);
    this.#offered = null;
  }
}
