/** The answers to clients that may not do what they ask for: 401, 403, 429, and 503 when that cannot be found out. */
import type { ServerResponse } from 'node:http';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../auth/authenticate.ts';
import { ForbiddenError, RateLimitedError, secondsUntilRetry } from '../domain/errors.ts';
import type { Refuse } from './refuse.ts';

/** When a client may ask again while the credentials cannot be checked. */
const RETRY_AFTER_SECONDS = 5;

/** Answers when the error is about credentials. @returns whether it is */
export type RefuseCredentials = (response: ServerResponse, error: unknown) => boolean;

export function createRefuseCredentials(refuse: Refuse): RefuseCredentials {
  return (response, error) => {
    const answer = answerTo(error);
    if (answer === null) return false;
    const headers = { ...answer.headers, Vary: 'Origin' };
    if (!response.headersSent) for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    refuse(response, answer.status, answer.refusal);
    return true;
  };
}

/** Whether `RefuseCredentials` answers this error. */
export function isAboutCredentials(error: unknown): boolean {
  return answerTo(error) !== null;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly refusal: { readonly message: string; readonly code: string };
}

function answerTo(error: unknown): Answer | null {
  if (error instanceof UnauthenticatedError) {
    const fault = error.fault === null ? {} : { error: error.fault, error_description: error.message };
    return { status: 401, headers: { 'WWW-Authenticate': challenge(fault) }, refusal: error };
  }
  if (error instanceof ForbiddenError) {
    const fault = { error: 'insufficient_scope', error_description: error.message, scope: error.scope };
    return { status: 403, headers: { 'WWW-Authenticate': challenge(fault) }, refusal: error };
  }
  if (error instanceof AuthenticationUnavailableError) {
    return { status: 503, headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) }, refusal: error };
  }
  if (error instanceof RateLimitedError) {
    const seconds = secondsUntilRetry(error, Date.now());
    return { status: 429, headers: seconds === null ? {} : { 'Retry-After': String(seconds) }, refusal: error };
  }
  return null;
}

/** What RFC 6750 does not allow within quotes. */
const UNQUOTABLE = /[^ !#-[\]-~]/gu;

/** The challenge of RFC 6750. */
function challenge(fault: Readonly<Record<string, string>>): string {
  const attributes = Object.entries({ realm: 'darkroom', ...fault });
  return `Bearer ${attributes.map(([name, value]) => `${name}="${value.replaceAll(UNQUOTABLE, "'")}"`).join(', ')}`;
}
