/**
 * How a run came to an end that is no good one, as a ProviderError: which failure it is to the person who asked, and
 * where it leaves us. The rule for the standings that say that nothing was bought is strict: only where the upstream
 * surely created nothing, because a caller may then ask again, and a wrong one pays twice. What an upstream refuses
 * with, before there is a run, stands in rejections.ts.
 */
import type { GenerationFailure, ModerationDetails } from '../../../domain/failure.ts';
import { ProviderError, type ProviderErrorKind, type ReportedUsage } from '../../image-provider.ts';
import { asObject, asText, type JsonObject } from '../json-values.ts';
import type { PictureDefect } from '../stream/picture-collector.ts';
import { readContentFilter } from './content-filter.ts';
import { readReport } from './error-report.ts';
import { type ErrorMapping, mapIncompleteReason } from './error-table.ts';
import { quote } from './quote.ts';
import type { RequestFeatures } from './unsupported-features.ts';

/** What is known about a run when it fails. */
export interface RunFacts extends RequestFeatures {
  readonly requestId: string | null;
  /** Whether the upstream had already taken the request. */
  readonly accepted: boolean;
  readonly responseId: string | null;
  /** The upstream's own account of what was used, once it gave one. */
  readonly usage: ReportedUsage | null;
  /** What the mainline model has said; null when that is nothing. */
  readonly text: string | null;
}

/** A run of which the upstream has said nothing at all. */
export const NOTHING_KNOWN: RunFacts = {
  api: 'RESPONSES',
  usesContext: false,
  usesFiles: false,
  background: false,
  requestId: null,
  accepted: false,
  responseId: null,
  usage: null,
  text: null,
};

export interface RunFailureMore {
  readonly retryAfter?: string | null;
  readonly moderation?: ModerationDetails | null;
  readonly cause?: unknown;
}

export function runFailure(
  mapping: ErrorMapping,
  kind: ProviderErrorKind,
  facts: RunFacts,
  { retryAfter = null, moderation = null, cause }: RunFailureMore = {},
): ProviderError {
  const failure: GenerationFailure = {
    code: mapping.code,
    message: mapping.message,
    retryable: mapping.retryable,
    retryAfter,
    moderation,
    requestId: facts.requestId,
    text: facts.text,
  };
  const { responseId, usage } = facts;
  return new ProviderError(failure, kind, { responseId, usage, cause });
}

/**
 * An `error` event of the stream. In place of the first event it is a nothingBoughtKind, unless the upstream says that it broke
 * down. Later it ends the stream, and does not say how it leaves the response. The Image API has no responses: there,
 * the stream is all there is.
 */
export function mapErrorEvent(report: JsonObject, facts: RunFacts): ProviderError {
  const { mapping, moderation, nothingBoughtKind } = readReport(report, null, facts.accepted ? null : facts);
  const isOver = facts.api === 'IMAGES' && (facts.accepted || moderation?.stage === 'output');
  return runFailure(mapping, nothingBoughtKind ?? (isOver ? 'ENDED' : unreadable(facts)), facts, { moderation });
}

/** The `error` of a response or of an image item that failed. */
export function mapFailedReport(report: JsonObject, facts: RunFacts): ProviderError {
  const { mapping, moderation } = readReport(report, null, null);
  return runFailure(mapping, 'ENDED', facts, { moderation });
}

/** A response that ended incomplete, by its `incomplete_details.reason`. */
export function mapIncomplete(response: JsonObject, facts: RunFacts): ProviderError {
  const mapping = mapIncompleteReason(asText(asObject(response['incomplete_details'])?.['reason']));
  const moderation = mapping.code === 'MODERATION_BLOCKED' ? readContentFilter(response) : null;
  return runFailure(mapping, 'ENDED', facts, { moderation });
}

/** A response that was cancelled upstream. */
export function cancelled(facts: RunFacts): ProviderError {
  const message = 'The work on this picture was cancelled at the upstream.';
  return runFailure({ code: 'INCOMPLETE', retryable: true, message }, 'CANCELLED', facts);
}

/** Work in the background that was asked for where the upstream may not keep responses: it was not even sent. */
export function backgroundRefused(): ProviderError {
  const message =
    'This server is set up not to let the upstream keep anything, so that it cannot work in the background.';
  return runFailure({ code: 'INVALID_REQUEST', retryable: false, message }, 'BACKGROUND_REFUSED', NOTHING_KNOWN);
}

const MAX_QUOTE = 160;

/** A request that ended without a picture. */
export function noImage(facts: RunFacts): ProviderError {
  const said = facts.text === null ? '' : ` It said: “${quote(facts.text, MAX_QUOTE)}”`;
  const message = `The upstream answered without a picture.${said}`;
  return runFailure({ code: 'NO_IMAGE', retryable: true, message }, 'ENDED', facts);
}

/** A picture that failed, and no other came. The upstream did not say why; where the model said so, that is the reason. */
export function failedPicture(facts: RunFacts): ProviderError {
  return facts.text === null ? mapFailedReport({ code: 'server_error' }, facts) : noImage(facts);
}

const DEFECTS: Readonly<Record<PictureDefect, ErrorMapping>> = {
  damaged: {
    code: 'UPSTREAM_UNAVAILABLE',
    retryable: true,
    message: 'The upstream sent a picture whose bytes are damaged.',
  },
  'too-large': {
    code: 'INTERNAL',
    retryable: false,
    message: 'The upstream sent a picture that is larger than this server takes.',
  },
};

/** A request that ended with a picture that is of no use, and with no other. */
export function defectivePicture(defect: PictureDefect, facts: RunFacts): ProviderError {
  return runFailure(DEFECTS[defect], 'ENDED', facts);
}

/** Bytes that cannot be read: they would not be better if the same stream were asked for again. */
export function unreadableStream(reason: string, facts: RunFacts, cause?: unknown): ProviderError {
  const message = `The upstream sent something that is no response (${reason}).`;
  return runFailure({ code: 'OUTCOME_UNKNOWN', retryable: true, message }, unreadable(facts), facts, { cause });
}

function unreadable(facts: RunFacts): ProviderErrorKind {
  return facts.responseId === null ? 'LOST' : 'NOT_RESUMABLE';
}

export const NO_ANSWER: ErrorMapping = {
  code: 'TIMED_OUT',
  retryable: true,
  message: 'The upstream sent nothing for too long. It may still be working on the picture.',
};

export const CONNECTION_LOST: ErrorMapping = {
  code: 'OUTCOME_UNKNOWN',
  retryable: true,
  message: 'The connection to the upstream was lost. Whether the picture was made is not known.',
};

/** Told of a stream that has nothing to say, which is how the stream of a cancelled response looks, for one. */
export const NOTHING_MORE_TOLD: ErrorMapping = {
  code: 'OUTCOME_UNKNOWN',
  retryable: true,
  message: 'The upstream does not stream this picture any more. Whether it was made is not known.',
};
