/** What Yoga and its plugins know about an operation before its context is built. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../auth/authenticate.ts';

export interface ServerContext {
  /** The HTTP request, or the request that opened the WebSocket. */
  readonly req: IncomingMessage;
  /** Missing over WebSocket. */
  readonly res?: ServerResponse;
  /** Who is asking. Not named `principal`: resolvers find its id under that name in the same object. */
  readonly identity: Principal;
}
