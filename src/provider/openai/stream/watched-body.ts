/**
 * The bytes of an open response, under a watch: a stream on which nothing arrives that counts is given up. The SDK's
 * own timeout ends with the response's headers, so without this a run could stay open for ever.
 */
import type { ByteReader } from './buffered-body.ts';

export type BodyEnd =
  | { readonly how: 'closed' }
  | { readonly how: 'idle' }
  /** The connection broke, or was aborted by whoever owns it. */
  | { readonly how: 'broken'; readonly cause: unknown };

export interface IdleLimits {
  /** How long to wait for something that counts. Time in which nobody asks for a next byte does not. */
  readonly idleTimeoutMs: number;
  /** Whether what comes first may take as long as the owner of the connection waits. Default false. */
  readonly unlimitedAtFirst?: boolean;
}

export class WatchedBody {
  readonly #reader: ByteReader;
  readonly #idleTimeoutMs: number;
  #isLimited: boolean;
  #waitedMs = 0;
  #end: BodyEnd | null = null;

  constructor(reader: ByteReader, patience: IdleLimits) {
    this.#reader = reader;
    this.#idleTimeoutMs = patience.idleTimeoutMs;
    this.#isLimited = !(patience.unlimitedAtFirst ?? false);
  }

  /** How the stream ended; to be asked once `chunks` is through. */
  get end(): BodyEnd {
    return this.#end ?? { how: 'closed' };
  }

  /** What came counts: the wait begins anew. Bytes alone do not say so, since proxies send some that mean nothing. */
  progressed(): void {
    this.#waitedMs = 0;
    this.#isLimited = true;
  }

  /** Ends without an error in every case: what arrived before a break is still to be used. */
  async *chunks(): AsyncGenerator<Buffer, void> {
    try {
      while (true) {
        const { done, value } = await this.#next();
        if (done) return;
        yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      }
    } catch (cause) {
      this.#end ??= { how: 'broken', cause };
    }
  }

  async #next() {
    const giveUp = () => {
      this.#end ??= { how: 'idle' };
      void this.close();
    };
    const begunMs = performance.now();
    const watch = this.#isLimited ? setTimeout(giveUp, Math.max(1, this.#idleTimeoutMs - this.#waitedMs)) : undefined;
    try {
      return await this.#reader.read();
    } finally {
      clearTimeout(watch);
      this.#waitedMs += performance.now() - begunMs;
    }
  }

  /** Hangs up. Harmless when the stream has ended. */
  async close(): Promise<void> {
    // Cancelling a stream that broke rejects with the break, which `end` already tells of.
    await this.#reader.cancel().catch(() => undefined);
  }
}
