/** One HTTP server and its addresses. Each is served by a file of its own. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { type Authenticate, UnauthenticatedError } from '../auth/authenticate.ts';
import type { GraphqlServer } from '../graphql/server.ts';
import { type ReadinessChecks, serveHealth } from './health.ts';
import type { ImagesHandler } from './images.ts';
import type { OriginCheck } from './origins.ts';
import { refuse } from './refuse.ts';

export interface HttpOptions {
  readonly graphql: Pick<GraphqlServer, 'handle'>;
  readonly images: ImagesHandler;
  readonly authenticate: Authenticate;
  readonly readiness: ReadinessChecks;
  readonly isAllowedOrigin: OriginCheck;
  readonly logger: Logger;
}

const FOREIGN_ORIGIN = 'Pages of this origin may not use this API. Its operator can allow them with ALLOWED_ORIGINS.';

export function createHttpServer(options: HttpOptions): Server {
  const { graphql, images, authenticate, readiness, isAllowedOrigin, logger } = options;

  async function serveGraphql(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The headers of an answer depend on the origin that asks, so a shared cache must keep one for each.
    response.setHeader('Vary', 'Origin');
    if (!isAllowedOrigin(request)) return refuse(response, 403, { message: FOREIGN_ORIGIN });
    await graphql.handle(request, response, await authenticate(request));
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pathname = pathnameOf(request.url ?? '/');
    if (pathname === '/graphql') return serveGraphql(request, response);
    if (pathname.startsWith('/images/')) return images(request, response, pathname);
    if (await serveHealth(pathname, response, readiness)) return;
    if (pathname === '/') {
      response.writeHead(302, { Location: '/graphql' }).end();
      return;
    }
    refuse(response, 404, { message: 'There is nothing here. The API is at /graphql.' });
  }

  return createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      if (error instanceof UnauthenticatedError) return refuse(response, 401, error);
      logger.error({ err: error, url: request.url }, 'a request could not be answered');
      refuse(response, 500, { message: 'Something went wrong on this server.' });
    });
  });
}

/** The path without the query, percent-encoded as it was sent. */
function pathnameOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

/** The server cannot listen on its address. The message is one line for the operator. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/**
 * Listens and returns the URL that reaches the server from this machine.
 * @throws {ListenError} when the address is in use, not ours or not allowed
 */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new ListenError(`cannot listen on ${host}:${port}: ${LISTEN_PROBLEMS[cause.code ?? ''] ?? cause.message}`, {
          cause,
        }),
      );
    });
    server.listen(port, host, resolve);
  });
  // A server that listens on a port has an address of this type.
  const { port: actual } = server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${actual}`;
}

/** How long requests may take to be answered when the server stops. */
const FINISH_TIMEOUT_MS = 2_000;
const IDLE_CHECK_INTERVAL_MS = 50;

/**
 * Accepts no more connections and lets running requests have their answers: a client without an answer would send its
 * request again, and may buy an image twice. Connections that are open after a timeout are cut.
 */
export async function stopServing(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection that is kept alive after its last answer would keep the server from closing.
  const interval = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_INTERVAL_MS);
  const timeout = setTimeout(() => server.closeAllConnections(), FINISH_TIMEOUT_MS);
  await closed;
  clearInterval(interval);
  clearTimeout(timeout);
}

const LISTEN_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use. Stop the program that uses it, or set PORT to another port.',
  EACCES: 'this user may not listen on the port. Set PORT to a number above 1023.',
  EADDRNOTAVAIL: 'this machine has no such address. Set HOST to an address of this machine.',
  ENOTFOUND: 'there is no such host. Set HOST to an address of this machine.',
};
