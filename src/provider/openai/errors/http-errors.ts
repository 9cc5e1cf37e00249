/**
 * What a request to the upstream was turned down with, before any stream: an HTTP error, or a connection that failed.
 * Of a create the question is whether something was bought; of a reading, whether to ask again.
 */
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import type { ProviderError, ProviderErrorKind } from '../../image-provider.ts';
import { asList, asObject, asText, type JsonObject } from '../json-values.ts';
import { readReport } from './error-report.ts';
import { type ErrorMapping, mapError } from './error-table.ts';
import { retryAfter } from './retry-after.ts';
import { CONNECTION_LOST, NO_ANSWER, NOTHING_KNOWN, type RunFacts, runFailure } from './run-failure.ts';
import type { RequestFeatures } from './unsupported-features.ts';

/**
 * What a create rejected with. Anything that is not the upstream's is returned as it is.
 * An abort is this folder's own deadline here: one by the owner of the run is told before it comes to this.
 */
export function mapCreateError(error: unknown, request: RequestFeatures, nowMs: number): unknown {
  if (error instanceof APIUserAbortError) return runFailure(NO_ANSWER, 'LOST', NOTHING_KNOWN, { cause: error });
  if (error instanceof APIConnectionError) {
    if (neverConnected(error)) return runFailure(NOT_SENT, 'NOTHING_BOUGHT', NOTHING_KNOWN, { cause: error });
    const mapping = error instanceof APIConnectionTimeoutError ? NO_ANSWER : CONNECTION_LOST;
    return runFailure(mapping, 'LOST', NOTHING_KNOWN, { cause: error });
  }
  const answer = httpAnswer(error);
  if (answer === null) return error;
  const { mapping, moderation, nothingBoughtKind } = readReport(answer.report, answer.status, request);
  // What was blocked at the output was made: the request has ended, and may have been charged.
  const kind = nothingBoughtKind ?? (moderation?.stage === 'output' ? 'ENDED' : 'LOST');
  const facts = { ...NOTHING_KNOWN, ...request, requestId: answer.requestId };
  return runFailure(mapping, kind, facts, {
    moderation,
    retryAfter: retryAfter(answer.headers, nowMs),
    cause: error,
  });
}

/** What an upload was rejected with: whatever it is, nothing was bought by it. */
export function mapUploadError(error: unknown, nowMs: number): ProviderError {
  const answer = httpAnswer(error);
  if (answer === null) {
    const mapping =
      error instanceof APIUserAbortError || error instanceof APIConnectionTimeoutError ? TOO_SLOW : NOT_UP;
    return runFailure(mapping, 'NOTHING_BOUGHT', NOTHING_KNOWN, { cause: error });
  }
  const { mapping, moderation } = readReport(answer.report, answer.status, null);
  const facts = { ...NOTHING_KNOWN, requestId: answer.requestId };
  const more = { moderation, retryAfter: retryAfter(answer.headers, nowMs), cause: error };
  return runFailure(mapping, 'NOTHING_BOUGHT', facts, more);
}

const TOO_SLOW: ErrorMapping = {
  code: 'TIMED_OUT',
  retryable: true,
  message: 'The upstream did not take a picture in time that was to be laid up there.',
};

const NOT_UP: ErrorMapping = {
  code: 'UPSTREAM_UNAVAILABLE',
  retryable: true,
  message: 'A picture could not be laid up at the upstream.',
};

/** What was asked about a response that exists, or did once. */
export type Reading = 'resume' | 'retrieve' | 'cancel';

/**
 * What asking about a response was rejected with. Whatever it is, nothing is known of the picture by it, so the
 * failure is always that the outcome is unknown; the kind says whether asking again can help.
 */
