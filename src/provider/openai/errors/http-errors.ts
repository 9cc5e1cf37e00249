/**
 * Maps what a request was answered with instead of a stream (an HTTP error or a failed connection) to a ProviderError.
 * For a create request the question is whether something was bought. For reads it is whether to try again.
 */
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import type { ProviderError, ProviderErrorKind } from '../../image-provider.ts';
import { asObject, asText, type JsonObject } from '../json-values.ts';
import { type AnsweredElsewhere, RedirectFailedError, redirectBefore } from '../upstream-fetch.ts';
import { CONNECTION_LOST, NO_ANSWER, NOT_SENT, neverConnected } from './connection-errors.ts';
import { readErrorReport } from './error-report.ts';
import { type ErrorMapping, mapError } from './error-table.ts';
import { retryAfter } from './retry-after.ts';
import { NOTHING_KNOWN, type RunFacts, runFailure } from './run-failure.ts';
import type { RequestFeatures } from './unsupported-features.ts';

/**
 * The error of a create request. An error that does not come from the upstream is returned unchanged.
 * APIUserAbortError means the deadline of this folder here: an abort by the run's owner is handled before.
 */
export function mapCreateError(error: unknown, request: RequestFeatures, nowMs: number): unknown {
  if (error instanceof APIUserAbortError) return runFailure(NO_ANSWER, 'LOST', NOTHING_KNOWN, { cause: error });
  const redirect = failedRedirect(error);
  if (redirect !== null) {
    const { message, answered } = redirect;
    const { kind, mapping } =
      answered === null
        ? ({ kind: 'NOTHING_BOUGHT', mapping: misdirected(message) } as const)
        : ({ kind: 'LOST', mapping: outcomeUnknown(message) } as const);
    const facts = { ...NOTHING_KNOWN, responseId: answered?.responseId ?? null };
    return runFailure(mapping, kind, facts, { cause: error });
  }
  if (error instanceof APIConnectionError) {
    if (neverConnected(error)) return runFailure(NOT_SENT, 'NOTHING_BOUGHT', NOTHING_KNOWN, { cause: error });
    const mapping = error instanceof APIConnectionTimeoutError ? NO_ANSWER : CONNECTION_LOST;
    return runFailure(mapping, 'LOST', NOTHING_KNOWN, { cause: error });
  }
  const answer = httpAnswer(error);
  if (answer === null) return error;
  const elsewhere = redirectBefore(answer.headers);
  if (elsewhere !== null) return mapErrorElsewhere(answer, elsewhere, nowMs, error);
  const { status, report } = answer;
  const { mapping, moderation, nothingBoughtKind, parameter, words } = readErrorReport(report, status, request);
  // An image that was blocked at the output was made, and may have been charged: the request has ended.
  const kind = nothingBoughtKind ?? (moderation?.stage === 'output' ? 'ENDED' : 'LOST');
  const facts = { ...NOTHING_KNOWN, ...request, requestId: answer.requestId };
  return runFailure(mapping, kind, facts, {
    moderation,
    retryAfter: retryAfter({ ...answer, words }, nowMs),
    parameter,
    cause: error,
  });
}

/**
 * The error in place of an answer to which the upstream had redirected. It is about fetching that answer, so the request
 * itself may have bought something. Only a block by moderation can be about nothing else.
 */
function mapErrorElsewhere(
  { report, status, requestId, headers }: HttpAnswer,
  { responseId }: AnsweredElsewhere,
  nowMs: number,
  cause: unknown,
): ProviderError {
  const { mapping, moderation, words } = readErrorReport(report, status, null);
  const facts = { ...NOTHING_KNOWN, requestId, responseId };
  const details = { moderation, retryAfter: retryAfter({ status, headers, words }, nowMs), cause };
  if (mapping.code === 'MODERATION_BLOCKED') return runFailure(mapping, 'ENDED', facts, details);
  const reason = `The upstream redirected a request to its answer, and there reported: ${mapping.message}`;
  return runFailure(outcomeUnknown(reason), 'LOST', facts, details);
}

