/**
 * GraphQL over HTTP, server-sent events and WebSocket, all through one Yoga: the same list of plugins, the same context
 * and the same masking of errors on each way in. docs/plugins.md says which hooks fire where.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import type { GraphQLParams, Plugin, YogaServerOptions } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Principal } from '../auth/authenticate.ts';
import type { OperationLimits } from '../domain/limits/operation-limits.ts';
import type { OriginCheck } from '../http/origins.ts';
import { graphiqlHeaders } from './graphiql/headers.ts';
import { isPageRequest, type PageOptions, renderGraphiql } from './graphiql/page.ts';
import { createMaskError, type MaskError } from './mask-error.ts';
import { createRequestFactory } from './node-request.ts';
import { openYoga, type Plugins } from './open-yoga.ts';
import { useAutomaticPersistedQueries } from './plugins/documents/use-automatic-persisted-queries.ts';
import { useCostReport } from './plugins/documents/use-cost-report.ts';
import { useDocuments } from './plugins/documents/use-documents.ts';
import type { CursorOf } from './plugins/shared-events.ts';
import { useBodyLimit } from './plugins/use-body-limit.ts';
import { useCompression } from './plugins/use-compression.ts';
import { type EventStreamOptions, useEventStream } from './plugins/use-event-stream.ts';
import { useExecution } from './plugins/use-execution.ts';
import { useHiddenSchema } from './plugins/use-hidden-schema.ts';
import { useMultipart } from './plugins/use-multipart.ts';
import { usePlaceAtStart } from './plugins/use-place-at-start.ts';
import { useReadableRefusals } from './plugins/use-readable-refusals.ts';
import { seesHttpRequests } from './request-hooks.ts';
import { setApiHeaders } from './response-headers.ts';
import { createOperationRunner, type OperationOutcome } from './run-operation.ts';
import type { ServerContext } from './server-context.ts';
import { isSmallJson, serveSmallJson } from './transports/json-post.ts';
import { createYogaLogging } from './yoga-logging.ts';

/** Bytes of a GraphQL request over HTTP, without the file of an upload; a prompt has 32,000 characters at most. */
export const MAX_REQUEST_BYTES = 1_000_000;

const CROSS_ORIGIN_METHODS = ['GET', 'POST', 'OPTIONS'];
const CROSS_ORIGIN_MAX_AGE_SECONDS = 600;

export interface GraphqlOptions {
  readonly schema: GraphQLSchema;
  /** Plugins of Yoga or Envelop. They come behind ours and may wrap how operations are executed. */
  readonly plugins?: readonly Plugin[];
  /** What resolvers find in their context. */
  readonly contextFor: (context: ServerContext) => object;
  /** The same for clients whose subscriptions are answered alike (audience.ts). */
  readonly audienceOf: (context: ServerContext) => string;
  /** The cursor of an event of a subscription. */
  readonly cursorOf: CursorOf;
  readonly graphiqlFor: (context: ServerContext) => Promise<PageOptions>;
  /** Where images are, when that is another origin than the API's. */
  readonly imageOrigin: string | null;
  readonly isAllowedOrigin: OriginCheck;
  /** What one operation may ask for. */
  readonly limits: OperationLimits;
  /** Whether clients may query the schema, and error messages suggest its names. */
  readonly introspection: boolean;
  readonly eventStream: Pick<EventStreamOptions, 'keepAliveMs' | 'stopping'>;
  /** Resolves when all that could have been read until now is durable; no answer goes out before. */
  readonly settled: () => Promise<void>;
  /** Called with the context when a query or a mutation has been executed, and after each event of a subscription. */
  readonly ended: (context: object) => void;
  readonly logger: Logger;
}

export interface GraphqlServer {
  /** Answers a request to `/graphql`: an operation, an upload, a stream of events or the page of GraphiQL. */
  handle(request: IncomingMessage, response: ServerResponse, identity: Principal): Promise<void>;
  /** Runs one operation of a WebSocket; never rejects. */
  run(params: GraphQLParams, context: ServerContext): Promise<OperationOutcome>;
  readonly maskError: MaskError;
}

