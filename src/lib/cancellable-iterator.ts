/**
 * A stream of values that can be left at any time, also in the middle of a `next` that waits for hours: a generator's own
 * return() would wait behind it. Thousands of these wait at once, so they are objects of a few fields.
 */
export abstract class CancellableIterator<T> implements AsyncGenerator<T, void, void> {
  /** To be called again when it has resolved. */
  abstract next(): Promise<IteratorResult<T, void>>;

  /** Releases what is held, and ends a `next` that waits. May be called again. */
  protected abstract leave(): unknown;

  async return(): Promise<IteratorResult<T, void>> {
    await this.leave();
    return DONE;
  }

  async throw(error: unknown): Promise<IteratorResult<T, void>> {
    await this.leave();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
  }
}

export const DONE = { done: true, value: undefined } as const;
