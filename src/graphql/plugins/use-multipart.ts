/**
 * Uploads by the GraphQL multipart request specification (https://github.com/jaydenseric/graphql-multipart-request-spec),
 * in place of Yoga's own reader, which holds every file in memory. Here no file is held: the operation starts when its
 * file begins to arrive, and takes the bytes from the connection as fast as it can store them
 * (docs/decisions/2026-11-24-uploads.md).
 */
import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { ServerContext } from '../server-context.ts';
import { type MultipartOptions, receiveMultipart } from '../transports/multipart/receive.ts';

/**
 * After an answer, the rest of an unwanted body is read for this long: closing the connection at once would make some
 * clients lose the answer too.
 */
const LINGER_MS = 2_000;

export function useMultipart(options: MultipartOptions): Plugin<object, ServerContext> {
  return {
    onRequest({ request, setRequest, fetchAPI }) {
      if (!isMultipart(request)) return;
      // Without its body, which is read from node:http, and without its length, which Yoga would hold against a limit.
      const headers = new fetchAPI.Headers(request.headers);
      headers.delete('content-length');
      setRequest(new fetchAPI.Request(request.url, { method: 'POST', headers, signal: request.signal }));
    },
    onRequestParse({ request, serverContext, setRequestParser }) {
      if (!isMultipart(request)) return;
      setRequestParser(() => {
        const { req, res } = serverContext;
        res?.once('finish', () => discardRest(req));
        return receiveMultipart(req, options);
      });
    },
  };
}

function isMultipart({ method, headers }: Pick<Request, 'method' | 'headers'>): boolean {
  return method === 'POST' && /^\s*multipart\/form-data\s*(;|$)/iu.test(headers.get('content-type') ?? '');
}

/** Reads what still arrives after the answer, and cuts the connection when that does not end soon. */
function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.unpipe();
  request.resume();
  const timeout = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(timeout));
}
