/** One HTTP server and its addresses. Each is served by a file of its own. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Authenticate } from '../auth/authenticate.ts';
import { isPageRequest } from '../graphql/graphiql/page.ts';
import type { GraphqlServer } from '../graphql/server.ts';
import type { Admission } from './admission/admission.ts';
import { guardConnections, timeoutOptions } from './admission/connections.ts';
import { graphqlRequestProblem } from './cross-site.ts';
import type { ExportHandler } from './export/export.ts';
import { GRAPHIQL_FILES_PATH, serveGraphiqlFile } from './graphiql-files.ts';
import { HEALTH_PATHS, type ReadinessChecks, serveHealth } from './health.ts';
import type { ImagesHandler } from './images/images.ts';
import { FOREIGN_ORIGIN, type OriginCheck } from './origins.ts';
import { type PageOptions, pageRoutes } from './page-files.ts';
import { createRefuse, type Refuse, refuseWithText } from './refuse.ts';
import { createRefuseCredentials } from './refuse-credentials.ts';
import { createRouter, pathnameOf, type Route } from './routes.ts';

export interface HttpOptions {
  readonly graphql: Pick<GraphqlServer, 'handle'>;
  readonly images: ImagesHandler;
  readonly exports: ExportHandler;
  readonly page: PageOptions;
  readonly authenticate: Authenticate;
  readonly readiness: ReadinessChecks;
  readonly admission: Admission;
  /** Which pages can read an answer. */
  readonly isAllowedOrigin: OriginCheck;
  /** The same, asked for each request that is refused when it says no. */
  readonly admitsOrigin: OriginCheck;
  readonly logger: Logger;
}

const RETRY_AFTER_SECONDS = 5;
const TOO_MANY_STREAMS = {
  message: 'Your address has too many event streams open (MAX_EVENT_STREAMS_PER_ADDRESS). Close some first.',
  code: 'TOO_MANY_EVENT_STREAMS',
};

export function createHttpServer(options: HttpOptions): Server {
  const { authenticate, admission, isAllowedOrigin, logger } = options;
  const { checkRequest, connections } = admission;
  const refuse = createRefuse(isAllowedOrigin);
  const route = createRouter(routesOf(options, refuse), authenticate);
  const refuseCredentials = createRefuseCredentials(refuse);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const problem = checkRequest(request);
    if (problem !== null) return refuseWithText(response, problem.status, problem.message);
    if (await route(request, response)) return;
    refuse(response, 404, { message: 'There is nothing here. The API is at /graphql.' });
  }

  const server = createServer({ ...timeoutOptions(connections), shouldUpgradeCallback: isWebSocket });
  const guard = guardConnections(server, connections, refuse);
  return server.on('request', (request, response) => {
    if (guard.isRefused(request.socket)) return;
    if (hasBody(request)) guard.watchBody(request, response);
    answer(request, response).catch((error: unknown) => {
      if (refuseCredentials(response, error)) return;
      // Without the query, which may hold an operation with its variables, or a signature.
      const path = pathnameOf(request.url ?? '/');
      logger.error({ err: error, method: request.method, path }, 'a request could not be answered');
      refuse(response, 500, { message: 'Something went wrong on this server.' });
    });
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/** Other protocols are not offered: such a request is answered as if it had not asked, as RFC 9110 allows. */
function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** Every address of the server, with who may use it. */
function routesOf(options: HttpOptions, refuse: Refuse): readonly Route[] {
  const { images, exports, page, readiness } = options;
  const serveGraphql = createGraphqlRoute(options, refuse);
  return [
    // Browsers ask this without credentials before they send a request with them.
    {
      matches: (path, { method }) => path === '/graphql' && method === 'OPTIONS',
      access: 'anyone',
      serve: serveGraphql,
    },
    // A browser opens the page without credentials. The page asks for them, and sends them with every operation.
    {
      matches: (path, request) => path === '/graphql' && isPageRequest(request),
      access: 'optional',
      serve: serveGraphql,
    },
    { matches: (path) => path === '/graphql', serve: serveGraphql },
    {
      matches: (path) => path.startsWith('/images/'),
      // The handler authenticates.
      access: 'anyone',
      serve: (request, response, _, path) => images(request, response, path),
    },
    {
      matches: (path) => path.startsWith(GRAPHIQL_FILES_PATH),
      access: 'anyone',
      serve: (request, response, _, path) => serveGraphiqlFile(request, response, path),
    },
    {
      matches: (path) => path.startsWith('/export/'),
      // The handler authenticates.
      access: 'anyone',
      serve: (request, response, _, path) => exports(request, response, path),
    },
    {
      matches: (path) => HEALTH_PATHS.has(path),
      access: 'anyone',
      serve: (_, response, __, path) => serveHealth(path, response, readiness),
    },
    ...pageRoutes(page),
  ];
}

/** Answers `/graphql`, after everything that says whether the request may be answered. */
function createGraphqlRoute({ graphql, admission, admitsOrigin }: HttpOptions, refuse: Refuse): Route['serve'] {
  const { eventStreams, addressOf } = admission;
  return async (request, response, identity) => {
    if (!admitsOrigin(request)) return refuse(response, 403, { message: FOREIGN_ORIGIN });
    const problem = graphqlRequestProblem(request);
    if (problem !== null) {
      for (const [name, value] of Object.entries(problem.headers ?? {})) response.setHeader(name, value);
      return refuse(response, problem.status, problem);
    }
    if (request.headers.accept?.includes('text/event-stream') === true) {
      const leave = eventStreams.enter(addressOf(request));
      if (leave === null) {
        response.setHeader('Retry-After', RETRY_AFTER_SECONDS);
        return refuse(response, 429, TOO_MANY_STREAMS);
      }
      response.once('close', leave);
    }
    await graphql.handle(request, response, identity);
  };
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
