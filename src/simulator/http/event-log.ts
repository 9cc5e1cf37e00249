/**
 * The events of one response, in order, for any number of readers at any position: the first stream, and the streams
 * that resume it later.
 */
import type { JsonObject } from './json.ts';

/** One event, as sent in `data:`. */
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

  /** No more events follow. Readers end once they have read everything. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Frees the events. The stream cannot be resumed any more. */
  release(): void {
    this.#released = true;
    this.#events = [];
  }

  /** Yields the events from position `from` on, then new ones as they come, until the log ends or `signal` aborts. */
  async *read(from: number, signal: AbortSignal): AsyncGenerator<SimulatorEvent> {
    const aborted = Promise.withResolvers<void>();
    const onAbort = () => aborted.resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      for (let at = from; !signal.aborted; ) {
        // Must be read before the events, or an event appended in between would be missed.
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
