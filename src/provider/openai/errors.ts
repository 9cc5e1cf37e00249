/**
 * What went wrong between this server and the upstream, as a ProviderError: which failure it is to the person who
 * asked, and whether something may have been bought. The rule for `nothingBought` is strict: only where the upstream
 * surely created nothing, because a caller may then ask again, and a wrong `true` pays twice.
 */
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import type { GenerationFailure, ModerationDetails } from '../../domain/failure.ts';
import { ProviderError } from '../image-provider.ts';
import { CONTEXT_LOST, type Verdict, verdictOf, verdictOfIncomplete } from './error-table.ts';
import { asList, asObject, asText, type JsonObject } from './json-values.ts';
import { quote } from './quote.ts';
import { retryAfter } from './retry-after.ts';

/** What is known about a run when it fails. */
export interface RunFacts {
  readonly requestId: string | null;
  /** Whether the upstream had already named a response. */
  readonly accepted: boolean;
  /** Whether the request built on an upstream response or item, which the upstream may have forgotten. */
  readonly usesContext: boolean;
}

interface FailureDetails {
  readonly requestId: string | null;
  readonly retryAfter?: string | null;
  readonly moderation?: ModerationDetails | null;
}

/**
 * What `responses.create` rejected with, before any event of the stream. Anything else is returned as it is.
 * An abort is this folder's own deadline here: one by the owner of the run is told before it comes to this.
 */
export function fromCreateRejection(error: unknown, usesContext: boolean, nowMs: number): unknown {
  if (error instanceof APIUserAbortError) return runFailure(NO_ANSWER, UNANSWERED, error);
  if (error instanceof APIConnectionError) return fromConnectionError(error);
  if (!(error instanceof APIError) || typeof error.status !== 'number') return error;
  const status: number = error.status;
  const report = asObject(error.error) ?? {};
  const requestId = error.requestID ?? null;
  return fromReport(report, status, {
    // 408 and the 5xx but 503 leave open whether the request was already being worked on.
    surelyNothing: (status < 500 && status !== 408) || status === 503,
    usesContext,
    requestId,
    retryAfter: retryAfter(error.headers ?? null, nowMs),
    cause: error,
  });
}

/** An `error` event, the `error` of a failed response or of an image item: all have a code and a message. */
export function fromErrorReport(report: JsonObject, facts: RunFacts): ProviderError {
  return fromReport(report, null, {
    // An error in place of the first event is a refusal, unless the upstream says that it broke down.
    surelyNothing: !facts.accepted,
    usesContext: facts.usesContext && !facts.accepted,
    requestId: facts.requestId,
    retryAfter: null,
    cause: undefined,
  });
}

/** `response.incomplete`, by its `incomplete_details.reason`. */
export function fromIncomplete(reason: string | null, facts: RunFacts): ProviderError {
  const verdict = verdictOfIncomplete(reason);
  return new ProviderError(failureOf(verdict, verdict.message, facts), { nothingBought: false });
}

/** A response that ended without a picture; `text` is what the model said instead. */
export function noImage(text: string | null, facts: RunFacts): ProviderError {
  const said = text === null ? '' : ` It said: “${quote(text, 500)}”`;
  const verdict: Verdict = {
    code: 'NO_IMAGE',
    retryable: true,
    message: `The upstream answered without a picture.${said}`,
  };
  return new ProviderError(failureOf(verdict, verdict.message, facts), { nothingBought: false });
}

/** Anything else that ends a run after the request was sent: something may have been bought. */
export function runFailure(verdict: Verdict, facts: RunFacts, cause?: unknown): ProviderError {
  return new ProviderError(failureOf(verdict, verdict.message, facts), { nothingBought: false, cause });
}

interface ReportContext {
  readonly surelyNothing: boolean;
  readonly usesContext: boolean;
  readonly requestId: string | null;
  readonly retryAfter: string | null;
  readonly cause: unknown;
}

