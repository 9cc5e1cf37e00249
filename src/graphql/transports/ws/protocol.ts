/**
 * graphql-transport-ws by the graphql-ws package: it keeps the protocol, and Yoga runs the operations, with every plugin.
 *
 * graphql-ws would parse and validate an operation and then have it executed. Yoga's pipeline is one piece, so the
 * operation runs as soon as its message arrives, and graphql-ws is given a stand-in document to "execute", whose result
 * is the one that is there already.
 */
import { type ExecutionArgs, GraphQLError, GraphQLSchema, parse } from 'graphql';
import { CloseCode, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import { type GraphQLParams, isAsyncIterable } from 'graphql-yoga';
import type { Logger } from 'pino';
import { type Authenticate, AuthenticationUnavailableError, UnauthenticatedError } from '../../../auth/authenticate.ts';
import { RateLimitedError } from '../../../domain/errors.ts';
import type { OperationOutcome } from '../../run-operation.ts';
import type { GraphqlServer } from '../../server.ts';
import { type Connection, TRY_AGAIN_LATER } from './connection.ts';
import { SentResults } from './sent-results.ts';

const CONNECTION_INIT_TIMEOUT_MS = 3_000;
const STAND_IN = { schema: new GraphQLSchema({}), document: parse('{ __typename }') };

export interface ProtocolOptions {
  readonly graphql: Pick<GraphqlServer, 'run' | 'maskError'>;
  readonly authenticate: Authenticate;
  readonly limits: { readonly maxOperationsPerSocket: number };
  readonly logger: Logger;
}

export function createProtocol({ graphql, authenticate, limits, logger }: ProtocolOptions): Server<Connection> {
  /** By the arguments that stand for the operation in graphql-ws. */
  const outcomes = new WeakMap<ExecutionArgs, OperationOutcome['result']>();

  /** Tells graphql-ws that the operation has this result. */
  function answer(result: OperationOutcome['result']): ExecutionArgs {
    const args = { ...STAND_IN };
    outcomes.set(args, result);
    return args;
  }

  /** @returns what the operation came to; its errors when it was refused before its execution */
  async function start(connection: Connection, id: string, payload: SubscribePayload) {
    const { identity, request: req } = connection;
    if (identity === null) throw new Error('an operation came before connection_init');
    if (connection.running.has(id)) {
      // The client completed this id while it was still being started, and uses it again: both would send under it.
      connection.end(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
      return answer({ errors: [] });
    }
    if (connection.running.size >= limits.maxOperationsPerSocket) return answer({ errors: [tooMany(limits)] });
    connection.running.add(id);
    const { result, hasBegun } = await graphql.run(paramsOf(payload), { req, identity });
    if (isAsyncIterable(result)) return answer(new SentResults(result, { id, connection, ...graphql }));
    if (result.errors === undefined) return answer(result);
    const errors = result.errors.map(withoutHttp);
    if (hasBegun) return answer({ ...result, errors });
    connection.running.delete(id);
    return errors;
  }

  return makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: CONNECTION_INIT_TIMEOUT_MS,
    async onConnect({ extra: connection, connectionParams }) {
      try {
        const { headers, socket } = connection.request;
        const credentials = { headers, socket, ...(connectionParams !== undefined && { connectionParams }) };
        connection.identify(await authenticate(credentials));
      } catch (error) {
        // Clients come back later on this code. On 4403 they would come back at once, with fresh credentials.
        if (error instanceof RateLimitedError) connection.end(TRY_AGAIN_LATER, 'Too many failed authentications');
        else if (error instanceof AuthenticationUnavailableError) connection.turnAway();
        else if (!(error instanceof UnauthenticatedError)) throw error;
        logger.debug({ err: error }, 'a WebSocket was refused');
        // graphql-ws closes with 4403.
        return false;
      }
      return true;
    },
    onSubscribe: ({ extra }, id, payload) => start(extra, id, payload),
    execute: async (args) => outcomes.get(args) ?? { errors: [] },
    onComplete: ({ extra }, id) => void extra.running.delete(id),
  });
}

/** A client without a document, which sends the id of a known one in `extensions`, must send an empty string for it. */
function paramsOf({ query, ...params }: SubscribePayload): GraphQLParams {
  // The protocol checked the types of the fields.
  return (query === '' ? params : { query, ...params }) as GraphQLParams;
}

/** Plugins say in `extensions.http` which status the response shall have, which is no business of the client. */
function withoutHttp(error: GraphQLError): GraphQLError {
  if (error.extensions?.['http'] === undefined) return error;
  const { http: _, ...extensions } = error.extensions;
  const { message, nodes = null, source = null, positions = null, path = null } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}

function tooMany({ maxOperationsPerSocket }: ProtocolOptions['limits']): GraphQLError {
  return new GraphQLError(
    `At most ${maxOperationsPerSocket} operations can run at once over one WebSocket. ` +
      'End one first, open another WebSocket, or follow a whole conversation with conversationEvents.',
    { extensions: { code: 'TOO_MANY_OPERATIONS' } },
  );
}
