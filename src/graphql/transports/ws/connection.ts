/**
 * One WebSocket between `ws` and graphql-ws, which leaves to its adapters what this does: a reader who takes nothing is
 * cut, one who has vanished is noticed, and whoever is on the way out holds nothing any more.
 */
import type { IncomingMessage } from 'node:http';
import { CloseCode, type Server } from 'graphql-ws';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import { SendWindow } from './send-window.ts';

/** Clients take it as "come back", and go on behind their cursor. */
const TRY_AGAIN_LATER = 1013;
const MESSAGE_TOO_BIG = 1009;
/** Nobody has to be let in to send these bytes; `connection_init` with a token needs a fraction. */
const MAX_BYTES_BEFORE_INIT = 64 * 1024;

export interface ConnectionOptions {
  readonly keepAliveMs: number;
  readonly maxBufferedBytes: number;
  readonly logger: Logger;
}

type Leave = ReturnType<Server<Connection>['opened']>;

/** What graphql-ws keeps for each connection. */
export class Connection {
  readonly request: IncomingMessage;
  /** The ids of the operations that were started and have not ended. */
  readonly running = new Set<string>();
  initialised = false;
  readonly #socket: WebSocket;
  readonly #sendWindow: SendWindow;
  readonly #options: ConnectionOptions;
  readonly #keepAlive: NodeJS.Timeout;
  /** Ends what graphql-ws holds; null before it holds anything, and when that was done. */
  #leave: Leave | null = null;

  constructor(server: Server<Connection>, socket: WebSocket, request: IncomingMessage, options: ConnectionOptions) {
    this.request = request;
    this.#socket = socket;
    this.#options = options;
    this.#sendWindow = new SendWindow(socket, {
      stream: request.socket,
      maxBufferedBytes: options.maxBufferedBytes,
      onOverflow: () => this.end(TRY_AGAIN_LATER, 'Too much is waiting: read faster'),
    });
    this.#keepAlive = setInterval(() => this.#lookAfter(), options.keepAliveMs);
    socket.once('close', (code, reason) => {
      this.#sendWindow.closed();
      this.#release(code, String(reason));
    });
    // `close` follows, and is what counts.
    socket.on('error', (error) => options.logger.debug({ err: error }, 'a WebSocket failed'));
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

  /** Sends a message, given in parts; resolves with whether the connection has taken it, and its bytes are free. */
  send(message: readonly Buffer[]): Promise<boolean> {
    return this.#sendWindow.send(message);
  }

  /** Releases everything that the connection holds, at once, and closes it. */
  end(code: number, reason: string): void {
    this.#socket.close(code, reason);
    this.#release(code, reason);
  }

  async #receive(handle: (message: string) => Promise<void>, message: RawData): Promise<void> {
    // What came in before the other side heard that it is over would hold on to what nobody releases.
    if (this.#leave === null) return;
    try {
      await handle(String(message));
    } catch (error) {
      this.#options.logger.error({ err: error }, 'a WebSocket message could not be handled');
      this.end(CloseCode.InternalServerError, 'Internal server error');
    }
  }

  /** What is there confirms, if it reads: silence between two of these is a reader who takes nothing, or who is gone. */
  #lookAfter(): void {
    if (this.#sendWindow.hasConfirmed()) {
      this.#sendWindow.ping();
      return;
    }
    const isStuck = this.#sendWindow.waitingBytes > 0;
    this.end(TRY_AGAIN_LATER, 'Nothing was read for too long');
    // With nothing in its way the close is out already, and an answer is not to be expected.
    if (!isStuck) this.#socket.terminate();
  }

  /** Not only when the socket has closed: that takes as long as the other side likes, and meanwhile events go nowhere. */
  #release(code: number, reason: string): void {
    const leave = this.#leave;
    if (leave === null) return;
    this.#leave = null;
    clearInterval(this.#keepAlive);
    leave(code, reason)?.catch((error: unknown) => {
      this.#options.logger.error({ err: error }, 'a connection was not released');
    });
  }
}

/** `ws` has one limit for the whole life of a socket, the one for messages with long prompts. */
function limitBeforeInit(connection: Connection): void {
  const { socket } = connection.request;
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (connection.initialised) socket.off('data', count);
    else if (bytes > MAX_BYTES_BEFORE_INIT) connection.end(MESSAGE_TOO_BIG, 'Begin with connection_init');
  };
  socket.on('data', count);
}