function fromReport(report: JsonObject, status: number | null, context: ReportContext): ProviderError {
  const upstreamMessage = asText(report['message']);
  const marks = { status, code: asText(report['code']), type: asText(report['type']) };
  const contextLost = context.usesContext && namesLostContext(report, marks.code, status);
  const verdict = contextLost ? CONTEXT_LOST : verdictOf(marks);
  const moderation = verdict.code === 'MODERATION_BLOCKED' ? moderationOf(report) : null;
  const said = verdict.code === 'INVALID_REQUEST' && upstreamMessage !== null ? quote(upstreamMessage, 300) : '';
  const message = said === '' ? verdict.message : `${verdict.message} It said: “${said}”`;
  return new ProviderError(
    failureOf(verdict, message, { requestId: context.requestId, retryAfter: context.retryAfter, moderation }),
    {
      nothingBought: context.surelyNothing && isRefusal(verdict, status) && moderation?.stage !== 'output',
      contextLost,
      cause: context.cause,
    },
  );
}

/** A breakdown reported inside a stream says nothing about how far the work had got. */
function isRefusal(verdict: Verdict, status: number | null): boolean {
  return status !== null || (verdict.code !== 'UPSTREAM_UNAVAILABLE' && verdict.code !== 'INTERNAL');
}

const LOST_CONTEXT = /\b(?:response|item)\b.*\bnot found\b|without its required '?reasoning'? item/is;

/** The upstream has one code for a lost response, but for lost items only words. */
function namesLostContext(report: JsonObject, code: string | null, status: number | null): boolean {
  if (code === 'previous_response_not_found' || report['param'] === 'previous_response_id') return true;
  if (status !== null && status !== 400 && status !== 404) return false;
  return code !== 'model_not_found' && LOST_CONTEXT.test(asText(report['message']) ?? '');
}

/** The details where the upstream gives them; older messages only list the categories in their text. */
function moderationOf(report: JsonObject): ModerationDetails | null {
  const details = asObject(report['moderation_details']);
  if (details !== null) {
    return {
      stage: asText(details['moderation_stage']) ?? 'unknown',
      categories: asList(details['categories']).filter((category) => typeof category === 'string'),
    };
  }
  const listed = /safety_violations=\[([^\]]{1,200})\]/.exec(asText(report['message']) ?? '')?.[1];
  if (listed === undefined) return null;
  return { stage: 'unknown', categories: listed.split(',').map((category) => category.trim()) };
}

function failureOf(verdict: Verdict, message: string, details: FailureDetails): GenerationFailure {
  return {
    code: verdict.code,
    message,
    retryable: verdict.retryable,
    retryAfter: details.retryAfter ?? null,
    moderation: details.moderation ?? null,
    requestId: details.requestId,
  };
}

const NOT_SENT: Verdict = {
  code: 'UPSTREAM_UNAVAILABLE',
  retryable: true,
  message: 'This server could not connect to the upstream.',
};

export const NO_ANSWER: Verdict = {
  code: 'TIMED_OUT',
  retryable: true,
  message: 'The upstream sent nothing for too long. It may still be working on the picture.',
};

export const CONNECTION_LOST: Verdict = {
  code: 'OUTCOME_UNKNOWN',
  retryable: true,
  message: 'The connection to the upstream was lost. Whether the picture was made is not known.',
};

/** A run of which the upstream has said nothing at all. */
const UNANSWERED: RunFacts = { requestId: null, accepted: false, usesContext: false };

function fromConnectionError(error: APIConnectionError): ProviderError {
  if (neverConnected(error)) {
    const failure = failureOf(NOT_SENT, NOT_SENT.message, UNANSWERED);
    return new ProviderError(failure, { nothingBought: true, cause: error });
  }
  return runFailure(error instanceof APIConnectionTimeoutError ? NO_ANSWER : CONNECTION_LOST, UNANSWERED, error);
}

/** Failures of looking up a name, of connecting and of TLS: the request itself had not been sent. */
const BEFORE_SENDING: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function neverConnected(error: Error): boolean {
  return causesOf(error).some((cause) => BEFORE_SENDING.has(cause['code']));
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