/** The error of an upload, which never buys anything. */
export function mapUploadError(error: unknown, nowMs: number): ProviderError {
  const answer = httpAnswer(error);
  const redirect = failedRedirect(error);
  if (redirect !== null) {
    return runFailure(misdirected(redirect.message), 'NOTHING_BOUGHT', NOTHING_KNOWN, { cause: error });
  }
  if (answer === null) {
    const timedOut = error instanceof APIUserAbortError || error instanceof APIConnectionTimeoutError || isAbort(error);
    return runFailure(timedOut ? UPLOAD_TIMED_OUT : UPLOAD_FAILED, 'NOTHING_BOUGHT', NOTHING_KNOWN, { cause: error });
  }
  const { mapping, moderation, words } = readErrorReport(answer.report, answer.status, null);
  const facts = { ...NOTHING_KNOWN, requestId: answer.requestId };
  const details = { moderation, retryAfter: retryAfter({ ...answer, words }, nowMs), cause: error };
  return runFailure(mapping, 'NOTHING_BOUGHT', facts, details);
}

/** The deadline of this folder, when it ends the reading of an answer. */
function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

const UPLOAD_TIMED_OUT: ErrorMapping = {
  code: 'TIMED_OUT',
  retryable: true,
  message: 'Uploading an image to the upstream took too long.',
};

const UPLOAD_FAILED: ErrorMapping = {
  code: 'UPSTREAM_UNAVAILABLE',
  retryable: true,
  message: 'An image could not be uploaded to the upstream.',
};

/** A request about a response that exists, or existed once. */
export type ReadOperation = 'resume' | 'retrieve' | 'cancel';

/**
 * The error of a request about an existing response. It never says whether the picture was made, so the failure is
 * always OUTCOME_UNKNOWN. The kind says whether trying again can help.
 */
export function mapReadError(error: unknown, operation: ReadOperation, responseId: string, nowMs: number): unknown {
  const answer = httpAnswer(error);
  if (answer === null) {
    const isForeign = !(error instanceof APIUserAbortError || error instanceof APIConnectionError);
    const mapping = outcomeUnknown(failedRedirect(error)?.message ?? UNREACHABLE);
    return isForeign ? error : runFailure(mapping, 'LOST', { ...NOTHING_KNOWN, responseId }, { cause: error });
  }
  const { status, report, requestId, headers } = answer;
  const kind = kindOfReadError(status, operation);
  const facts: RunFacts = { ...NOTHING_KNOWN, responseId, requestId };
  const words = asText(report['message']) ?? '';
  const mapping = kind === 'LOST' ? outcomeUnknown(mapError(fieldsOf(report, status)).message) : PERMANENT[kind];
  return runFailure(mapping, kind, facts, { retryAfter: retryAfter({ status, headers, words }, nowMs), cause: error });
}

/** An error document that answers a read with status 200. */
export function mapErrorDocument(report: JsonObject, facts: RunFacts): ProviderError {
  return runFailure(outcomeUnknown(mapError(fieldsOf(report, null)).message), 'LOST', facts);
}

/** Statuses that are about this moment (or the API key), and not about the response. */
const TEMPORARY_STATUSES: ReadonlySet<number> = new Set([401, 403, 408, 425, 429]);

function kindOfReadError(status: number, operation: ReadOperation): keyof typeof PERMANENT | 'LOST' {
  if (status === 404 || status === 410) return 'GONE';
  if (TEMPORARY_STATUSES.has(status) || (status >= 500 && status !== 501)) return 'LOST';
  return operation === 'retrieve' ? 'GONE' : 'NOT_RESUMABLE';
}

/** Errors that stay the same however often the request is repeated. */
const PERMANENT = {
  GONE: outcomeUnknown('The upstream no longer knows this request.'),
  NOT_RESUMABLE: outcomeUnknown('The upstream no longer streams this response.'),
} satisfies Partial<Record<ProviderErrorKind, ErrorMapping>>;

const UNREACHABLE = 'This server cannot reach the upstream.';

/** For the server's operator, who has to change the configuration. */
function misdirected(reason: string): ErrorMapping {
  return { code: 'INTERNAL', retryable: false, message: `${reason} Its operator must check the base URL.` };
}

function failedRedirect(error: unknown): RedirectFailedError | null {
  const cause = error instanceof APIConnectionError ? error.cause : null;
  return cause instanceof RedirectFailedError ? cause : null;
}

function outcomeUnknown(reason: string): ErrorMapping {
  return { code: 'OUTCOME_UNKNOWN', retryable: true, message: `${reason} Whether the image was made is unknown.` };
}

function fieldsOf(report: JsonObject, status: number | null) {
  return { status, code: asText(report['code']), type: asText(report['type']) };
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
