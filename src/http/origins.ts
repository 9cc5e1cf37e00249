/**
 * Whose pages may use the API from a browser: our own, those on loopback when we are on loopback (a frontend's
 * development server), and those that were allowed by name. Another page's request is refused before it does anything:
 * without authentication, whatever a browser on this machine sends would otherwise be done.
 */
import type { IncomingMessage } from 'node:http';

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

export type OriginCheck = (request: Pick<IncomingMessage, 'headers'>) => boolean;

/** @param options.allowed origins, or `*` for any */
export function createOriginCheck(options: { allowed: readonly string[]; onLoopback: boolean }): OriginCheck {
  const allowed = new Set(options.allowed);
  return ({ headers: { origin, host } }) => {
    // Only browsers send it, and they always do across origins.
    if (origin === undefined || allowed.has('*') || allowed.has(origin)) return true;
    // A sandboxed frame, a file: they have no origin to allow.
    if (!URL.canParse(origin)) return false;
    const page = new URL(origin);
    return page.host === host || (options.onLoopback && LOOPBACK_HOSTS.has(page.hostname));
  };
}
