/** The WebSocket side of `/graphql` (subprotocol graphql-transport-ws): who may open a connection, and how all are closed. */
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import type { Logger } from 'pino';
import { type ServerOptions, WebSocketServer } from 'ws';
import type { Authenticate } from '../../../auth/authenticate.ts';
import type { Admission } from '../../../http/admission/admission.ts';
import { FOREIGN_ORIGIN, type OriginCheck } from '../../../http/origins.ts';
import { type GraphqlServer, MAX_REQUEST_BYTES } from '../../server.ts';
import { Connection } from './connection.ts';
import { createProtocol } from './protocol.ts';

/** How long a closing handshake may take. A client that was cut for not reading learns why if it reads again by then. */
const CLOSE_TIMEOUT_MS = 10_000;
/** The same when the whole server stops. */
const STOP_TIMEOUT_MS = 2_000;
const GOING_AWAY = 1001;
/** Frames of one message. Clients send a message in one frame; each frame costs memory besides its bytes. */
const MAX_FRAGMENTS = 1_000;
/** Chunks of one frame that is not complete yet; the largest message comes in a few dozen. */
const MAX_CHUNKS = 16_384;

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
  readonly admission: Pick<Admission, 'checkRequest' | 'addressOf' | 'sockets'>;
  readonly admitsOrigin: OriginCheck;
  readonly limits: WebSocketLimits;
  readonly logger: Logger;
}

/** The types of `ws` do not know these yet. */
type WebSocketServerOptions = ServerOptions & {
  readonly closeTimeout: number;
  readonly maxFragments: number;
  readonly maxBufferedChunks: number;
};

/** Serves upgrades of `server` to `/graphql`. @returns closes every socket with a code on which clients come back */
export function serveWebSocket(options: WebSocketOptions): () => Promise<void> {
  const { server, graphql, authenticate, admission, admitsOrigin, limits, logger } = options;
  const socketOptions: WebSocketServerOptions = {
    noServer: true,
    maxPayload: MAX_REQUEST_BYTES,
    // Compressing URLs and images saves little and costs memory for each socket.
    perMessageDeflate: false,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_CHUNKS,
    // Connection answers pings: `ws` would queue answers that nobody reads.
    autoPong: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: (protocols) =>
      protocols.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
  };
  const sockets = new WebSocketServer(socketOptions);
  const protocol = createProtocol({ graphql, authenticate, limits, logger });
  const connectionOptions = { ...limits, logger };
  const connections = new Set<Connection>();

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const problem = admission.checkRequest(request);
    if (problem !== null) return refuseUpgrade(socket, problem.status, problem.message);
    if (!/^\/graphql(\?|$)/u.test(request.url ?? '')) return refuseUpgrade(socket, 404, NOT_HERE);
    if (!admitsOrigin(request)) return refuseUpgrade(socket, 403, FOREIGN_ORIGIN);
    const leave = admission.sockets.enter(admission.addressOf(request));
    if (leave === null) return refuseUpgrade(socket, 429, TOO_MANY_SOCKETS);
    socket.once('close', leave);
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const connection = new Connection(protocol, opened, request, connectionOptions);
      connections.add(connection);
      opened.once('close', () => connections.delete(connection));
    });
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

const NOT_HERE = 'There is no WebSocket here. The API is at /graphql.';
const TOO_MANY_SOCKETS = 'Your address has too many WebSockets open (MAX_SOCKETS_PER_ADDRESS). Close some first.';

function refuseUpgrade(socket: Duplex, status: number, text: string): void {
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${text.length + 1}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
  ];
  // A client that does not close its side would keep the connection.
  socket.once('finish', () => socket.destroy());
  socket.end(`${headers.join('\r\n')}\r\n\r\n${text}\n`);
}
