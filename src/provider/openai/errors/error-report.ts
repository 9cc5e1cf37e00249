/**
 * Reads an error object of the upstream (code, type, message, param), wherever it was reported. What follows for the
 * run is decided in stream-errors.ts and http-errors.ts.
 */
import type { ModerationDetails } from '../../../domain/failure.ts';
import { asList, asObject, asText, type JsonObject } from '../json-values.ts';
import { readContentFilter } from './content-filter.ts';
import { CONTEXT_LOST, type ErrorMapping, FILE_LOST, mapError, WINDOW_REFUSED } from './error-table.ts';
import { quote } from './quote.ts';
import { type NothingBoughtKind, type RequestFeatures, unsupportedFeature } from './unsupported-features.ts';

export interface ErrorReport {
  /** For a rejected request, the message quotes the upstream's own. */
  readonly mapping: ErrorMapping;
  readonly moderation: ModerationDetails | null;
  /** Set where the report is the answer to a request and certainly nothing was bought; else null. */
  readonly nothingBoughtKind: NothingBoughtKind | null;
}

/**
 * @param status of the HTTP answer; null for a report inside a stream.
 * @param request null where the report is not the answer to a request.
 */
export function readErrorReport(
  report: JsonObject,
  status: number | null,
  request: RequestFeatures | null,
): ErrorReport {
  const feature = request === null ? null : unsupportedFeature(report, status, request);
  const fields = { status, code: asText(report['code']), type: asText(report['type']) };
  const mapping = (feature === null ? undefined : FEATURE_MAPPINGS[feature]) ?? mapError(fields);
  const moderation = mapping.code === 'MODERATION_BLOCKED' ? moderationOf(report) : null;
  return {
    mapping: withUpstreamMessage(mapping, asText(report['message'])),
    moderation,
    nothingBoughtKind: request === null ? null : kindOfRejection(mapping, status, moderation, feature),
  };
}

const FEATURE_MAPPINGS: Partial<Record<NothingBoughtKind, ErrorMapping>> = { CONTEXT_LOST, FILE_LOST, WINDOW_REFUSED };

/** Only for a rejected request: there the upstream's message names what to change. */
function withUpstreamMessage(mapping: ErrorMapping, upstreamMessage: string | null): ErrorMapping {
  const quoted = mapping.code === 'INVALID_REQUEST' && upstreamMessage !== null ? quote(upstreamMessage, 300) : '';
  return quoted === '' ? mapping : { ...mapping, message: `${mapping.message} It said: “${quoted}”` };
}

const NEVER_DONE: ReadonlySet<NothingBoughtKind> = new Set(['BACKGROUND_REFUSED', 'WINDOW_REFUSED', 'API_REFUSED']);

function kindOfRejection(
  mapping: ErrorMapping,
  status: number | null,
  moderation: ModerationDetails | null,
  feature: NothingBoughtKind | null,
): NothingBoughtKind | null {
  // A service that does not support the feature at all has done nothing, whatever the status says.
  if (feature !== null && NEVER_DONE.has(feature)) return feature;
  const boughtNothing = isRejection(mapping, status) && moderation?.stage !== 'output';
  return boughtNothing ? (feature ?? 'NOTHING_BOUGHT') : null;
}

/** After 408 and every 5xx except 503, the upstream may already have been working on the request. */
function isRejection(mapping: ErrorMapping, status: number | null): boolean {
  if (status !== null) return (status < 500 && status !== 408) || status === 503;
  // A failure of the upstream inside a stream does not say how far the work had got.
  return mapping.code !== 'UPSTREAM_UNAVAILABLE' && mapping.code !== 'INTERNAL';
}

/** Where the upstream gives no details, older messages list the categories in their text. */
function moderationOf(report: JsonObject): ModerationDetails | null {
  const details = asObject(report['moderation_details']);
  if (details !== null) {
    return {
      stage: asText(details['moderation_stage']) ?? 'unknown',
      categories: asList(details['categories']).filter((category) => typeof category === 'string'),
    };
  }
  const filtered = readContentFilter(report);
  if (filtered !== null && filtered.categories.length > 0) return filtered;
  const listed = /safety_violations=\[([^\]]{1,200})\]/.exec(asText(report['message']) ?? '')?.[1];
  if (listed === undefined) return filtered;
  return { stage: 'unknown', categories: listed.split(',').map((category) => category.trim()) };
}
