/** What is served: the schema over HTTP, server-sent events and WebSocket, image files and health. */
import type { IncomingMessage, Server } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Context } from '../../schema/context.ts';
import { encodeGlobalId } from '../../schema/global-id.ts';
import { schema } from '../../schema/index.ts';
import type { Authenticate } from '../auth/authenticate.ts';
import { type Config, isLoopback } from '../config/config.ts';
import { findPicture } from '../db/queries/image-files.ts';
import { createReader } from '../db/reader.ts';
import { dataUriOf } from '../domain/data-uri.ts';
import { deliverOneAtATime } from '../events/one-at-a-time.ts';
import type { EventStreams } from '../events/streams.ts';
import { graphiqlOptions } from '../graphql/graphiql.ts';
import { createGraphqlServer } from '../graphql/server.ts';
import type { ServerContext } from '../graphql/server-context.ts';
import { serveWebSocket } from '../graphql/transports/ws/server.ts';
import { createImagesHandler } from '../http/images.ts';
import { createOriginCheck } from '../http/origins.ts';
import { createHttpServer } from '../http/server.ts';
import type { Services } from './services.ts';
import type { OpenStorage } from './storage.ts';
import type { OpenUpstream } from './upstream.ts';

export interface ServeOptions {
  readonly config: Config;
  readonly storage: OpenStorage;
  readonly upstream: OpenUpstream;
  readonly services: Services;
  readonly plugins: readonly Plugin[];
  readonly authenticate: Authenticate;
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal;
  readonly logger: Logger;
}

/** @returns the server, which does not listen yet, and what closes its WebSockets */
export function createServer(options: ServeOptions): { server: Server; closeSockets: () => Promise<void> } {
  const { config, storage, plugins, authenticate, stopping, logger } = options;
  const { db, blobs, checks } = storage;
  const limits = config.subscribers;
  const isAllowedOrigin = createOriginCheck({ allowed: config.allowedOrigins, onLoopback: isLoopback(config.host) });
  const originOf = ({ headers }: IncomingMessage) => config.publicUrl ?? `http://${headers.host ?? 'localhost'}`;
  const contextFor = createContextFactory(options, originOf);
  const graphql = createGraphqlServer({
    schema,
    plugins,
    contextFor,
    audienceOf: ({ req, identity }) => `${identity.id} ${originOf(req)}`,
    graphiqlFor: (context) => graphiqlTabsFor(contextFor(context)),
    isAllowedOrigin,
    limits: config.limits.operation,
    eventStream: { keepAliveMs: limits.keepAliveMs, stopping },
    settled: storage.settled,
    logger,
  });
  const images = createImagesHandler({
    blobs,
    find: (principal, id) => findPicture(db, principal, id),
    authenticate,
    report: (error) => logger.error({ err: error }, 'an image could not be served'),
  });
  const readiness = { serving: async () => stopping.throwIfAborted(), ...checks };
  const server = createHttpServer({ graphql, images, authenticate, readiness, isAllowedOrigin, logger });
  const closeSockets = serveWebSocket({ server, graphql, authenticate, isAllowedOrigin, limits, logger });
  return { server, closeSockets };
}

/** What resolvers reach, for each operation. */
function createContextFactory(
  { config, storage, upstream, services }: ServeOptions,
  originOf: (request: IncomingMessage) => string,
): (context: ServerContext) => Context {
  const { engine, imageService, uploads, validator, estimates } = services;
  // One for each connection: all operations of a WebSocket share the request that opened it.
  const streamsByConnection = new WeakMap<IncomingMessage, EventStreams>();

  function streamsOf(request: IncomingMessage): EventStreams {
    const streams = streamsByConnection.get(request) ?? deliverOneAtATime(engine.eventStreams);
    streamsByConnection.set(request, streams);
    return streams;
  }

  return ({ req: request, identity }) => ({
    principal: identity.id,
    identity,
    origin: originOf(request),
    reader: createReader(storage.db, identity.id),
    startCommands: engine.startCommands,
    cancellations: engine.cancellations,
    uploads,
    queue: engine.queue,
    eventStreams: streamsOf(request),
    imageService,
    dataUriOf,
    upstream: upstream.info,
    prices: config.prices,
    validator,
    estimates,
  });
}

/** GraphiQL opens with the newest call and the newest image in its variables. */
async function graphiqlTabsFor({ reader }: Context) {
  const newest = { limit: 1, inverted: false, direction: 'DESC' } as const;
  const [[call], [image]] = await Promise.all([reader.calls({}, newest), reader.images({}, newest)]);
  return graphiqlOptions({
    callId: call === undefined ? null : encodeGlobalId('GenerationCall', call.id),
    imageId: image === undefined ? null : encodeGlobalId('Image', image.id),
  });
}
