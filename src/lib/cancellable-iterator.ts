/**
 * An async iterator that can be cancelled at any time, even while a `next` waits for hours. A generator's own return() would
 * wait until that `next` has resolved. Thousands of these wait at once, so each is an object of a few fields.
 */
export abstract class CancellableIterator<T> implements AsyncGenerator<T, void, void> {
  /** Must not be called again before it has resolved. */
  abstract next(): Promise<IteratorResult<T, void>>;

  /** Frees resources and ends a pending `next`. May be called again. */
  protected abstract release(): unknown;

  async return(): Promise<IteratorResult<T, void>> {
    await this.release();
    return DONE;
  }

  async throw(error: unknown): Promise<IteratorResult<T, void>> {
    await this.release();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }
}

export const DONE = { done: true, value: undefined } as const;
