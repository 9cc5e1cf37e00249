/**
 * One WebSocket between `ws` and graphql-ws. It does what graphql-ws leaves to its adapters: stalled clients are
 * disconnected, vanished clients are noticed, and a connection that is closing holds nothing any more (promise 9).
 */
import type { IncomingMessage } from 'node:http';
import { CloseCode, type Server } from 'graphql-ws';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import type { Principal } from '../../../auth/authenticate.ts';
import { answerPings } from './answered-pings.ts';
import { SendWindow } from './send-window.ts';

/** Clients reconnect on this code and resume from their cursor. */
export const TRY_AGAIN_LATER = 1013;
const MESSAGE_TOO_BIG = 1009;
/** Limits what a client can send before it is authenticated; `connection_init` with a token needs a fraction of it. */
const MAX_BYTES_BEFORE_INIT = 64 * 1024;

export interface ConnectionOptions {
  /** Milliseconds between two pings. */
  readonly keepAliveMs: number;
  /** How many bytes may wait to be sent; a single message may be larger. */
  readonly maxBufferedBytes: number;
  readonly logger: Logger;
}

type Leave = ReturnType<Server<Connection>['opened']>;

/** What graphql-ws keeps for each connection as its `extra`. */
export class Connection {
  readonly request: IncomingMessage;
  /** The ids of the operations that were started and have not ended. */
  readonly running = new Set<string>();
  readonly #socket: WebSocket;
  readonly #sendWindow: SendWindow;
  readonly #options: ConnectionOptions;
  readonly #keepAlive: NodeJS.Timeout;
  /** Ends what graphql-ws holds; null before it holds anything, and after it was called. */
  #leave: Leave | null = null;
  #identity: Principal | null = null;
  #stopWatching: () => void = () => {};

  constructor(server: Server<Connection>, socket: WebSocket, request: IncomingMessage, options: ConnectionOptions) {
    this.request = request;
    this.#socket = socket;
    this.#options = options;
    this.#sendWindow = new SendWindow(socket, {
      stream: request.socket,
      maxBufferedBytes: options.maxBufferedBytes,
      onOverflow: () => this.end(TRY_AGAIN_LATER, 'Too much is waiting: read faster'),
    });
    this.#keepAlive = setInterval(() => this.#checkReader(), options.keepAliveMs);
    socket.once('close', (code, reason) => {
      this.#sendWindow.closed();
      this.#release(code, String(reason));
    });
    // `close` follows, and releases the connection.
    socket.on('error', (error) => options.logger.debug({ err: error }, 'a WebSocket failed'));
    answerPings(socket, request.socket);
    limitBeforeInit(this);
    this.#leave = server.opened(
      {
        protocol: socket.protocol,
        send: async (message) => {
          await this.#sendWindow.send(message);
        },
        close: (code = CloseCode.InternalServerError, reason = '') => this.end(code, reason),
        onMessage: (handle) => {
          socket.on('message', (message) => this.#receive(handle, message));
        },
      },
      this,
    );
  }

  /** Whose connection it is; null before `connection_init`. */
  get identity(): Principal | null {
    return this.#identity;
  }

  /** Takes in whose connection it is. It is closed when the credentials end. */
  identify(identity: Principal): void {
    this.#identity = identity;
    // The client may have left meanwhile.
    if (this.#leave === null) return;
    this.#stopWatching = identity.watchEnd(() => this.end(CloseCode.Forbidden, 'Your credentials have ended'));
  }

  /** Closes with a code on which clients try again. */
  turnAway(): void {
    this.end(TRY_AGAIN_LATER, 'Credentials cannot be checked at the moment');
  }

  /** Sends a message, given in parts. Resolves with true when it was taken and its bytes may be changed again. */
  send(message: readonly Buffer[]): Promise<boolean> {
    return this.#sendWindow.send(message);
  }

  /** Releases everything that the connection holds, at once, and closes it. */
  end(code: number, reason: string): void {
    this.#socket.close(code, reason);
    this.#release(code, reason);
  }

  async #receive(handle: (message: string) => Promise<void>, message: RawData): Promise<void> {
    // A message may arrive after the end. What it started would never be released.
    if (this.#leave === null) return;
    try {
      await handle(String(message));
    } catch (error) {
      this.#options.logger.error({ err: error }, 'a WebSocket message could not be handled');
      this.end(CloseCode.InternalServerError, 'Internal server error');
    }
  }

  /** A client that reads answers pings. One that answered none since the last call is stalled or gone. */
  #checkReader(): void {
    if (this.#sendWindow.hasConfirmed()) {
      this.#sendWindow.ping();
      return;
    }
    const isStuck = this.#sendWindow.waitingBytes > 0;
    this.end(TRY_AGAIN_LATER, 'Nothing was read for too long');
    // When nothing is in its way the close frame is sent already, and a vanished client will not answer it.
    if (!isStuck) this.#socket.terminate();
  }

  /** Called as soon as the end is decided: a client can delay the closing of its socket, and events would go nowhere. */
  #release(code: number, reason: string): void {
    const leave = this.#leave;
    if (leave === null) return;
    this.#leave = null;
    clearInterval(this.#keepAlive);
    this.#stopWatching();
    leave(code, reason)?.catch((error: unknown) => {
      this.#options.logger.error({ err: error }, 'a connection was not released');
    });
  }
}

/** `ws` has one limit for the whole life of a socket, which is large enough for messages with long prompts. */
function limitBeforeInit(connection: Connection): void {
  const { socket } = connection.request;
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (connection.identity !== null) socket.off('data', count);
    else if (bytes > MAX_BYTES_BEFORE_INIT) connection.end(MESSAGE_TOO_BIG, 'Begin with connection_init');
  };
  socket.on('data', count);
}
