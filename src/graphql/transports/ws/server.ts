/** Subscriptions over WebSocket (graphql-transport-ws), executed by Yoga so that nothing of its pipeline is skipped. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, makeServer } from 'graphql-ws';
import { isAsyncIterable } from 'graphql-yoga';
import type { Logger } from 'pino';
import { type ServerOptions, WebSocketServer } from 'ws';
import type { OriginCheck } from '../../../http/origins.ts';
import { CancellableIterator, DONE } from '../../../lib/cancellable-iterator.ts';
import { bytesOf, letGo } from '../../result-bytes.ts';
import { type GraphqlServer, MAX_REQUEST_BYTES } from '../../server.ts';
import { Connection } from './connection.ts';

const CONNECTION_INIT_TIMEOUT_MS = 3_000;
/** How long a close may take: one who was cut for not reading finds out why when it reads again meanwhile. */
const CLOSE_TIMEOUT_MS = 10_000;
/** The same when the whole server stops. */
const STOP_TIMEOUT_MS = 2_000;
const GOING_AWAY = 1001;

export interface WebSocketLimits {
  /** How often a connection is asked whether it is there; it is cut when it takes nothing in the time between two. */
  readonly keepAliveMs: number;
  /** How much may wait to be sent over one connection, in bytes; a single message may be larger. */
  readonly maxBufferedBytes: number;
  /** How many operations may run at once over one connection. */
  readonly maxOperationsPerSocket: number;
}

export interface WebSocketOptions {
  readonly server: Server;
  readonly graphql: GraphqlServer;
  readonly isAllowedOrigin: OriginCheck;
  readonly limits: WebSocketLimits;
  readonly logger: Logger;
}

/** The package's types do not know `closeTimeout` yet. */
type WebSocketServerOptions = ServerOptions & { readonly closeTimeout: number };

/** An operation and the connection that it came over. */
interface Operation extends Pick<ReturnType<GraphqlServer['getEnveloped']>, 'execute' | 'subscribe'> {
  readonly id: string;
  readonly connection: Connection;
}

/** Serves `/graphql` upgrades of `server`; the result closes every socket with a code on which clients come back. */
export function serveWebSocket(options: WebSocketOptions): () => Promise<void> {
  const { server, graphql, isAllowedOrigin, limits, logger } = options;
  const socketOptions: WebSocketServerOptions = {
    noServer: true,
    maxPayload: MAX_REQUEST_BYTES,
    // Compressing pictures' URLs saves little and costs memory for each socket.
    perMessageDeflate: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: (protocols) =>
      protocols.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
  };
  const sockets = new WebSocketServer(socketOptions);
  const connectionOptions = { ...limits, logger };
  const connections = new Set<Connection>();
  // What belongs to an operation, which graphql-ws has no place for among the arguments.
  const operations = new WeakMap<ExecutionArgs, Operation>();

  async function start(args: ExecutionArgs, how: 'execute' | 'subscribe') {
    const operation = operations.get(args);
    if (operation === undefined) throw new Error('an operation was not prepared');
    const { id, connection } = operation;
    if (connection.running.has(id)) {
      // An id that is taken again while the one before it is still being started: both would send under it.
      connection.end(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
      return { errors: [] };
    }
    if (connection.running.size >= limits.maxOperationsPerSocket) return { errors: [tooMany(limits)] };
    connection.running.add(id);
    const result = operation[how](args);
    if (how === 'execute') return result;
    const results = await result;
    return isAsyncIterable<ExecutionResult>(results) ? new SentResults(results, id, connection) : results;
  }

  const graphqlWs = makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: CONNECTION_INIT_TIMEOUT_MS,
    onConnect({ extra }) {
      extra.initialised = true;
    },
    execute: (args) => start(args, 'execute'),
    subscribe: (args) => start(args, 'subscribe'),
    onComplete: ({ extra }, id) => void extra.running.delete(id),
    async onSubscribe({ extra: connection }, id, params) {
      const { schema, execute, subscribe, contextFactory, parse, validate } = graphql.getEnveloped({
        req: connection.request,
        params,
      });
      try {
        const document = parse(params.query);
        const errors = validate(schema, document);
        if (errors.length > 0) return errors;
        const args: ExecutionArgs = {
          schema,
          document,
          operationName: params.operationName ?? null,
          variableValues: params.variables ?? null,
          contextValue: await contextFactory(),
        };
        operations.set(args, { id, connection, execute, subscribe });
        return args;
      } catch (error) {
        // A syntax error is the client's; graphql-ws would close the whole socket on it.
        if (error instanceof GraphQLError) return [error];
        throw error;
      }
    },
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refuse = (status: string) =>
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    socket.on('error', () => socket.destroy());
    if (!/^\/graphql(\?|$)/u.test(request.url ?? '')) refuse('404 Not Found');
    else if (!isAllowedOrigin(request)) refuse('403 Forbidden');
    else {
      sockets.handleUpgrade(request, socket, head, (opened) => {
        const connection = new Connection(graphqlWs, opened, request, connectionOptions);
        connections.add(connection);
        opened.once('close', () => connections.delete(connection));
      });
    }
  });

  return async () => {
    for (const connection of connections) connection.end(GOING_AWAY, 'Going away');
    const late = setTimeout(() => {
      for (const socket of sockets.clients) socket.terminate();
    }, STOP_TIMEOUT_MS);
    await new Promise<void>((resolve) => sockets.close(() => resolve()));
    clearTimeout(late);
  };
}

const BEHIND = Buffer.from('}');

/**
 * Sends each result itself, in bytes that all who get the same share; for graphql-ws, which keeps the operation and ends
 * it, nothing is left of them.
 */
class SentResults extends CancellableIterator<never> {
  readonly #results: AsyncIterator<ExecutionResult>;
  readonly #connection: Connection;
  /** What stands before each result. */
  readonly #before: Buffer;
  #isLeft = false;

  constructor(results: AsyncIterable<ExecutionResult>, id: string, connection: Connection) {
    super();
    this.#results = results[Symbol.asyncIterator]();
    this.#connection = connection;
    this.#before = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  }

  override async next(): Promise<IteratorReturnResult<void>> {
    for (;;) {
      const { done, value } = await this.#results.next();
      if (done || this.#isLeft) return DONE;
      const isTaken = await this.#connection.send([this.#before, ...bytesOf(value), BEHIND]);
      // Of a connection that broke off, the system may still be reading what was to be sent.
      if (isTaken) letGo(value);
    }
  }

  protected override async release(): Promise<void> {
    this.#isLeft = true;
    await this.#results.return?.();
  }
}

function tooMany({ maxOperationsPerSocket }: WebSocketLimits): GraphQLError {
  return new GraphQLError(
    `At most ${maxOperationsPerSocket} operations can run at once over one WebSocket. ` +
      'End one first, open another WebSocket, or follow a whole conversation with conversationEvents.',
    { extensions: { code: 'TOO_MANY_OPERATIONS' } },
  );
}
