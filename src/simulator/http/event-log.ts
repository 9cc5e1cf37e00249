/**
 * The events of one response, in order, for any number of readers at any position: the creator's own stream,
 * and the streams that resume it later.
 */
import type { JsonObject } from './json.ts';

/** One event as it stands in `data:`. */
export interface SimulatorEvent extends JsonObject {
  readonly type: string;
}

export class EventLog {
  #events: SimulatorEvent[] = [];
  #ended = false;
  #released = false;
  #grown = Promise.withResolvers<void>();

  get ended(): boolean {
    return this.#ended;
  }

  get released(): boolean {
    return this.#released;
  }

  append(event: SimulatorEvent): void {
    this.#events.push(event);
    this.#wake();
  }

  /** Nothing comes behind this; readers end once they have read everything. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Lets go of the events themselves: there is nothing left to resume. */
  release(): void {
    this.#released = true;
    this.#events = [];
  }

  /** Everything from position `from` on: what is there at once, the rest as it comes. Ends when the log or `signal` does. */
  async *read(from: number, signal: AbortSignal): AsyncGenerator<SimulatorEvent> {
    const aborted = Promise.withResolvers<void>();
    const onAbort = () => aborted.resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      for (let at = from; !signal.aborted; ) {
        // Taken before the look at the events, so that growth in between is not missed.
        const grown = this.#grown.promise;
        const event = this.#events[at];
        if (event !== undefined) {
          at += 1;
          yield event;
        } else if (this.#ended) return;
        else await Promise.race([grown, aborted.promise]);
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  #wake(): void {
    this.#grown.resolve();
    this.#grown = Promise.withResolvers<void>();
  }
}
