/**
 * Which part of the server answers a request, and who may ask it. A route that says nothing about access requires
 * credentials, so a new one is closed until somebody decides otherwise.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ANONYMOUS, type Authenticate, type Principal, UnauthenticatedError } from '../auth/authenticate.ts';

/**
 * - `credentials`: only clients with valid credentials.
 * - `optional`: everybody; a client without credentials is `ANONYMOUS`, and wrong ones are refused.
 * - `anyone`: everybody; credentials are not looked at, and the client is `ANONYMOUS`.
 */
export type Access = 'credentials' | 'optional' | 'anyone';

export interface Route {
  /** @param pathname without the query, percent-encoded as it was sent */
  readonly matches: (pathname: string, request: IncomingMessage) => boolean;
  readonly access?: Access;
  readonly serve: (
    request: IncomingMessage,
    response: ServerResponse,
    identity: Principal,
    pathname: string,
  ) => Promise<void> | void;
}

/** Resolves with false when no route matches. @throws what `authenticate` and the route throw */
export type Router = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** @param routes in this order: the first one that matches answers */
export function createRouter(routes: readonly Route[], authenticate: Authenticate): Router {
  return async (request, response) => {
    const pathname = pathnameOf(request.url ?? '/');
    const route = routes.find(({ matches }) => matches(pathname, request));
    if (route === undefined) return false;
    const identity = identify(route, request, authenticate);
    await route.serve(request, response, identity instanceof Promise ? await identity : identity, pathname);
    return true;
  };
}

function identify(
  { access = 'credentials' }: Route,
  request: IncomingMessage,
  authenticate: Authenticate,
): Principal | Promise<Principal> {
  if (access === 'anyone') return ANONYMOUS;
  return access === 'optional' ? identifyIfAsked(request, authenticate) : authenticate(request);
}

async function identifyIfAsked(request: IncomingMessage, authenticate: Authenticate): Promise<Principal> {
  try {
    return await authenticate(request);
  } catch (error) {
    if (error instanceof UnauthenticatedError && error.fault === null) return ANONYMOUS;
    throw error;
  }
}

/** The path without the query, percent-encoded as it was sent. A query may contain a signature, or a prompt. */
export function pathnameOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}
