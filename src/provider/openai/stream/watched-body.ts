/**
 * Reads a response body with an idle timeout. The SDK's own timeout ends with the response's headers, so without this
 * a run could stay open for ever.
 */
import type { ByteReader } from './buffered-body.ts';

export type BodyEnd =
  | { readonly how: 'closed' }
  /** Nothing more counts, although the sender may have left the connection open. */
  | { readonly how: 'over' }
  | { readonly how: 'idle' }
  /** The connection failed, or its owner aborted it. */
  | { readonly how: 'broken'; readonly cause: unknown };

export interface IdleLimits {
  /** How long to wait for progress. Time in which no chunk was requested does not count. */
  readonly idleTimeoutMs: number;
  /** Whether the first progress may take as long as the connection's owner waits. Default false. */
  readonly unlimitedAtFirst?: boolean;
}

export class WatchedBody {
  readonly #reader: ByteReader;
  readonly #idleTimeoutMs: number;
  #isLimited: boolean;
  #waitedMs = 0;
  #end: BodyEnd | null = null;

  constructor(reader: ByteReader, limits: IdleLimits) {
    this.#reader = reader;
    this.#idleTimeoutMs = limits.idleTimeoutMs;
    this.#isLimited = !(limits.unlimitedAtFirst ?? false);
  }

  /** How the body ended. Valid once `chunks` is exhausted. */
  get end(): BodyEnd {
    return this.#end ?? { how: 'closed' };
  }

  /** Restarts the timeout. The caller decides what counts: some proxies send bytes only to keep the connection open. */
  progressed(): void {
    this.#waitedMs = 0;
    this.#isLimited = true;
  }

  /** Never throws: what arrived before a failure is still used. See `end`. */
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
    const startedMs = performance.now();
    const timer = this.#isLimited ? setTimeout(giveUp, Math.max(1, this.#idleTimeoutMs - this.#waitedMs)) : undefined;
    try {
      return await this.#reader.read();
    } finally {
      clearTimeout(timer);
      this.#waitedMs += performance.now() - startedMs;
    }
  }

  /** The reader needs no more of the body, because what has come says that it is over. */
  finish(): void {
    this.#end ??= { how: 'over' };
  }

  /** Closes the connection. Harmless when the body has ended. */
  async close(): Promise<void> {
    // Cancelling a failed stream rejects with its failure, which `end` already reports.
    await this.#reader.cancel().catch(() => undefined);
  }
}
