/** One HTTP server and its addresses; each is served by a file of its own. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { crossOriginHeaders, type GraphqlServer, maskError } from '../graphql/server.ts';
import { createJsonOperations } from '../graphql/transports/json-post.ts';
import { type ReadinessChecks, serveHealth } from './health.ts';
import type { ImagesHandler } from './images.ts';
import type { OriginCheck } from './origins.ts';

export interface HttpOptions {
  readonly graphql: GraphqlServer;
  readonly schema: GraphQLSchema;
  readonly images: ImagesHandler;
  readonly readiness: ReadinessChecks;
  readonly isAllowedOrigin: OriginCheck;
  readonly logger: Logger;
}

export function createHttpServer({ graphql, schema, images, readiness, isAllowedOrigin, logger }: HttpOptions): Server {
  const jsonOperations = createJsonOperations({
    graphql,
    schema,
    crossOriginHeaders,
    mask: (error) => maskError(error, logger),
  });

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pathname = pathnameOf(request.url ?? '/');
    if (pathname === '/graphql') {
      // Who may read an answer depends on who asks: no cache may give it to another page.
      response.setHeader('Vary', 'Origin');
      if (!isAllowedOrigin(request)) return refuse(response, 403, FOREIGN_ORIGIN);
      if (!(await jsonOperations(request, response))) await graphql.handle(request, response, { req: request });
      return;
    }
    if (pathname.startsWith('/images/')) return images(request, response, pathname);
    if (await serveHealth(pathname, response, readiness)) return;
    if (pathname === '/') {
      response.writeHead(302, { Location: '/graphql' }).end();
      return;
    }
    refuse(response, 404, 'There is nothing here. The API is at /graphql.');
  }

  return createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      logger.error({ err: error, url: request.url }, 'a request could not be answered');
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'Something went wrong on this server.');
    });
  });
}

const FOREIGN_ORIGIN = 'Pages of this origin may not use this API. Its operator can allow them with ALLOWED_ORIGINS.';

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify({ errors: [{ message }] }));
}

/** The path as it was sent, still percent-encoded, without the query. */
function pathnameOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

/** Thrown when the address cannot be listened on: a message for the operator, one line. */
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
  // A server that listens on a port has an address of this kind.
  const { port: actual } = server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${actual}`;
}

/** How long the answers that were begun may take to go out when the server stops. */
const FINISH_TIMEOUT_MS = 2_000;
const LOOK_EVERY_MS = 50;

/**
 * Takes no more connections and lets the requests that were begun have their answers: who got none would have to ask
 * again, and may buy again. What is still open after a while is cut.
 */
export async function stopServing(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection that is kept alive behind its last answer would hold the server up.
  const looking = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS);
  const late = setTimeout(() => server.closeAllConnections(), FINISH_TIMEOUT_MS);
  await closed;
  clearInterval(looking);
  clearTimeout(late);
}

const LISTEN_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use. Stop what uses it, or set PORT to another one.',
  EACCES: 'the port needs more rights. Set PORT to one above 1023.',
  EADDRNOTAVAIL: 'this machine has no such address. Set HOST to one that it has.',
  ENOTFOUND: 'there is no such host. Set HOST to an address of this machine.',
};
