/** The body of one response of server-sent events, written as fast as its client reads. */
import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import type { Principal } from '../../auth/authenticate.ts';
import type { EventCompressor } from '../compression/event-compressor.ts';
import { cursorOfResult } from '../event-cursor.ts';
import type { MaskError } from '../mask-error.ts';
import { bytesOf } from '../result-bytes.ts';
import { END_ID } from './last-event-id.ts';

/** The size of a write. A client that takes less within a keep-alive is disconnected, apart from kernel buffers. */
const PIECE_BYTES = 64 * 1024;
/** A comment: clients ignore it, and proxies see that the connection is alive. */
const COMMENT = Buffer.from(':\n\n');
const NEXT = 'event: next\ndata: ';
const END = Buffer.from('\n\n');
const COMPLETE = Buffer.from(`id: ${END_ID}\nevent: complete\ndata:\n\n`);
/** A comment, for people. Clients take a stream that ends without `complete` for interrupted, and ask again. */
const CREDENTIALS_ENDED = Buffer.from(': Your credentials have ended.\n\n');
const NOTHING = Buffer.alloc(0);

/** How long a client may take for what was written when its credentials ended. */
const END_TIMEOUT_MS = 2_000;

export interface EventStreamSourceOptions {
  /** Milliseconds between comments on a silent connection, and between two looks for stalled clients. */
  readonly keepAliveMs: number;
  /** Disconnects every client when it aborts. An ended stream would tell the client that no more events will come. */
  readonly stopping: AbortSignal;
  readonly maskError: MaskError;
}

/** Whom the events are for. */
export interface EventStreamClient {
  readonly response: ServerResponse;
  readonly identity: Pick<Principal, 'watchEnd'>;
  /** Null when the bytes are sent as they are. */
  readonly compressor: EventCompressor | null;
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** The end of the stream, in the place of an event. */
const AT_END = Symbol('at the end');

export class EventStreamSource implements UnderlyingDefaultSource<Uint8Array> {
  readonly #results: AsyncIterator<ExecutionResult>;
  readonly #client: EventStreamClient;
  readonly #options: EventStreamSourceOptions;
  readonly #disconnect: () => void;
  /** The first event, when it was asked for before the response began. */
  #first: Promise<Buffer | typeof AT_END> | null = null;
  /** What is left to write of the current event. */
  #rest: Buffer = NOTHING;
  #isWaiting = false;
  #isComplete = false;
  #writtenBytes = 0;
  #takenBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #hasLeft = false;
  #stopWatching: () => void = () => {};

