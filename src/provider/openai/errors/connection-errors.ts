/** Maps failed connections: never established, timed out, lost. */
import type { ProviderError } from '../../image-provider.ts';
import { asList, asObject, type JsonObject } from '../json-values.ts';
import type { BodyEnd } from '../stream/watched-body.ts';
import type { ErrorMapping } from './error-table.ts';
import { type RunFacts, runFailure } from './run-failure.ts';

export const NOT_SENT: ErrorMapping = {
  code: 'UPSTREAM_UNAVAILABLE',
  retryable: true,
  message: 'This server could not connect to the upstream.',
};

export const NO_ANSWER: ErrorMapping = {
  code: 'TIMED_OUT',
  retryable: true,
  message: 'The upstream sent nothing for too long. It may still be making the image.',
};

const ONLY_COMMENTS: ErrorMapping = {
  code: 'TIMED_OUT',
  retryable: true,
  message: 'The upstream only kept its connection open for too long. It may still be making the image.',
};

export const CONNECTION_LOST: ErrorMapping = {
  code: 'OUTCOME_UNKNOWN',
  retryable: true,
  message: 'The connection to the upstream was lost. Whether the image was made is unknown.',
};

/** A body that ended, or timed out, before it was complete. */
export function lostBody(end: BodyEnd, facts: RunFacts): ProviderError {
  if (end.how === 'idle') return runFailure(end.onlyComments ? ONLY_COMMENTS : NO_ANSWER, 'LOST', facts);
  if (end.how !== 'broken') return runFailure(CONNECTION_LOST, 'LOST', facts);
  return runFailure(isBodyTimeout(end.cause) ? NO_ANSWER : CONNECTION_LOST, 'LOST', facts, { cause: end.cause });
}

/** Whether the connection failed before the request was sent, so that the upstream cannot have done anything. */
export function neverConnected(error: Error): boolean {
  return causesOf(error).some(failedBeforeSending);
}

/**
 * System calls that run before there is a connection. The error code alone is not enough: EHOSTUNREACH, for one, also
 * ends an established connection, when the upstream may have received the request.
 */
const SYSCALLS_BEFORE_CONNECTION: ReadonlySet<unknown> = new Set(['getaddrinfo', 'connect']);

/** Failures to connect, or of TLS, that name no system call. The request had not been sent. */
const CODES_BEFORE_SENDING: ReadonlySet<unknown> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function failedBeforeSending({ code, syscall, errors }: JsonObject): boolean {
  if (SYSCALLS_BEFORE_CONNECTION.has(syscall) || CODES_BEFORE_SENDING.has(code)) return true;
  // An AggregateError: several addresses were tried, and each failed with its own error.
  const attempts = asList(errors);
  return attempts.length > 0 && attempts.every((attempt) => failedBeforeSending(asObject(attempt) ?? {}));
}

/** Whether undici itself timed out while it waited for the next bytes of the body. */
function isBodyTimeout(error: unknown): boolean {
  return causesOf(error).some((cause) => cause['code'] === 'UND_ERR_BODY_TIMEOUT');
}

/** The error and its causes. The SDK and fetch each wrap the error that says what happened. */
function causesOf(error: unknown): JsonObject[] {
  const causes: JsonObject[] = [];
  for (let cause = asObject(error); cause !== null && causes.length < 8; cause = asObject(cause['cause'])) {
    causes.push(cause);
  }
  return causes;
}
