/**
 * An error as the upstream reports it, in whichever place: an object with a code, a type, a message and a param. Read
 * here for what it says of the request; what follows for the run is for errors.ts and rejections.ts.
 */
import type { ModerationDetails } from '../../../domain/failure.ts';
import { asList, asObject, asText, type JsonObject } from '../json-values.ts';
import { readContentFilter } from './content-filter.ts';
import { CONTEXT_LOST, type ErrorMapping, FILE_LOST, mapError } from './error-table.ts';
import { quote } from './quote.ts';
import { type NothingBoughtKind, type RequestFeatures, unsupportedFeature } from './unsupported-features.ts';

export interface ReadReport {
  /** The mapping with its message completed by the upstream's own words, where those are of use. */
  readonly mapping: ErrorMapping;
  readonly moderation: ModerationDetails | null;
  /** What the report means as the answer to a request; null where it leaves open whether something was bought. */
  readonly nothingBoughtKind: NothingBoughtKind | null;
}

/**
 * @param status of the HTTP answer that the report came in; null for one inside a stream.
 * @param request what was asked; null where the report is not the answer to a request.
 */
export function readReport(report: JsonObject, status: number | null, request: RequestFeatures | null): ReadReport {
  const named = request === null ? null : unsupportedFeature(report, status, request);
  const marks = { status, code: asText(report['code']), type: asText(report['type']) };
  const mapping = (named === null ? undefined : NAMED_VERDICTS[named]) ?? mapError(marks);
  const moderation = mapping.code === 'MODERATION_BLOCKED' ? moderationOf(report) : null;
  const upstreamMessage = asText(report['message']);
  const said = mapping.code === 'INVALID_REQUEST' && upstreamMessage !== null ? quote(upstreamMessage, 300) : '';
  return {
    mapping: said === '' ? mapping : { ...mapping, message: `${mapping.message} It said: “${said}”` },
    moderation,
    nothingBoughtKind: request === null ? null : refusalOf(),
  };

  function refusalOf(): NothingBoughtKind | null {
    // Whoever says that he does not do this at all has not done it, whatever the status.
    if (named === 'BACKGROUND_REFUSED' || named === 'API_REFUSED') return named;
    const surelyNothing = isRefusal(mapping, status) && moderation?.stage !== 'output';
    return surelyNothing ? (named ?? 'NOTHING_BOUGHT') : null;
  }
}

const NAMED_VERDICTS: Partial<Record<NothingBoughtKind, ErrorMapping>> = { CONTEXT_LOST, FILE_LOST };

/** 408 and the 5xx but 503 leave open whether the request was already being worked on. */
function isRefusal(mapping: ErrorMapping, status: number | null): boolean {
  if (status !== null) return (status < 500 && status !== 408) || status === 503;
  // A breakdown reported inside a stream says nothing about how far the work had got.
  return mapping.code !== 'UPSTREAM_UNAVAILABLE' && mapping.code !== 'INTERNAL';
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
  const filtered = readContentFilter(report);
  if (filtered !== null && filtered.categories.length > 0) return filtered;
  const listed = /safety_violations=\[([^\]]{1,200})\]/.exec(asText(report['message']) ?? '')?.[1];
  if (listed === undefined) return filtered;
  return { stage: 'unknown', categories: listed.split(',').map((category) => category.trim()) };
}
