/** What is served: the schema over HTTP, server-sent events and WebSocket, image files and health. */
import type { IncomingMessage, Server } from 'node:http';
import { join } from 'node:path';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Context } from '../../schema/context.ts';
import { schema } from '../../schema/index.ts';
import { encodeGlobalId } from '../../schema/relay/global-id.ts';
import { forgetChecks } from '../../schema/scopes.ts';
import type { Authenticate } from '../auth/authenticate.ts';
import type { ClientTokenFormat } from '../auth/client-token-format.ts';
import { authenticateNobody } from '../auth/drivers/none/authenticate.ts';
import type { SigningKeys } from '../auth/signing-keys.ts';
import type { Config } from '../config/config.ts';
import { isLoopback } from '../config/loopback.ts';
import { cursorOf, type LogEvent } from '../domain/archive-event.ts';
import { audienceOf } from '../graphql/audience.ts';
import { graphiqlOptions } from '../graphql/graphiql/tabs.ts';
import { createGraphqlServer } from '../graphql/server.ts';
import { serveWebSocket } from '../graphql/transports/ws/server.ts';
import { createAdmission } from '../http/admission/admission.ts';
import { createOriginCheck } from '../http/origins.ts';
import { logRefusedOrigins } from '../http/refused-origins.ts';
import { createHttpServer } from '../http/server.ts';
import { createContextFactory } from './context.ts';
import { createExportServing } from './export-serving.ts';
import { createImageServing } from './image-serving.ts';
import type { Services } from './services.ts';
import type { OpenStorage } from './storage.ts';
import type { OpenUpstream } from './upstream.ts';

/** Where web/build.ts puts the page. */
export const PAGE_FOLDER = join(import.meta.dirname, '../../web/dist');

export interface ServeOptions {
  readonly config: Config;
  readonly storage: OpenStorage;
  readonly upstream: OpenUpstream;
  readonly services: Services;
  readonly signing: { readonly keys: SigningKeys; readonly clientTokenFormat: ClientTokenFormat };
  readonly plugins: readonly Plugin[];
  readonly authenticate: Authenticate;
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal;
  readonly logger: Logger;
}

/** @returns the server, which does not listen yet, and what closes its WebSockets */
export function createServer(options: ServeOptions): { server: Server; closeSockets: () => Promise<void> } {
  const { config, storage, services, plugins, stopping, logger } = options;
  const { first, last } = services.limits.plugins;
  const authenticate = services.limits.limitFailures(options.authenticate);
  const limits = config.subscribers;
  const isAllowedOrigin = createOriginCheck({ allowed: config.allowedOrigins, onLoopback: isLoopback(config.host) });
  const admitsOrigin = logRefusedOrigins(isAllowedOrigin, logger);
  const originOf = ({ headers }: IncomingMessage) => config.publicUrl ?? `http://${headers.host ?? 'localhost'}`;
  const imageOrigin = config.publicUrl === null ? null : new URL(config.publicUrl).origin;
  const signingKeys = options.authenticate === authenticateNobody ? null : options.signing.keys;
  const serving = { ...options, signingKeys, authenticate, isAllowedOrigin };
  const { images, urlFor } = createImageServing(serving);
  const { exports, exportUrlFor } = createExportServing(serving);
  const introspection = allowsIntrospection(config);
  const needs = { needsCredentials: signingKeys !== null, introspection };
  const contextFor = createContextFactory({ ...options, originOf, urlFor, exportUrlFor });
  const graphql = createGraphqlServer({
    schema,
    plugins: [first, ...plugins, last],
    contextFor,
    audienceOf: ({ req, identity }) => audienceOf(identity, originOf(req)),
    // Every subscription of the schema yields events of the log.
    cursorOf: (event) => cursorOf(event as LogEvent),
    graphiqlFor: async (context) => graphiqlOptions({ ...(await newestFor(contextFor(context))), ...needs }),
    imageOrigin,
    isAllowedOrigin,
    limits: config.limits.operation,
    introspection,
    eventStream: { keepAliveMs: limits.keepAliveMs, stopping },
    settled: storage.settled,
    ended: forgetChecks,
    logger,
  });
  const readiness = { serving: async () => stopping.throwIfAborted(), ...storage.checks };
  const { trustedProxies, connections } = config.network;
  const admission = createAdmission({ allowedHosts: servedHosts(config), trustedProxies, connections });
  const server = createHttpServer({
    graphql,
    images,
    exports,
    page: { folder: PAGE_FOLDER, imageOrigin },
    authenticate,
    readiness,
    admission,
    isAllowedOrigin,
    admitsOrigin,
    logger,
  });
  const closeSockets = serveWebSocket({ server, graphql, authenticate, admission, admitsOrigin, limits, logger });
  return { server, closeSockets };
}

/** Without authentication nobody is kept from anything, and the schema is no secret. */
function allowsIntrospection({ auth, network: { introspection } }: Config): boolean {
  return introspection === 'auto' ? auth.modes.length === 0 : introspection === 'on';
}

const EVERY_INTERFACE: ReadonlySet<string> = new Set(['0.0.0.0', '::', '[::]']);

/** The hosts that are served besides those of loopback: links lead to PUBLIC_URL, and HOST is printed at the start. */
function servedHosts({ host, publicUrl, allowedOrigins, network }: Config): readonly string[] {
  const hostOf = (url: string) => new URL(url).hostname;
  const ofOrigins = allowedOrigins.filter((origin) => origin !== '*').map(hostOf);
  return [
    ...(network.allowedHosts ?? ofOrigins),
    ...(publicUrl === null ? [] : [hostOf(publicUrl)]),
    ...(EVERY_INTERFACE.has(host) ? [] : [host]),
  ];
}

/** GraphiQL opens with the newest call and the newest image in its variables. */
async function newestFor({ reader, identity }: Context) {
  if (!identity.scopes.has('READ')) return { callId: null, imageId: null };
  const newest = { limit: 1, inverted: false, direction: 'DESC' } as const;
  const [[call], [image]] = await Promise.all([reader.calls({}, newest), reader.images({}, newest)]);
  return {
    callId: call === undefined ? null : encodeGlobalId('GenerationCall', call.id),
    imageId: image === undefined ? null : encodeGlobalId('Image', image.id),
  };
}
