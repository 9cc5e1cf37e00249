/**
 * The event streams of one connection deliver one event at a time across all of its subscriptions. An event becomes large
 * only when it is resolved (an image as a data URI). A client that follows many calls and does not read therefore holds one
 * such event in memory, not one for each call (promise 9).
 */
import { CancellableIterator, DONE } from '../lib/cancellable-iterator.ts';
import { Mutex } from '../lib/mutex.ts';
import type { EventStreams } from './streams.ts';

export function deliverOneAtATime({ ofCall, ofConversation, ofViewer }: EventStreams): EventStreams {
  const mutex = new Mutex();
  return {
    ofCall: async (...args) => new Limiter(await ofCall(...args), mutex),
    ofConversation: async (...args) => new Limiter(await ofConversation(...args), mutex),
    ofViewer: async (...args) => new Limiter(await ofViewer(...args), mutex),
  };
}

/** Holds the mutex from the moment there is an event until the next one is requested: by then the event was sent. */
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
