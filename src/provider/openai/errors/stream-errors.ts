/** Maps the errors that an upstream reports inside an answer, and unusable answers, to ProviderErrors. */
import type { ProviderError, ProviderErrorKind } from '../../image-provider.ts';
import { asObject, asText, type JsonObject } from '../json-values.ts';
import type { PictureDefect } from '../stream/pictures/picture-collector.ts';
import { readContentFilter } from './content-filter.ts';
import { type ErrorReport, readErrorReport } from './error-report.ts';
import { BLOCKED, type ErrorMapping, mapIncompleteReason } from './error-table.ts';
import { quote } from './quote.ts';
import { retryAfter } from './retry-after.ts';
import { NOTHING_KNOWN, type RunFacts, runFailure } from './run-failure.ts';

/**
 * An `error` event. As the first event it rejects the request, unless the upstream reports a failure of its own. Later
 * it ends the stream and says nothing about the status of the response. The Image API has no responses, so there the
 * run is over.
 */
export function mapErrorEvent(report: JsonObject, facts: RunFacts): ProviderError {
  const read = readErrorReport(report, null, facts.accepted ? null : facts);
  const { mapping, moderation, nothingBoughtKind, parameter } = read;
  const isOver = facts.api === 'IMAGES' && (facts.accepted || moderation?.stage === 'output');
  return runFailure(mapping, nothingBoughtKind ?? (isOver ? 'ENDED' : kindOfBrokenStream(facts)), facts, {
    moderation,
    parameter,
    retryAfter: waitOf(read, facts),
  });
}

/** The `error` of a response or an image item that failed. */
export function mapFailedReport(report: JsonObject, facts: RunFacts): ProviderError {
  const read = readErrorReport(report, null, null);
  const { mapping, moderation } = read;
  return runFailure(mapping, 'ENDED', facts, { moderation, retryAfter: waitOf(read, facts) });
}

/** Inside a stream, only words can tell how long to wait. */
function waitOf({ mapping, words }: ErrorReport, { now }: RunFacts): string | null {
  if (now === null || mapping.code !== 'RATE_LIMITED') return null;
  return retryAfter({ status: null, headers: null, words }, now());
}

/** A response that ended incomplete, by its `incomplete_details.reason`. */
export function mapIncomplete(response: JsonObject, facts: RunFacts): ProviderError {
  const mapping = mapIncompleteReason(asText(asObject(response['incomplete_details'])?.['reason']));
  const moderation = mapping.code === 'MODERATION_BLOCKED' ? readContentFilter(response) : null;
  return runFailure(mapping, 'ENDED', facts, { moderation });
}

/** A response that was cancelled at the upstream. */
export function cancelled(facts: RunFacts): ProviderError {
  const message = 'The request was cancelled at the upstream.';
  return runFailure({ code: 'INCOMPLETE', retryable: true, message }, 'CANCELLED', facts);
}

/** A background request while this server does not let the upstream store responses. It was never sent. */
export function backgroundRefused(): ProviderError {
  const message =
    'This server is configured not to let the upstream store responses, and background requests need that.';
  return runFailure({ code: 'INVALID_REQUEST', retryable: false, message }, 'BACKGROUND_REFUSED', NOTHING_KNOWN);
}

/** A request with a completion window, likewise. */
export function windowRefused(): ProviderError {
  const message =
    'This server is configured not to let the upstream store responses, and completion windows need that. Its operator ' +
    'can set UPSTREAM_STORE=on; otherwise omit options.completionWindow.';
  return runFailure({ code: 'INVALID_REQUEST', retryable: false, message }, 'WINDOW_REFUSED', NOTHING_KNOWN);
}

const MAX_QUOTE_LENGTH = 160;

/** An item of the Image API in place of whose image Azure's content filter tells what it found; null where it found nothing. */
export function filteredImage(item: JsonObject, facts: RunFacts): ProviderError | null {
  const content_filters = [
    { source_type: 'completion', content_filter_results: item['content_filter_results'] },
    { source_type: 'prompt', content_filter_results: item['prompt_filter_results'] },
  ];
  const moderation = readContentFilter({ content_filters });
  return moderation === null ? null : runFailure(BLOCKED, 'ENDED', facts, { moderation });
}

/** A response that ended without an image. */
export function noImage(facts: RunFacts): ProviderError {
  const quoted = facts.text === null ? '' : ` It said: “${quote(facts.text, MAX_QUOTE_LENGTH)}”`;
  const message = `The upstream answered without an image.${quoted}`;
  return runFailure({ code: 'NO_IMAGE', retryable: true, message }, 'ENDED', facts);
}

/** The only image failed and the upstream gave no reason. If the model said something, that is the reason. */
export function failedImage(facts: RunFacts): ProviderError {
  return facts.text === null ? mapFailedReport({ code: 'server_error' }, facts) : noImage(facts);
}

const DEFECTS: Readonly<Record<PictureDefect, ErrorMapping>> = {
  damaged: {
    code: 'UPSTREAM_UNAVAILABLE',
    retryable: true,
    message: 'The upstream sent an image with damaged bytes.',
  },
  // It would send the next one in the same way.
  link: {
    code: 'UPSTREAM_UNAVAILABLE',
    retryable: false,
    message:
      'The upstream sent a link to the image in place of its bytes. This server does not follow such links, so the ' +
      'image is not kept, although the upstream may charge for it.',
  },
  'too-large': {
    code: 'INTERNAL',
    retryable: false,
    message: 'The upstream sent an image that is larger than this server’s limit.',
  },
};

/** The only image cannot be used. */
export function defectivePicture(defect: PictureDefect, facts: RunFacts): ProviderError {
  return runFailure(DEFECTS[defect], 'ENDED', facts);
}

/** A malformed stream. Requesting the same stream again would not help. */
export function unreadableStream(reason: string, facts: RunFacts, cause?: unknown): ProviderError {
  const message = `The upstream’s answer could not be read (${reason}).`;
  return runFailure({ code: 'OUTCOME_UNKNOWN', retryable: true, message }, kindOfBrokenStream(facts), facts, { cause });
}

function kindOfBrokenStream(facts: RunFacts): ProviderErrorKind {
  return facts.responseId === null ? 'LOST' : 'NOT_RESUMABLE';
}
