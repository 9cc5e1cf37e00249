/**
 * Tells the operator which pages are refused, once each: a developer sees only that the browser calls it a CORS error. A
 * visitor can send any origin, so the log gets few of them.
 */
import type { Logger } from 'pino';
import type { OriginCheck } from './origins.ts';

const MAX_LOGGED = 20;
const MAX_CHARACTERS = 200;

/** @returns the same check, which logs what it refuses */
export function logRefusedOrigins(isAllowedOrigin: OriginCheck, logger: Pick<Logger, 'info'>): OriginCheck {
  const logged = new Set<string>();

  function tell(origin: string): void {
    if (logged.has(origin) || logged.size === MAX_LOGGED || origin.length > MAX_CHARACTERS) return;
    logged.add(origin);
    logger.info({ origin }, adviceOn(origin));
  }

  return (request) => {
    const isAllowed = isAllowedOrigin(request);
    if (!isAllowed) tell(request.headers.origin ?? '');
    return isAllowed;
  };
}

function adviceOn(origin: string): string {
  if (!URL.canParse(origin)) {
    return 'a page without an origin, such as a file or a sandboxed frame, was refused: serve it over HTTP';
  }
  return `a page of ${new URL(origin).origin} was refused: add this origin to ALLOWED_ORIGINS to allow its pages`;
}
