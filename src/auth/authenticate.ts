/**
 * Who is asking. Every way into the server calls the same `Authenticate` function, and nothing else makes a principal:
 * GraphQL over HTTP and the bytes of images once per request, a WebSocket once per connection.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Restriction } from '../domain/access/restriction.ts';
import { ALL_SCOPES, type Scope } from '../domain/access/scope.ts';

/** The owner of calls, images and conversations; a client sees only what belongs to its own principal. */
export interface Principal {
  /** Stored with each row. It never changes for the same owner. */
  readonly id: string;
  /** What the presented credentials allow. */
  readonly scopes: ReadonlySet<Scope>;
  /**
   * Names the credentials, for logs, rates and budgets: `key:<id of the key>` or `jwt`, for a client token those that
   * created it; null without authentication. Never a secret.
   */
  readonly credential: string | null;
  /** The only conversation, or the only call, that the credentials give access to; null for everything of the principal. */
  readonly only: Restriction | null;
  /** When the credentials end, in milliseconds since 1970, where that is known in advance. */
  readonly endsAtMs?: number;
  /**
   * Calls `onEnd` once when the credentials end: they expire or are revoked. Only what lasts (a socket, an event stream)
   * watches. @returns a function that stops watching
   */
  watchEnd(onEnd: () => void): () => void;
}

/** What a client presents to prove who it is. */
export interface Credentials {
  /** Of the HTTP request, or of the request that opened the WebSocket. */
  readonly headers: IncomingHttpHeaders;
  /** The payload of `connection_init`; only a WebSocket has one. */
  readonly connectionParams?: Readonly<Record<string, unknown>>;
  /** What they came over, to count failures by address (src/limits/failed-authentications.ts). */
  readonly socket?: Socket;
}

/**
 * Finds the principal of a client; at once when that takes no waiting, as for most requests. Implemented in `drivers/`.
 * @throws {UnauthenticatedError} when the credentials are missing or wrong
 * @throws {AuthenticationUnavailableError} when they cannot be checked now
 */
export type Authenticate = (credentials: Credentials) => Principal | Promise<Principal>;

/** What is wrong with the credentials, as RFC 6750 calls it; null when there are none. */
export type AuthenticationFault = 'invalid_request' | 'invalid_token' | null;

/** The credentials are missing or wrong. The message is shown to the client and repeats nothing of the credentials. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError';
  readonly code = 'UNAUTHENTICATED';
  readonly fault: AuthenticationFault;

  constructor(message: string, fault: AuthenticationFault = null) {
    super(message);
    this.fault = fault;
  }
}

/** The credentials may be right, but what they are checked with is out of reach. The message is shown to the client. */
export class AuthenticationUnavailableError extends Error {
  override readonly name = 'AuthenticationUnavailableError';
  readonly code = 'AUTHENTICATION_UNAVAILABLE';
}

const NOTHING = () => {};

/** A client without credentials, for what everybody may see. It owns nothing and has no scope. */
export const ANONYMOUS: Principal = {
  id: '',
  scopes: new Set(),
  credential: null,
  only: null,
  watchEnd: () => NOTHING,
};

/** Everything of the principal, forever: for a server without authentication, and for tests. */
export function unlimitedPrincipal(id: string): Principal {
  return { id, scopes: ALL_SCOPES, credential: null, only: null, watchEnd: () => NOTHING };
}
