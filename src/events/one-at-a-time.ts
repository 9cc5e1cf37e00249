/**
 * The event streams as one connection sees them: its subscriptions hand out their events one at a time. An event becomes
 * large only when it is resolved (a picture as a data URI), so whoever follows many calls and does not read holds one
 * such event, not one for each (promise 9).
 */
import { CancellableIterator, DONE } from '../lib/cancellable-iterator.ts';
import { Mutex } from '../lib/mutex.ts';
import type { EventStreams } from './streams.ts';

export function deliverOneAtATime({ ofCall, ofConversation }: EventStreams): EventStreams {
  const turns = new Mutex();
  return {
    ofCall: async (...args) => new Limiter(await ofCall(...args), turns),
    ofConversation: async (...args) => new Limiter(await ofConversation(...args), turns),
  };
}

/** A turn begins when there is an event, and ends when the next one is asked for: then it was sent. */
class Limiter<E> extends CancellableIterator<E> {
  readonly #events: AsyncGenerator<E, void, void>;
  readonly #turns: Mutex;
  #isLeft = false;
  #endTurn: (() => void) | null = null;

  constructor(events: AsyncGenerator<E, void, void>, turns: Mutex) {
    super();
    this.#events = events;
    this.#turns = turns;
  }

  override async next(): Promise<IteratorResult<E, void>> {
    this.#endTurn?.();
    const result = await this.#events.next();
    if (result.done || this.#isLeft) return DONE;
    this.#endTurn = await this.#turns.take();
    if (!this.#isLeft) return result;
    this.#endTurn();
    return DONE;
  }

  protected override async leave(): Promise<void> {
    this.#isLeft = true;
    this.#endTurn?.();
    await this.#events.return();
  }
}