export function mapReadError(error: unknown, reading: Reading, responseId: string, nowMs: number): unknown {
  const answer = httpAnswer(error);
  if (answer === null) {
    const foreign = !(error instanceof APIUserAbortError || error instanceof APIConnectionError);
    return foreign ? error : runFailure(OUT_OF_REACH, 'LOST', { ...NOTHING_KNOWN, responseId }, { cause: error });
  }
  const { status, report, requestId, headers } = answer;
  const kind = kindOfReading(status, reading);
  const facts: RunFacts = { ...NOTHING_KNOWN, responseId, requestId };
  const marks = { status, code: asText(report['code']), type: asText(report['type']) };
  const mapping = kind === 'LOST' ? outcomeUnknown(mapError(marks).message) : UNTOLD[kind];
  return runFailure(mapping, kind, facts, { retryAfter: retryAfter(headers, nowMs), cause: error });
}

/** Statuses that say something of the moment (or of the key), not of the response. */
const PASSING: ReadonlySet<number> = new Set([401, 403, 408, 425, 429]);

function kindOfReading(status: number, reading: Reading): keyof typeof UNTOLD | 'LOST' {
  if (status === 404 || status === 410) return 'GONE';
  if (PASSING.has(status) || (status >= 500 && status !== 501)) return 'LOST';
  return reading === 'retrieve' ? 'GONE' : 'NOT_RESUMABLE';
}

/** What is told where the upstream will not say more, however often it is asked. */
const UNTOLD = {
  GONE: outcomeUnknown('The upstream does not know this request any more.'),
  NOT_RESUMABLE: outcomeUnknown('The upstream does not stream this picture any more.'),
} satisfies Partial<Record<ProviderErrorKind, ErrorMapping>>;

const OUT_OF_REACH = outcomeUnknown('This server cannot reach the upstream.');

function outcomeUnknown(reason: string): ErrorMapping {
  return { code: 'OUTCOME_UNKNOWN', retryable: true, message: `${reason} Whether the picture was made is not known.` };
}

/** An answer of 200 to a reading that is an error all the same. */
export function mapErrorDocument(report: JsonObject, facts: RunFacts): ProviderError {
  const marks = { status: null, code: asText(report['code']), type: asText(report['type']) };
  return runFailure(outcomeUnknown(mapError(marks).message), 'LOST', facts);
}

interface HttpAnswer {
  readonly status: number;
  readonly report: JsonObject;
  readonly requestId: string | null;
  readonly headers: Headers | null;
}

function httpAnswer(error: unknown): HttpAnswer | null {
  if (!(error instanceof APIError) || typeof error.status !== 'number') return null;
  const report = asObject(error.error) ?? {};
  return { status: error.status, report, requestId: error.requestID ?? null, headers: error.headers ?? null };
}

const NOT_SENT: ErrorMapping = {
  code: 'UPSTREAM_UNAVAILABLE',
  retryable: true,
  message: 'This server could not connect to the upstream.',
};

/**
 * What the operating system was doing while no connection stood yet. The code alone does not tell: that there is no way
 * to the host is also said of a connection that stands, when the request has long been taken.
 */
const BEFORE_A_CONNECTION: ReadonlySet<unknown> = new Set(['getaddrinfo', 'connect']);

/** Failures of connecting and of TLS that name no such call; the request itself had not been sent. */
const BEFORE_SENDING: ReadonlySet<unknown> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function neverConnected(error: Error): boolean {
  return causesOf(error).some(isBeforeSending);
}

function isBeforeSending({ code, syscall, errors }: JsonObject): boolean {
  if (BEFORE_A_CONNECTION.has(syscall) || BEFORE_SENDING.has(code)) return true;
  // Several addresses were tried, each with an error of its own.
  const each = asList(errors);
  return each.length > 0 && each.every((one) => isBeforeSending(asObject(one) ?? {}));
}

/** Whether undici itself gave up waiting for the next bytes of the body. */
export function isBodyTimeout(error: unknown): boolean {
  return causesOf(error).some((cause) => cause['code'] === 'UND_ERR_BODY_TIMEOUT');
}

/** The error and what it was caused by; the SDK and fetch each wrap the one that says what happened. */
function causesOf(error: unknown): JsonObject[] {
  const causes: JsonObject[] = [];
  for (let cause = asObject(error); cause !== null && causes.length < 8; cause = asObject(cause['cause'])) {
    causes.push(cause);
  }
  return causes;
}
