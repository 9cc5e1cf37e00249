/**
 * The API key or token of `generate`. It comes from the environment only: other users of the machine can see the
 * arguments of a command.
 */
import type { Command } from '../command.ts';
import { UsageError } from '../usage-error.ts';

const VARIABLE = 'DARKROOM_API_KEY';

/**
 * Null when none is set.
 * @throws {UsageError} when it cannot be sent in a header. The message does not repeat it
 */
export function apiKeyOf(env: Parameters<Command>[1]): string | null {
  const apiKey = env[VARIABLE]?.trim() ?? '';
  if (apiKey === '') return null;
  if (/^[!-~]+$/u.test(apiKey)) return apiKey;
  throw new UsageError(`${VARIABLE} must be one API key or token, without spaces and line breaks`);
}

/** The value of the header, and of `connection_init`. */
export function authorizationOf(apiKey: string): string {
  return `Bearer ${apiKey}`;
}

/** What the server said against the credentials, if anything. */
export interface Refusal {
  /** The code of the error, for example UNAUTHENTICATED. */
  readonly code: unknown;
  readonly message: string;
  /** RFC 3339; null when the server does not say. */
  readonly retryAfter: string | null;
}

/** One line for the user; null when the refusal is about something else. */
export function describeRefusal(refusal: Refusal, url: string, apiKey: string | null): string | null {
  const { code, message, retryAfter } = refusal;
  switch (code) {
    case 'UNAUTHENTICATED':
      return apiKey === null
        ? `the server at ${url} requires an API key or token: set ${VARIABLE}`
        : `the server at ${url} does not accept ${VARIABLE}: ${message}`;
    case 'FORBIDDEN':
      return apiKey === null ? message : `${VARIABLE} does not allow this: ${message}`;
    case 'RATE_LIMITED':
      return retryAfter === null ? message : `${message} Try again after ${retryAfter}.`;
    default:
      return null;
  }
}
