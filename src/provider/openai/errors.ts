/**
 * How a run came to an end that is no good one, as a ProviderError: which failure it is to the person who asked, and
 * where it leaves us. The rule for the standings that say that nothing was bought is strict: only where the upstream
 * surely created nothing, because a caller may then ask again, and a wrong one pays twice. What an upstream refuses
 * with, before there is a run, stands in rejections.ts.
 */
import type { GenerationFailure, ModerationDetails } from '../../domain/failure.ts';
import { ProviderError, type ProviderStanding } from '../image-provider.ts';
import { type RequestFacts, readReport } from './error-report.ts';
import { type Verdict, verdictOfIncomplete } from './error-table.ts';
import type { JsonObject } from './json-values.ts';
import { quote } from './quote.ts';

/** What is known about a run when it fails. */
export interface RunFacts extends RequestFacts {
  readonly requestId: string | null;
  /** Whether the upstream had already taken the request. */
  readonly accepted: boolean;
  readonly responseId: string | null;
  /** The response's own account of what was used, once it gave one. */
  readonly usage: unknown;
  readonly toolUsage: unknown;
}

/** A run of which the upstream has said nothing at all. */
export const NOTHING_KNOWN: RunFacts = {
  usesContext: false,
  background: false,
  requestId: null,
  accepted: false,
  responseId: null,
  usage: null,
  toolUsage: null,
};

export interface RunFailureMore {
  readonly retryAfter?: string | null;
  readonly moderation?: ModerationDetails | null;
  readonly cause?: unknown;
}

export function runFailure(
  verdict: Verdict,
  standing: ProviderStanding,
  facts: RunFacts,
  { retryAfter = null, moderation = null, cause }: RunFailureMore = {},
): ProviderError {
  const failure: GenerationFailure = {
    code: verdict.code,
    message: verdict.message,
    retryable: verdict.retryable,
    retryAfter,
    moderation,
    requestId: facts.requestId,
  };
  const { responseId, usage, toolUsage } = facts;
  return new ProviderError(failure, standing, { responseId, usage, toolUsage, cause });
}

/**
 * An `error` event of the stream. In place of the first event it is a refusal, unless the upstream says that it broke
 * down. Later it ends the stream, and does not say how it leaves the response.
 */
export function fromErrorEvent(report: JsonObject, facts: RunFacts): ProviderError {
  const { verdict, moderation, refusal } = readReport(report, null, facts.accepted ? null : facts);
  return runFailure(verdict, refusal ?? unreadable(facts), facts, { moderation });
}

/** The `error` of a response or of an image item that failed. */
export function fromFailedReport(report: JsonObject, facts: RunFacts): ProviderError {
  const { verdict, moderation } = readReport(report, null, null);
  return runFailure(verdict, 'ENDED', facts, { moderation });
}

/** `response.incomplete`, by its `incomplete_details.reason`. */
export function fromIncomplete(reason: string | null, facts: RunFacts): ProviderError {
  return runFailure(verdictOfIncomplete(reason), 'ENDED', facts);
}

/** A response that was cancelled upstream. */
export function cancelled(facts: RunFacts): ProviderError {
  const message = 'The work on this picture was cancelled at the upstream.';
  return runFailure({ code: 'INCOMPLETE', retryable: true, message }, 'CANCELLED', facts);
}

/** A response that ended without a picture; `text` is what the model said instead. */
export function noImage(text: string | null, facts: RunFacts): ProviderError {
  const said = text === null ? '' : ` It said: “${quote(text, 500)}”`;
  const message = `The upstream answered without a picture.${said}`;
  return runFailure({ code: 'NO_IMAGE', retryable: true, message }, 'ENDED', facts);
}

/** Bytes that cannot be read: they would not be better if the same stream were asked for again. */
export function unreadableStream(reason: string, facts: RunFacts, cause?: unknown): ProviderError {
  const message = `The upstream sent something that is no response (${reason}).`;
  return runFailure({ code: 'OUTCOME_UNKNOWN', retryable: true, message }, unreadable(facts), facts, { cause });
}

function unreadable(facts: RunFacts): ProviderStanding {
  return facts.responseId === null ? 'LOST' : 'NOT_RESUMABLE';
}

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

/** Told of a stream that has nothing to say, which is how the stream of a cancelled response looks, for one. */
export const NOTHING_MORE_TOLD: Verdict = {
  code: 'OUTCOME_UNKNOWN',
  retryable: true,
  message: 'The upstream does not stream this picture any more. Whether it was made is not known.',
};
