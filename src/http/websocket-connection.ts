/**
 * One WebSocket between `ws` and graphql-ws, which leaves to its adapters what this does: a reader who takes nothing is
 * cut, one who has vanished is noticed, and whoever is on the way out holds nothing any more.
 */
import type { IncomingMessage } from 'node:http';
import { CloseCode, type Server } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { createOutbox } from './outbox.ts';

/** Clients take it as "come back", and go on behind their cursor. */
const TRY_AGAIN_LATER = 1013;
const MESSAGE_TOO_BIG = 1009;
/** Nobody has to be let in to send these bytes; `connection_init` with a token needs a fraction. */
const MAX_BYTES_BEFORE_INIT = 64 * 1024;

/** What graphql-ws keeps for each connection. */
export interface Connection {
  readonly request: IncomingMessage;
  /** The ids of the operations that were started and have not ended. */
  readonly running: Set<string>;
  initialised: boolean;
  /** Sends a message, given in parts; resolves when it was handed on, or when there is no use in waiting. */
  send(message: readonly Buffer[]): Promise<void>;
  /** Releases everything that the connection holds, at once, and closes it. */
  end(code: number, reason: string): void;
}

export interface ConnectionOptions {
  readonly keepAliveMs: number;
  readonly maxBufferedBytes: number;
  readonly logger: Logger;
}

export function serveConnection(
  server: Server<Connection>,
  socket: WebSocket,
  request: IncomingMessage,
  { keepAliveMs, maxBufferedBytes, logger }: ConnectionOptions,
): Connection {
  let closed: ReturnType<Server<Connection>['opened']> | undefined;
  let isLeft = false;

  const connection: Connection = {
    request,
    running: new Set(),
    initialised: false,
    send: (message) => outbox.send(message),
    end(code, reason) {
      socket.close(code, reason);
      leave(code, reason);
    },
  };
  const outbox = createOutbox(socket, {
    maxBufferedBytes,
    onOverflow: () => connection.end(TRY_AGAIN_LATER, 'Too much is waiting: read faster'),
  });

  // What is there confirms, if it reads: silence between two of these is a reader who takes nothing, or who is gone.
  const keepAlive = setInterval(() => {
    if (outbox.hasConfirmed()) return outbox.ping();
    const isStuck = outbox.waitingBytes > 0;
    connection.end(TRY_AGAIN_LATER, 'Nothing was read for too long');
    // With nothing in its way the close is out already, and an answer is not to be expected.
    if (!isStuck) socket.terminate();
  }, keepAliveMs);

  /** Not only when the socket has closed: that takes as long as the other side likes, and meanwhile events go nowhere. */
  function leave(code: number, reason: string): void {
    if (isLeft || closed === undefined) return;
    isLeft = true;
    clearInterval(keepAlive);
    closed(code, reason)?.catch((error: unknown) => logger.error({ err: error }, 'a connection was not released'));
  }

  socket.once('close', (code, reason) => leave(code, String(reason)));
  // `close` follows, and is what counts.
  socket.on('error', (error) => logger.debug({ err: error }, 'a WebSocket failed'));
  limitBeforeInit(connection);

  closed = server.opened(
    {
      protocol: socket.protocol,
      send: outbox.send,
      close: (code = CloseCode.InternalServerError, reason = '') => connection.end(code, reason),
      onMessage(handle) {
        socket.on('message', async (message) => {
          // What came in before the other side heard that it is over would hold on to what nobody releases.
          if (isLeft) return;
          try {
            await handle(String(message));
          } catch (error) {
            logger.error({ err: error }, 'a WebSocket message could not be handled');
            connection.end(CloseCode.InternalServerError, 'Internal server error');
          }
        });
      },
    },
    connection,
  );
  return connection;
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
