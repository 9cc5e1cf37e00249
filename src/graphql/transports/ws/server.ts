/** The WebSocket side of `/graphql` (subprotocol graphql-transport-ws): who may open a connection, and how all are closed. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import type { Logger } from 'pino';
import { type ServerOptions, WebSocketServer } from 'ws';
import type { Authenticate } from '../../../auth/authenticate.ts';
import type { OriginCheck } from '../../../http/origins.ts';
import { type GraphqlServer, MAX_REQUEST_BYTES } from '../../server.ts';
import { Connection } from './connection.ts';
import { createProtocol } from './protocol.ts';

/** How long a closing handshake may take. A client that was cut for not reading learns why if it reads again by then. */
const CLOSE_TIMEOUT_MS = 10_000;
/** The same when the whole server stops. */
const STOP_TIMEOUT_MS = 2_000;
const GOING_AWAY = 1001;

export interface WebSocketLimits {
  /** Milliseconds between two pings. A connection that takes nothing in between is cut. */
  readonly keepAliveMs: number;
  /** How many bytes may wait to be sent over one connection; a single message may be larger. */
  readonly maxBufferedBytes: number;
  /** How many operations may run at the same time over one connection. */
  readonly maxOperationsPerSocket: number;
}

export interface WebSocketOptions {
  readonly server: Server;
  readonly graphql: Pick<GraphqlServer, 'run' | 'maskError'>;
  readonly authenticate: Authenticate;
  readonly isAllowedOrigin: OriginCheck;
  readonly limits: WebSocketLimits;
  readonly logger: Logger;
}

/** The types of `ws` do not know `closeTimeout` yet. */
type WebSocketServerOptions = ServerOptions & { readonly closeTimeout: number };

/** Serves upgrades of `server` to `/graphql`. @returns closes every socket with a code on which clients come back */
export function serveWebSocket(options: WebSocketOptions): () => Promise<void> {
  const { server, graphql, authenticate, isAllowedOrigin, limits, logger } = options;
  const socketOptions: WebSocketServerOptions = {
    noServer: true,
    maxPayload: MAX_REQUEST_BYTES,
    // Compressing URLs and images saves little and costs memory for each socket.
    perMessageDeflate: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: (protocols) =>
      protocols.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
  };
  const sockets = new WebSocketServer(socketOptions);
  const protocol = createProtocol({ graphql, authenticate, limits, logger });
  const connectionOptions = { ...limits, logger };
  const connections = new Set<Connection>();

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refuse = (status: string) =>
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    socket.on('error', () => socket.destroy());
    if (!/^\/graphql(\?|$)/u.test(request.url ?? '')) refuse('404 Not Found');
    else if (!isAllowedOrigin(request)) refuse('403 Forbidden');
    else {
      sockets.handleUpgrade(request, socket, head, (opened) => {
        const connection = new Connection(protocol, opened, request, connectionOptions);
        connections.add(connection);
        opened.once('close', () => connections.delete(connection));
      });
    }
  });

  return async () => {
    for (const connection of connections) connection.end(GOING_AWAY, 'Going away');
    const timeout = setTimeout(() => {
      for (const socket of sockets.clients) socket.terminate();
    }, STOP_TIMEOUT_MS);
    await new Promise<void>((resolve) => sockets.close(() => resolve()));
    clearTimeout(timeout);
  };
}
