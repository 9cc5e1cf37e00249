/**
 * `Last-Event-ID`: what a client of server-sent events, which reconnects by itself, received last. A browser's EventSource
 * repeats its URL, and with it the `after` of its first request, so the header wins (PROTOCOL.md).
 */
import type { ServerContext } from '../server-context.ts';

/**
 * The id of `complete`. It is no cursor: whoever has received it has received everything, and is answered with 204, which
 * is what stops an EventSource.
 */
export const END_ID = 'end';

/** Null over WebSocket, whose headers belong to no operation, and when there is none. */
export function lastEventIdOf({ req, res }: Pick<ServerContext, 'req' | 'res'>): string | null {
  const header = req.headers['last-event-id'];
  return res === undefined || typeof header !== 'string' || header === '' ? null : header;
}
