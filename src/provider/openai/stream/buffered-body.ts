/** The body of a response as its chunks come in: those that nobody has asked for yet wait, and then the connection does. */
import type { ReadableStreamDefaultReader, ReadableStreamReadResult } from 'node:stream/web';

/** What may wait before no more is read from the connection: some chunks, so that reading and decoding take no turns. */
const MOST_WAITING_BYTES = 256 * 1024;

export type Bytes = Uint8Array<ArrayBuffer>;

/** How a body is read; the reader of a stream of the fetch API is one. */
export type ByteReader = Pick<ReadableStreamDefaultReader<Bytes>, 'read' | 'cancel'>;

/** The connection that it comes in by. */
export interface ConnectionControl {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

export class BufferedBody implements ByteReader {
  readonly #tap: ConnectionControl;
  readonly #waiting: Bytes[] = [];
  #waitingBytes = 0;
  #isPaused = false;
  #ended: End | null = null;
  /** Who has asked for more than there is. */
  #reader: PromiseWithResolvers<ReadableStreamReadResult<Bytes>> | null = null;

  constructor(tap: ConnectionControl) {
    this.#tap = tap;
  }

  /** One at a time. Rejects with what the connection broke with. */
  async read(): Promise<ReadableStreamReadResult<Bytes>> {
    const value = this.#waiting.shift();
    if (value === undefined) {
      if (this.#ended !== null) return endOf(this.#ended);
      this.#reader = Promise.withResolvers();
      return this.#reader.promise;
    }
    this.#waitingBytes -= value.byteLength;
    if (this.#isPaused && this.#waiting.length === 0) {
      this.#isPaused = false;
      this.#tap.resume();
    }
    return { done: false, value };
  }

  /** Hangs up, unless all has come. */
  async cancel(): Promise<void> {
    this.#waiting.length = 0;
    if (this.#ended !== null) return;
    this.end();
    this.#tap.abort(new Error('nobody reads on'));
  }

  push(chunk: Bytes): void {
    if (this.#ended !== null) return;
    const reader = this.#reader;
    if (reader !== null) {
      this.#reader = null;
      reader.resolve({ done: false, value: chunk });
      return;
    }
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.byteLength;
    if (this.#waitingBytes < MOST_WAITING_BYTES || this.#isPaused) return;
    this.#isPaused = true;
    this.#tap.pause();
  }

  /** @param failure what it broke with; what had come by then is still given out */
  end(failure: unknown = null): void {
    if (this.#ended !== null) return;
    this.#ended = { failure };
    this.#reader?.resolve(endOf(this.#ended));
    this.#reader = null;
  }
}

interface End {
  readonly failure: unknown;
}

async function endOf({ failure }: End): Promise<ReadableStreamReadResult<Bytes>> {
  if (failure !== null) throw failure;
  return { done: true, value: undefined };
}
