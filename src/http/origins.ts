/**
 * The origins whose pages may use the API from a browser: the server's own, any on loopback when the server is on loopback
 * (a frontend's development server), and those in ALLOWED_ORIGINS. Requests of other pages are refused before they do
 * anything: without authentication, any page that a browser on this machine opens could use the API
 * (docs/decisions/2026-11-23-origins.md).
 */
import type { IncomingMessage } from 'node:http';

/** Browsers resolve names below `localhost` to loopback (RFC 6761), and the whole of 127.0.0.0/8 is this machine. */
const LOOPBACK_HOST = /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u;

/** What a page of another origin is told, over HTTP and at the upgrade to a WebSocket. */
export const FOREIGN_ORIGIN =
  'Pages of this origin may not use this API. Its operator can allow them with ALLOWED_ORIGINS.';

export type OriginCheck = (request: Pick<IncomingMessage, 'headers'>) => boolean;

/** @param options.allowed origins, or `*` for any */
export function createOriginCheck(options: { allowed: readonly string[]; onLoopback: boolean }): OriginCheck {
  const allowed = new Set(options.allowed);
  return ({ headers: { origin, host } }) => {
    // Only browsers send this header, and they always send it to another origin.
    if (origin === undefined || allowed.has('*') || allowed.has(origin)) return true;
    // Sandboxed frames and files send `null`: no origin that could be allowed.
    if (!URL.canParse(origin)) return false;
    const page = new URL(origin);
    return page.host === host || (options.onLoopback && LOOPBACK_HOST.test(page.hostname));
  };
}

const NOTHING = {};

/** What lets a page of an allowed origin read an answer. Without it, the page sees a network error in place of the answer. */
export function crossOriginHeaders(
  request: Pick<IncomingMessage, 'headers'>,
  isAllowedOrigin: OriginCheck,
): Readonly<Record<string, string>> {
  const { origin } = request.headers;
  if (origin === undefined || !isAllowedOrigin(request)) return NOTHING;
  return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': 'WWW-Authenticate, Retry-After' };
}