  constructor(results: AsyncIterable<ExecutionResult>, client: EventStreamClient, options: EventStreamSourceOptions) {
    const { response } = client;
    this.#results = results[Symbol.asyncIterator]();
    this.#client = client;
    this.#options = options;
    this.#disconnect = () => response.destroy();
    // Subscribing takes a while: the client may be gone by now.
    if (response.destroyed || options.stopping.aborted) {
      void this.cancel();
      this.#disconnect();
      return;
    }
    options.stopping.addEventListener('abort', this.#disconnect, { once: true });
    response.once('close', () => void this.cancel());
  }

  /** Whether there is nobody to write for. */
  get isOver(): boolean {
    return this.#hasLeft;
  }

  /**
   * Whether the stream completes without an event. Comes before `start`.
   * @param withinMs how long to wait for the answer; after it the answer is false, and the stream goes on as usual
   */
  async isEmpty(withinMs: number): Promise<boolean> {
    this.#first = this.#nextEvent();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), withinMs);
    });
    // When it fails, so does the stream that has begun.
    const first = await Promise.race([this.#first, late]).catch(() => null);
    clearTimeout(timer);
    return first === AT_END;
  }

  async start(controller: Controller): Promise<void> {
    this.#timer = setInterval(() => void this.#lookAfter(controller), this.#options.keepAliveMs);
    this.#stopWatching = this.#client.identity.watchEnd(() => void this.#endWithCredentials(controller));
    // Some browsers show no response before its first byte.
    await this.#writeComment(controller, COMMENT);
  }

  /** Called when there is room: the next event is asked for when the previous one is on its way. */
  async pull(controller: Controller): Promise<void> {
    if (this.#rest.length === 0 && !this.#isComplete) {
      this.#isWaiting = true;
      const event = await (this.#first ?? this.#nextEvent());
      this.#first = null;
      this.#isWaiting = false;
      if (this.#hasLeft) return;
      if (event === AT_END) this.#isComplete = true;
      const rest = await this.#encoded(event === AT_END ? COMPLETE : event);
      if (this.#hasLeft) return;
      this.#rest = rest;
    }
    this.#write(controller);
    if (this.#rest.length > 0 || !this.#isComplete) return;
    this.#leave();
    controller.close();
  }

  /** Ends the subscription. May be called again. */
  async cancel(): Promise<void> {
    this.#hasLeft = true;
    this.#leave();
    this.#options.stopping.removeEventListener('abort', this.#disconnect);
    await this.#results.return?.();
  }

  #leave(): void {
    clearInterval(this.#timer);
    this.#stopWatching();
    this.#client.compressor?.close();
  }

  /** An event that is not written completely is lost to the client, which asks again from its cursor. */
  async #endWithCredentials(controller: Controller): Promise<void> {
    if (this.#hasLeft) return;
    const { response, compressor } = this.#client;
    const isBetweenEvents = this.#rest.length === 0 && (this.#isWaiting || compressor === null);
    this.#hasLeft = true;
    void this.#results.return?.();
    setTimeout(() => {
      if (!response.writableFinished) this.#disconnect();
    }, END_TIMEOUT_MS).unref();
    if (isBetweenEvents) {
      this.#isComplete = true;
      const bytes = await this.#encoded(CREDENTIALS_ENDED);
      if (response.destroyed) return;
      controller.enqueue(bytes);
    }
    controller.close();
    await this.cancel();
  }

  async #nextEvent(): Promise<Buffer | typeof AT_END> {
    try {
      const { done, value } = await this.#results.next();
      // What it would send is released when the client leaves.
      if (done || this.#hasLeft) return AT_END;
      const { parts, release } = bytesOf(value);
      const cursor = cursorOfResult(value);
      const head = cursor === null ? NEXT : `id: ${cursor}\n${NEXT}`;
      const event = Buffer.concat([Buffer.from(head), ...parts, END]);
      release(true);
      return event;
    } catch (error) {
      // What is followed is gone, or the client would miss an event without knowing: an error ends its subscription.
      await this.#results.return?.();
      const errors = JSON.stringify({ errors: [this.#options.maskError(error)] });
      this.#isComplete = true;
      return Buffer.concat([Buffer.from(NEXT), Buffer.from(errors), END, COMPLETE]);
    }
  }

  /** As the client accepts it; with what ends the encoding when the stream is complete. */
  async #encoded(bytes: Buffer): Promise<Buffer> {
    const { compressor } = this.#client;
    if (compressor === null) return bytes;
    const compressed = await compressor.compress(bytes);
    return this.#isComplete ? Buffer.concat([compressed, await compressor.end()]) : compressed;
  }

  #write(controller: Controller): void {
    const piece = this.#rest.subarray(0, PIECE_BYTES);
    this.#rest = this.#rest.length > PIECE_BYTES ? this.#rest.subarray(PIECE_BYTES) : NOTHING;
    this.#writtenBytes += piece.length;
    controller.enqueue(piece);
  }

  /** Between events only. What is compressed after it is written after it. */
  async #writeComment(controller: Controller, comment: Buffer): Promise<void> {
    const { compressor } = this.#client;
    const bytes = compressor === null ? comment : await compressor.compress(comment);
    if (this.#hasLeft) return;
    this.#writtenBytes += bytes.length;
    controller.enqueue(bytes);
  }

  async #lookAfter(controller: Controller): Promise<void> {
    const { writableLength } = this.#client.response;
    const takenBytes = this.#writtenBytes - writableLength;
    if (writableLength > 0 && takenBytes === this.#takenBytes) this.#disconnect();
    this.#takenBytes = takenBytes;
    if (this.#isWaiting) await this.#writeComment(controller, COMMENT);
  }
}
