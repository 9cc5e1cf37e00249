/** A channel of one value between a producer and a consumer: the next value is produced while this one is consumed. */
export class Channel<T> {
  #pending: { readonly value: T; readonly received: PromiseWithResolvers<boolean> } | null = null;
  #ended: { readonly failure: unknown } | null = null;
  #isClosed = false;
  #arrival: PromiseWithResolvers<void> | null = null;

  /** Resolves with true when the value was received, with false when the channel is closed. One call at a time. */
  send(value: T): Promise<boolean> {
    const received = Promise.withResolvers<boolean>();
    if (this.#isClosed) received.resolve(false);
    else this.#pending = { value, received };
    this.#arrival?.resolve();
    return received.promise;
  }

  /** Called by the producer after the last value. @param failure what the next `receive` rejects with */
  end(failure: unknown = null): void {
    this.#ended = { failure };
    this.#arrival?.resolve();
  }

  /** Resolves with the next value, or with null at the end. Rejects with the failure that the channel ended with. */
  async receive(): Promise<T | null> {
    while (this.#pending === null) {
      if (this.#ended?.failure != null) throw this.#ended.failure;
      if (this.#ended !== null) return null;
      this.#arrival = Promise.withResolvers();
      await this.#arrival.promise;
    }
    const { value, received } = this.#pending;
    this.#pending = null;
    received.resolve(true);
    return value;
  }

  /** Called by the consumer when it needs no more values. */
  close(): void {
    this.#isClosed = true;
    this.#pending?.received.resolve(false);
    this.#pending = null;
  }
}
