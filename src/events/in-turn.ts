/**
 * The event streams as one connection sees them: its subscriptions hand out their events one at a time. An event becomes
 * large only when it is resolved (a picture as a data URI), so whoever follows many calls and does not read holds one
 * such event, not one for each (promise 9).
 */
import type { EventStreams } from './event-streams.ts';

export function takeTurns({ ofCall, ofConversation }: EventStreams): EventStreams {
  const turns = new Turns();
  return {
    ofCall: async (...args) => new InTurn(await ofCall(...args), turns),
    ofConversation: async (...args) => new InTurn(await ofConversation(...args), turns),
  };
}

/** First come, first served. */
class Turns {
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

/** A turn begins when there is an event, and ends when the next one is asked for: then it was sent. */
class InTurn<E> implements AsyncGenerator<E, void, void> {
  readonly #events: AsyncGenerator<E, void, void>;
  readonly #turns: Turns;
  #isLeft = false;
  #endTurn: (() => void) | null = null;

  constructor(events: AsyncGenerator<E, void, void>, turns: Turns) {
    this.#events = events;
    this.#turns = turns;
  }

  async next(): Promise<IteratorResult<E, void>> {
    this.#endTurn?.();
    const result = await this.#events.next();
    if (result.done || this.#isLeft) return OVER;
    this.#endTurn = await this.#turns.take();
    if (!this.#isLeft) return result;
    this.#endTurn();
    return OVER;
  }

  return(): Promise<IteratorResult<E, void>> {
    this.#leave();
    return this.#events.return();
  }

  throw(error: unknown): Promise<IteratorResult<E, void>> {
    this.#leave();
    return this.#events.throw(error);
  }

  #leave(): void {
    this.#isLeft = true;
    this.#endTurn?.();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

const OVER = { done: true, value: undefined } as const;
