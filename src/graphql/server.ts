/** GraphQL over HTTP, SSE and WebSocket, all through one Yoga: the same plugins, context and masking for each. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { createYoga, type GraphiQLOptions, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { DomainError, InvalidInputError, NotFoundError, UnsupportedOptionError } from '../domain/errors.ts';
import type { OriginCheck } from '../http/origins.ts';
import { renderGraphiql } from './graphiql.ts';
import { createCompiledOperations } from './plugins/compiled-operations.ts';
import { createSharedEvents } from './plugins/shared-events.ts';
import { type EventStreamOptions, useEventStream } from './plugins/use-event-stream.ts';
import { useMultipart } from './plugins/use-multipart.ts';

/** Bytes of a GraphQL request over HTTP, without the file of an upload; a prompt has 32,000 characters at most. */
export const MAX_REQUEST_BYTES = 1_000_000;

const CROSS_ORIGIN_METHODS = ['GET', 'POST', 'OPTIONS'] as const;
const CROSS_ORIGIN_MAX_AGE_SECONDS = 600;

/** What a page of another origin, which was let in, is told with every answer. */
export function crossOriginHeaders(origin: string): Readonly<Record<string, string>> {
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': CROSS_ORIGIN_METHODS.join(', '),
    'Access-Control-Max-Age': String(CROSS_ORIGIN_MAX_AGE_SECONDS),
  };
}

/** What Node hands to Yoga, and the WebSocket server too. */
export interface ServerContext {
  readonly req: IncomingMessage;
}

export interface GraphqlOptions {
  readonly schema: GraphQLSchema;
  readonly contextFor: (request: IncomingMessage) => object;
  /** The same for requests whose subscriptions are answered alike: whose they are, and where they reached the server. */
  readonly audienceOf: (request: IncomingMessage) => string;
  readonly graphiqlFor: (request: IncomingMessage) => Promise<GraphiQLOptions>;
  readonly isAllowedOrigin: OriginCheck;
  readonly eventStream: EventStreamOptions;
  /** Resolves when all that could have been read until now is durable; no answer goes out before. */
  readonly settled: () => Promise<void>;
  readonly logger: Logger;
}

export type GraphqlServer = ReturnType<typeof createGraphqlServer>;

export function createGraphqlServer(options: GraphqlOptions) {
  const { schema, contextFor, audienceOf, graphiqlFor, isAllowedOrigin, eventStream, settled, logger } = options;
  return createYoga<ServerContext & { res?: ServerResponse }>({
    schema,
    graphqlEndpoint: '/graphql',
    context: ({ req }) => contextFor(req),
    graphiql: (_, context) => (context === undefined ? false : graphiqlFor(context.req)),
    renderGraphiQL: renderGraphiql,
    landingPage: false,
    multipart: false,
    plugins: [
      useMultipart({ maxFieldBytes: MAX_REQUEST_BYTES }),
      useExecution(audienceOf, settled),
      useEventStream(eventStream),
    ],
    maskedErrors: { maskError: (error) => maskError(error, logger) },
    maxRequestBodySize: MAX_REQUEST_BYTES,
    // What is not allowed was refused before it came here (server.ts).
    cors: (request) => {
      const origin = request.headers.get('origin');
      return origin !== null && isAllowedOrigin({ headers: { origin, host: request.headers.get('host') ?? '' } })
        ? { origin, methods: [...CROSS_ORIGIN_METHODS], credentials: false, maxAge: CROSS_ORIGIN_MAX_AGE_SECONDS }
        : false;
    },
    logging: {
      debug: (...words) => logger.trace(words),
      info: (...words) => logger.debug(words),
      warn: (...words) => logger.warn(words),
      error: (...words) => logger.error(words),
    },
  });
}

/**
 * How operations are executed: compiled when they come again and again, and once for all subscribers of an event. What
 * they have read is told when it is durable (promise 4).
 */
function useExecution(
  audienceOf: GraphqlOptions['audienceOf'],
  settled: GraphqlOptions['settled'],
): Plugin<ServerContext> {
  const compiled = createCompiledOperations();
  const run: typeof compiled = async (args, reference) => {
    const result = await compiled(args, reference);
    await settled();
    return result;
  };
  const events = createSharedEvents(run);
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args) => run(args, executeFn));
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn((args) => events.subscribe(args, audienceOf(args.contextValue.req)));
    },
  };
}

/** An expected error keeps its message and gets its code; an unexpected one is logged and shows the log's id only. */
export function maskError(error: unknown, logger: Logger): GraphQLError {
  const original = error instanceof GraphQLError ? error.originalError : error;
  if (error instanceof GraphQLError && (original === undefined || original instanceof GraphQLError)) {
    // GraphQL's own words on a variable carry no code, as everything else does.
    error.extensions['code'] ??= 'BAD_USER_INPUT';
    return error;
  }
  const where = error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {};
  if (original instanceof DomainError) {
    return new GraphQLError(original.message, { ...where, extensions: extensionsOf(original) });
  }
  const errorId = randomUUID();
  logger.error({ err: original, errorId }, 'unexpected error');
  const message = `Something went wrong on this server. Its log has more under ${errorId}.`;
  return new GraphQLError(message, { ...where, extensions: { code: 'INTERNAL_SERVER_ERROR', errorId } });
}

function extensionsOf(error: DomainError): Record<string, unknown> {
  if (error instanceof InvalidInputError) return { code: error.code, fields: error.fields };
  if (error instanceof NotFoundError) return { code: error.code, field: error.field };
  if (error instanceof UnsupportedOptionError) {
    const { code, model, option, allowed } = error;
    return { code, model, option, allowed };
  }
  return { code: error.code };
}
