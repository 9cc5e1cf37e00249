/**
 * The bytes of an open response, under a watch: a stream on which nothing arrives for too long is given up. The SDK's
 * own timeout ends with the response's headers, so without this a run could stay open for ever.
 */
import type { ReadableStreamDefaultReader } from 'node:stream/web';

export type WireEnd =
  | { readonly how: 'closed' }
  | { readonly how: 'idle' }
  /** The connection broke, or was aborted by whoever owns it. */
  | { readonly how: 'broken'; readonly cause: unknown };

export class Wire {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #idleTimeoutMs: number;
  #end: WireEnd | null = null;

  /** @param idleTimeoutMs how long to wait for a next byte. Time in which nobody asks for one does not count. */
  constructor(reader: ReadableStreamDefaultReader<Uint8Array>, idleTimeoutMs: number) {
    this.#reader = reader;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** How the stream ended; to be asked once `chunks` is through. */
  get end(): WireEnd {
    return this.#end ?? { how: 'closed' };
  }

  /** Ends without an error in every case: what arrived before a break is still to be used. */
  async *chunks(): AsyncGenerator<Buffer, void> {
    let reading = false;
    const watch = setTimeout(() => {
      if (!reading) return;
      this.#end ??= { how: 'idle' };
      void this.close();
    }, this.#idleTimeoutMs);
    try {
      while (true) {
        reading = true;
        watch.refresh();
        const { done, value } = await this.#reader.read();
        reading = false;
        if (done) return;
        yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      }
    } catch (cause) {
      this.#end ??= { how: 'broken', cause };
    } finally {
      clearTimeout(watch);
    }
  }

  /** Hangs up. Harmless when the stream has ended. */
  async close(): Promise<void> {
    // Cancelling a stream that broke rejects with the break, which `end` already tells of.
    await this.#reader.cancel().catch(() => undefined);
  }
}
