/** The HTTP server with nothing behind it but what a test puts there. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import pino from 'pino';
import * as v from 'valibot';
import { schema } from '../../schema/index.ts';
import { unlimitedPrincipal } from '../../src/auth/authenticate.ts';
import { parseConfig } from '../../src/config/config.ts';
import { NETWORK_ENVIRONMENT, networkConfig } from '../../src/config/network.ts';
import { createGraphqlServer, type GraphqlOptions } from '../../src/graphql/server.ts';
import { serveWebSocket } from '../../src/graphql/transports/ws/server.ts';
import { createAdmission } from '../../src/http/admission/admission.ts';
import { createHttpServer, listen } from '../../src/http/server.ts';

export interface BareServerOptions {
  readonly keepAliveMs: number;
  /** What resolvers find in their context. */
  readonly contextFor: GraphqlOptions['contextFor'];
  /** Whose answers may be shared. */
  readonly audienceOf: GraphqlOptions['audienceOf'];
  readonly plugins?: readonly Plugin[];
  readonly settled?: () => Promise<void>;
}

export interface BareServer extends AsyncDisposable {
  readonly url: string;
  readonly server: Server;
}

export async function startBareServer(options: BareServerOptions): Promise<BareServer> {
  const { keepAliveMs, contextFor, audienceOf, plugins = [], settled = async () => undefined } = options;
  const logger = pino({ level: 'silent' });
  const isAllowedOrigin = () => true;
  const authenticate = async () => unlimitedPrincipal('somebody');
  const graphql = createGraphqlServer({
    schema,
    plugins,
    contextFor,
    audienceOf,
    cursorOf: () => null,
    graphiqlFor: async () => ({}),
    imageOrigin: null,
    isAllowedOrigin,
    limits: parseConfig({}).limits.operation,
    introspection: true,
    eventStream: { keepAliveMs, stopping: new AbortController().signal },
    settled,
    ended: () => {},
    logger,
  });
  // Nobody here asks for a picture.
  const images = () => Promise.reject(new Error('no pictures here'));
  const { connections } = networkConfig(v.parse(v.object(NETWORK_ENVIRONMENT), {}));
  const admission = createAdmission({ allowedHosts: ['*'], trustedProxies: [], connections });
  const server = createHttpServer({
    graphql,
    images,
    exports: images,
    page: { folder: import.meta.dirname, imageOrigin: null },
    authenticate,
    readiness: {},
    admission,
    isAllowedOrigin,
    admitsOrigin: isAllowedOrigin,
    logger,
  });
  const limits = { keepAliveMs, maxBufferedBytes: 1_000_000, maxOperationsPerSocket: 10 };
  const closeSockets = serveWebSocket({
    server,
    graphql,
    authenticate,
    admission,
    admitsOrigin: isAllowedOrigin,
    limits,
    logger,
  });
  const url = await listen(server, '127.0.0.1', 0);
  return {
    url,
    server,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      await closeSockets();
      server.closeAllConnections();
      await closed;
    },
  };
}
