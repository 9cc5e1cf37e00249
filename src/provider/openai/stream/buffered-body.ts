/** The body of a response. Chunks that nobody has read yet are buffered; when the buffer is full, the connection pauses. */
import type { ReadableStreamDefaultReader, ReadableStreamReadResult } from 'node:stream/web';

/** Buffered bytes at which the connection pauses: a few chunks, so that receiving and decoding overlap. */
const MAX_BUFFERED_BYTES = 256 * 1024;

export type Bytes = Uint8Array<ArrayBuffer>;

/** The part of a fetch stream reader that is used here. */
export type ByteReader = Pick<ReadableStreamDefaultReader<Bytes>, 'read' | 'cancel'>;

/** Controls the connection that the body arrives on. */
export interface ConnectionControl {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

export class BufferedBody implements ByteReader {
  readonly #connection: ConnectionControl;
  readonly #buffered: Bytes[] = [];
  #bufferedBytes = 0;
  #isPaused = false;
  #ended: End | null = null;
  /** The read that waits for the next chunk. */
  #pendingRead: PromiseWithResolvers<ReadableStreamReadResult<Bytes>> | null = null;

  constructor(connection: ConnectionControl) {
    this.#connection = connection;
  }

  /** One call at a time. Rejects with the error that the connection failed with. */
  async read(): Promise<ReadableStreamReadResult<Bytes>> {
    const value = this.#buffered.shift();
    if (value === undefined) {
      if (this.#ended !== null) return resultOf(this.#ended);
      this.#pendingRead = Promise.withResolvers();
      return this.#pendingRead.promise;
    }
    this.#bufferedBytes -= value.byteLength;
    if (this.#isPaused && this.#buffered.length === 0) {
      this.#isPaused = false;
      this.#connection.resume();
    }
    return { done: false, value };
  }

  /** Closes the connection, unless the body is complete. */
  async cancel(): Promise<void> {
    this.#buffered.length = 0;
    if (this.#ended !== null) return;
    this.end();
    this.#connection.abort(new Error('The body was cancelled by its reader'));
  }

  push(chunk: Bytes): void {
    if (this.#ended !== null) return;
    const pendingRead = this.#pendingRead;
    if (pendingRead !== null) {
      this.#pendingRead = null;
      pendingRead.resolve({ done: false, value: chunk });
      return;
    }
    this.#buffered.push(chunk);
    this.#bufferedBytes += chunk.byteLength;
    if (this.#bufferedBytes < MAX_BUFFERED_BYTES || this.#isPaused) return;
    this.#isPaused = true;
    this.#connection.pause();
  }

  /** @param failure the connection's error; chunks that arrived before it can still be read */
  end(failure: unknown = null): void {
    if (this.#ended !== null) return;
    this.#ended = { failure };
    this.#pendingRead?.resolve(resultOf(this.#ended));
    this.#pendingRead = null;
  }
}

interface End {
  readonly failure: unknown;
}

async function resultOf({ failure }: End): Promise<ReadableStreamReadResult<Bytes>> {
  if (failure !== null) throw failure;
  return { done: true, value: undefined };
}
