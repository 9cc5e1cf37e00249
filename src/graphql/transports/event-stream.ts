/** The body of one response of server-sent events, written as fast as its client reads. */
import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import type { Principal } from '../../auth/authenticate.ts';
import type { MaskError } from '../mask-error.ts';
import { bytesOf } from '../result-bytes.ts';

/** The size of a write. A client that takes less within a keep-alive is disconnected, apart from kernel buffers. */
const PIECE_BYTES = 64 * 1024;
/** A comment: clients ignore it, and proxies see that the connection is alive. */
const COMMENT = Buffer.from(':\n\n');
const NEXT = Buffer.from('event: next\ndata: ');
const END = Buffer.from('\n\n');
const COMPLETE = Buffer.from('event: complete\ndata:\n\n');
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
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

export class EventStreamSource implements UnderlyingDefaultSource<Uint8Array> {
  readonly #results: AsyncIterator<ExecutionResult>;
  readonly #response: ServerResponse;
  readonly #options: EventStreamSourceOptions;
  readonly #disconnect: () => void;
  /** What is left to write of the current event. */
  #rest: Buffer = COMMENT;
  #isWaiting = false;
  #isComplete = false;
  #writtenBytes = 0;
  #takenBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #hasLeft = false;
  readonly #identity: EventStreamClient['identity'];
  #stopWatching: () => void = () => {};

  constructor(results: AsyncIterable<ExecutionResult>, client: EventStreamClient, options: EventStreamSourceOptions) {
    const { response, identity } = client;
    this.#results = results[Symbol.asyncIterator]();
    this.#response = response;
    this.#identity = identity;
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

  start(controller: Controller): void {
    // Some browsers show no response before its first byte.
    this.#write(controller);
    this.#timer = setInterval(() => this.#lookAfter(controller), this.#options.keepAliveMs);
    this.#stopWatching = this.#identity.watchEnd(() => this.#endWithCredentials(controller));
  }

  /** Called when there is room: the next event is asked for when the previous one is on its way. */
  async pull(controller: Controller): Promise<void> {
    if (this.#rest.length === 0 && !this.#isComplete) {
      this.#isWaiting = true;
      const event = await this.#nextEvent();
      this.#isWaiting = false;
      if (this.#hasLeft) return;
      if (event === null) this.#isComplete = true;
      this.#rest = event ?? COMPLETE;
    }
    this.#write(controller);
    if (this.#rest.length > 0 || !this.#isComplete) return;
    clearInterval(this.#timer);
    this.#stopWatching();
    controller.close();
  }

  /** Ends the subscription. May be called again. */
  async cancel(): Promise<void> {
    this.#hasLeft = true;
    clearInterval(this.#timer);
    this.#stopWatching();
    this.#options.stopping.removeEventListener('abort', this.#disconnect);
    await this.#results.return?.();
  }

  /** An event that is not written completely is lost to the client, which asks again from its cursor. */
  #endWithCredentials(controller: Controller): void {
    if (this.#hasLeft) return;
    void this.cancel();
    if (this.#rest.length === 0) controller.enqueue(CREDENTIALS_ENDED);
    controller.close();
    setTimeout(() => {
      if (!this.#response.writableFinished) this.#disconnect();
    }, END_TIMEOUT_MS).unref();
  }

  /** Null at the end. */
  async #nextEvent(): Promise<Buffer | null> {
    try {
      const { done, value } = await this.#results.next();
      // What it would send is released when the client leaves.
      if (done || this.#hasLeft) return null;
      const { parts, release } = bytesOf(value);
      const event = Buffer.concat([NEXT, ...parts, END]);
      release(true);
      return event;
    } catch (error) {
      // What is followed is gone, or the client would miss an event without knowing: an error ends its subscription.
      await this.#results.return?.();
      const errors = JSON.stringify({ errors: [this.#options.maskError(error)] });
      this.#isComplete = true;
      return Buffer.concat([NEXT, Buffer.from(errors), END, COMPLETE]);
    }
  }

  #write(controller: Controller): void {
    const piece = this.#rest.subarray(0, PIECE_BYTES);
    this.#rest = this.#rest.length > PIECE_BYTES ? this.#rest.subarray(PIECE_BYTES) : NOTHING;
    this.#writtenBytes += piece.length;
    controller.enqueue(piece);
  }

  #lookAfter(controller: Controller): void {
    const { writableLength } = this.#response;
    const takenBytes = this.#writtenBytes - writableLength;
    if (writableLength > 0 && takenBytes === this.#takenBytes) this.#disconnect();
    this.#takenBytes = takenBytes;
    if (!this.#isWaiting) return;
    this.#rest = COMMENT;
    this.#write(controller);
  }
}
