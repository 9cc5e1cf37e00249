/** Subscriptions over WebSocket (graphql-transport-ws), executed by Yoga so that nothing of its pipeline is skipped. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, GraphQLError } from 'graphql';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { type GraphqlServer, MAX_REQUEST_BYTES } from './graphql.ts';
import type { OriginCheck } from './origins.ts';

const KEEP_ALIVE_MS = 12_000;

export interface WebSocketOptions {
  readonly server: Server;
  readonly graphql: GraphqlServer;
  readonly isAllowedOrigin: OriginCheck;
}

/** Serves `/graphql` upgrades of `server`; the result closes every socket with a code on which clients come back. */
export function serveWebSocket({ server, graphql, isAllowedOrigin }: WebSocketOptions): () => Promise<void> {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_REQUEST_BYTES,
    // Compressing pictures' URLs saves little and costs memory for each socket.
    perMessageDeflate: false,
    handleProtocols: (protocols) =>
      protocols.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
  });
  // Each operation is executed by Yoga's own functions, which graphql-ws has no place for among the arguments.
  const executors = new WeakMap<
    ExecutionArgs,
    Pick<ReturnType<GraphqlServer['getEnveloped']>, 'execute' | 'subscribe'>
  >();
  const serving = useServer(
    {
      execute: (args) => executors.get(args)?.execute(args),
      subscribe: (args) => executors.get(args)?.subscribe(args),
      async onSubscribe({ extra }, _id, params) {
        const { schema, execute, subscribe, contextFactory, parse, validate } = graphql.getEnveloped({
          req: extra.request,
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
          executors.set(args, { execute, subscribe });
          return args;
        } catch (error) {
          // A syntax error is the client's; graphql-ws would close the whole socket on it.
          if (error instanceof GraphQLError) return [error];
          throw error;
        }
      },
    },
    sockets,
    KEEP_ALIVE_MS,
  );

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refuse = (status: string) =>
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    socket.on('error', () => socket.destroy());
    if (!/^\/graphql(\?|$)/u.test(request.url ?? '')) refuse('404 Not Found');
    else if (!isAllowedOrigin(request)) refuse('403 Forbidden');
    else sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  });

  return async () => {
    await serving.dispose();
  };
}
