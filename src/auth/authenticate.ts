/**
 * Who is asking. Every way into the server calls the same `Authenticate` function, and nothing else makes a principal:
 * GraphQL over HTTP and the bytes of images once per request, a WebSocket once per connection.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** The owner of calls, images and conversations; a client sees only what belongs to its own principal. */
export interface Principal {
  /** Stored with each row. It never changes for the same owner. */
  readonly id: string;
}

/** What a client presents to prove who it is. */
export interface Credentials {
  /** Of the HTTP request, or of the request that opened the WebSocket. */
  readonly headers: IncomingHttpHeaders;
  /** The payload of `connection_init`; only a WebSocket has one. */
  readonly connectionParams?: Readonly<Record<string, unknown>>;
}

/**
 * Finds the principal of a client. Implemented in `drivers/`.
 * @throws {UnauthenticatedError} when the credentials are missing or wrong
 */
export type Authenticate = (credentials: Credentials) => Promise<Principal>;

/** The credentials are missing or wrong. The message is shown to the client. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError';
  readonly code = 'UNAUTHENTICATED';
}
