/**
 * Reads a response body with timeouts: one for silence, and a longer one for a connection that is only kept open. The SDK's
 * own timeout ends with the response's headers, so without this a run could stay open for ever.
 */
import type { ByteReader } from './buffered-body.ts';
import { StreamFormatError } from './format-error.ts';

export type BodyEnd =
  | { readonly how: 'closed' }
  /** Nothing more counts, although the sender may have left the connection open. */
  | { readonly how: 'over' }
  /** `onlyComments`: bytes came all the time, but none of an event. */
  | { readonly how: 'idle'; readonly onlyComments: boolean }
  /** The connection failed, or its owner aborted it. */
  | { readonly how: 'broken'; readonly cause: unknown };

export interface IdleLimits {
  /** How long to wait for the next bytes. Time in which no chunk was requested does not count in any of the limits. */
  readonly idleTimeoutMs: number;
  /**
   * How long to wait for progress while bytes come that are none: comments and blank lines, which proxies send to keep a
   * connection open. Default 600,000.
   */
  readonly commentTimeoutMs?: number;
  /** Whether the first progress may take as long as the connection's owner waits. Default false. */
  readonly unlimitedAtFirst?: boolean;
}

const DEFAULT_COMMENT_TIMEOUT_MS = 600_000;

export class WatchedBody {
  readonly #reader: ByteReader;
  readonly #idleTimeoutMs: number;
  readonly #commentTimeoutMs: number;
  #isLimited: boolean;
  /** The wait for progress so far. */
  #waitedMs = 0;
  #end: BodyEnd | null = null;

  constructor(reader: ByteReader, limits: IdleLimits) {
    this.#reader = reader;
    this.#idleTimeoutMs = limits.idleTimeoutMs;
    this.#commentTimeoutMs = limits.commentTimeoutMs ?? DEFAULT_COMMENT_TIMEOUT_MS;
    this.#isLimited = !(limits.unlimitedAtFirst ?? false);
  }

  /** How the body ended. Valid once `chunks` is exhausted. */
  get end(): BodyEnd {
    return this.#end ?? { how: 'closed' };
  }

  /** Restarts the wait for progress. The caller decides what counts: some proxies send bytes only to keep the connection open. */
  progressed(): void {
    this.#waitedMs = 0;
    this.#isLimited = true;
  }

  /**
   * What arrived before a failure is still used. See `end`.
   * @throws {StreamFormatError} when the body cannot be read at all
   */
  async *chunks(): AsyncGenerator<Buffer, void> {
    try {
      while (true) {
        const { done, value } = await this.#next();
        if (done) return;
        yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      }
    } catch (cause) {
      if (cause instanceof StreamFormatError) throw cause;
      this.#end ??= { how: 'broken', cause };
    }
  }

  async #next() {
    const untilProgressMs = this.#commentTimeoutMs - this.#waitedMs;
    const onlyComments = this.#waitedMs > 0 && untilProgressMs < this.#idleTimeoutMs;
    const giveUp = () => {
      this.#end ??= { how: 'idle', onlyComments };
      void this.close();
    };
    const startedMs = performance.now();
    const timeoutMs = onlyComments ? Math.max(1, untilProgressMs) : this.#idleTimeoutMs;
    const timer = this.#isLimited ? setTimeout(giveUp, timeoutMs) : undefined;
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