export function createGraphqlServer(options: GraphqlOptions): GraphqlServer {
  const { schema, plugins = [], contextFor, audienceOf, cursorOf, settled, ended, logger } = options;
  const { imageOrigin, isAllowedOrigin, introspection, limits, eventStream } = options;
  const execution = useExecution({ audienceOf, cursorOf, settled, ended, timeoutMs: limits.executionTimeoutMs });
  const maskError = createMaskError({ logger, suggestsNames: introspection, ownerOf: execution.ownerOf });
  const persistedQueries = useAutomaticPersistedQueries();
  const compression = useCompression();
  const events = useEventStream({ ...eventStream, maskError, acceptedEncodings: compression.accepted });
  const yogaOptions = { ...httpOptions(options), schema, context: contextFor, maskedErrors: { maskError } };
  const all: Plugins = [
    useDocuments(limits),
    useCostReport(limits),
    usePlaceAtStart(),
    persistedQueries.first,
    // Before the plugins that were passed in: they see our executor as the one to wrap or to replace.
    execution.plugin,
    events.writer,
    useMultipart({ maxFieldBytes: MAX_REQUEST_BYTES }),
    ...(introspection ? [] : [useHiddenSchema()]),
    ...plugins,
    persistedQueries.last,
    useReadableRefusals(),
    // Behind them: they may have set the request parser, or the writer of results.
    useBodyLimit({ maxBytes: MAX_REQUEST_BYTES, isLimited: (request) => requests.isInMemory(request) }),
    events.guard,
    compression.plugin,
    execution.marker,
  ];
  const { yoga, core } = openYoga(yogaOptions, all);
  const requests = createRequestFactory(core.fetchAPI);
  const runOperation = createOperationRunner({ yoga: core, hasBegun: execution.hasBegun, maskError });
  const yogasOwn = openYoga(yogaOptions, []).core.getEnveloped._plugins.length;
  const isHttpSeen = seesHttpRequests(plugins, core.getEnveloped._plugins, yogasOwn + all.length);
  const { waitUntil } = yoga;
  // Yoga takes any number of contexts, which its type does not say. Two are merged into one object; of one it would make
  // a slower chain of two.
  const handleRequest = yoga.handleRequest as (request: Request, ...contexts: readonly object[]) => Promise<Response>;
  const crossOriginHeaders = crossOriginHeadersFor(isAllowedOrigin);
  const smallJson = {
    requests,
    handle: (request: Request, context: ServerContext) => handleRequest(request, context, NOTHING),
    crossOriginHeaders,
    direct: isHttpSeen ? null : { run: runOperation, crossOriginHeaders, acceptedEncodings: compression.accepted },
  };
  return {
    async handle(req, res, identity) {
      const context = { req, res, identity, waitUntil };
      if (isPageRequest(req)) {
        for (const [name, value] of Object.entries(await graphiqlHeaders(imageOrigin))) res.setHeader(name, value);
      }
      if (isSmallJson(req)) return serveSmallJson(smallJson, context);
      setApiHeaders(res);
      await yoga(req, res, { identity });
    },
    run: (params, { req, identity }) =>
      runOperation({ params, request: requests.forOperation(req) }, { req, identity }),
    maskError,
  };
}

const NOTHING = {};

/** What concerns Yoga's HTTP side: addresses, pages of other origins, GraphiQL and the log. */
function httpOptions({
  graphiqlFor,
  isAllowedOrigin,
  logger,
}: GraphqlOptions): YogaServerOptions<ServerContext, object> {
  return {
    graphqlEndpoint: '/graphql',
    graphiql: (_, context) => (context === undefined ? false : graphiqlFor(context)),
    renderGraphiQL: renderGraphiql,
    landingPage: false,
    // In their place: useMultipart, useBodyLimit and useDocuments.
    parserAndValidationCache: false,
    multipart: false,
    maxRequestBodySize: false,
    // http/server.ts refused the origins that are not allowed before the request came here.
    cors: ({ headers }) => {
      const origin = headers.get('origin');
      if (origin === null || !isAllowedOrigin({ headers: { origin, host: headers.get('host') ?? '' } })) return false;
      return { origin, methods: CROSS_ORIGIN_METHODS, credentials: false, maxAge: CROSS_ORIGIN_MAX_AGE_SECONDS };
    },
    logging: createYogaLogging(logger),
  };
}

/** The same headers for requests that do not pass Yoga's HTTP side. */
function crossOriginHeadersFor(isAllowedOrigin: OriginCheck) {
  return (request: IncomingMessage): Readonly<Record<string, string>> => {
    const { origin } = request.headers;
    if (origin === undefined || !isAllowedOrigin(request)) return NOTHING;
    return {
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Methods': CROSS_ORIGIN_METHODS.join(', '),
      'Access-Control-Max-Age': String(CROSS_ORIGIN_MAX_AGE_SECONDS),
    };
  };
}
