/**
 * The event streams as one connection sees them: its subscriptions hand out their events one at a time. An event becomes
 * large only when it is resolved (a picture as a data URI), so whoever follows many calls and does not read holds one
 * such event, not one for each (promise 9).
 */
import { CancellableIterator, DONE } from '../lib/cancellable-iterator.ts';
import { Mutex } from '../lib/mutex.ts';
import type { EventStreams } from './streams.ts';

export function deliverOneAtATime({ ofCall, ofConversation }: EventStreams): EventStreams {
  const mutex = new Mutex();
  return {
    ofCall: async (...args) => new Limiter(await ofCall(...args), mutex),
    ofConversation: async (...args) => new Limiter(await ofConversation(...args), mutex),
  };
}

/** A turn begins when there is an event, and ends when the next one is asked for: then it was sent. */
class Limiter<E> extends CancellableIterator<E> {
  readonly #events: AsyncGenerator<E, void, void>;
  readonly #mutex: Mutex;
  #isReleased = false;
  #releaseMutex: (() => void) | null = null;

  constructor(events: AsyncGenerator<E, void, void>, mutex: Mutex) {
    super();
    this.#events = events;
    this.#mutex = mutex;
  }

  override async next(): Promise<IteratorResult<E, void>> {
    this.#releaseMutex?.();
    const result = await this.#events.next();
    if (result.done || this.#isReleased) return DONE;
    this.#releaseMutex = await this.#mutex.acquire();
    if (!this.#isReleased) return result;
    this.#releaseMutex();
    return DONE;
  }

  protected override async release(): Promise<void> {
    this.#isReleased = true;
    this.#releaseMutex?.();
    await this.#events.return();
  }
}
