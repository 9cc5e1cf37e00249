/**
 * Reads an error object of the upstream (code, type, message, param), wherever it was reported. What follows for the
 * run is decided in stream-errors.ts and http-errors.ts.
 */
import type { ModerationDetails } from '../../../domain/generation/failure.ts';
import { settingAgainst, settingHint } from '../../setting-hints.ts';
import { asList, asObject, asText, type JsonObject } from '../json-values.ts';
import { readContentFilter } from './content-filter.ts';
import { readErrorBody } from './error-body.ts';
import {
  BLOCKED,
  CONTEXT_LOST,
  type ErrorMapping,
  FILE_LOST,
  mapError,
  UNKNOWN_ERROR,
  WINDOW_REFUSED,
} from './error-table.ts';
import { isUnknownParameter, parameterNamed, parameterPath } from './parameter-names.ts';
import { isBlockCode } from './policy-blocks.ts';
import { quote } from './quote.ts';
import { withoutPrompt } from './quoted-prompt.ts';
import {
  isBlock,
  type NothingBoughtKind,
  type Rejection,
  type RequestFeatures,
  unsupportedFeature,
} from './unsupported-features.ts';

export interface ErrorReport {
  /** For a rejected request, the message quotes the upstream's own. */
  readonly mapping: ErrorMapping;
  readonly moderation: ModerationDetails | null;
  /** Set where the report is the answer to a request and certainly nothing was bought; else null. */
  readonly nothingBoughtKind: NothingBoughtKind | null;
  /** The parameter that was refused, by its name; null where the report is not about one. */
  readonly parameter: string | null;
  /** What the upstream said; empty when it said nothing. */
  readonly words: string;
}

/**
 * @param status of the HTTP answer; null for a report inside a stream.
 * @param request null where the report is not the answer to a request.
 */
export function readErrorReport(
  given: JsonObject,
  status: number | null,
  request: RequestFeatures | null,
): ErrorReport {
  const whole = readErrorBody(given);
  const report = withoutPrompt(whole, request?.prompt ?? '');
  const rejection = request === null ? null : unsupportedFeature(report, status, request);
  const kind = rejection?.kind ?? null;
  const mapping = (kind === null ? undefined : FEATURE_MAPPINGS[kind]) ?? mappingOf(report, status);
  const moderation = mapping.code === 'MODERATION_BLOCKED' ? moderationOf(report) : null;
  const words = asText(whole['message']) ?? '';
  const hint = settingHint(request === null ? null : settingFor(report, status, request, rejection));
  return {
    mapping: { ...mapping, message: `${withUpstreamMessage(mapping, words)}${hint}` },
    moderation,
    nothingBoughtKind: request === null ? null : kindOfRejection(mapping, status, moderation, kind),
    parameter: rejection?.parameter ?? null,
    words,
  };
}

const FEATURE_MAPPINGS: Partial<Record<NothingBoughtKind, ErrorMapping>> = { CONTEXT_LOST, FILE_LOST, WINDOW_REFUSED };

/** A block in words only is one where nothing says what else the error is. */
function mappingOf(report: JsonObject, status: number | null): ErrorMapping {
  const fields = { status, code: asText(report['code']), type: asText(report['type']) };
  const mapping = mapError(fields);
  if (isBlockCode(report) && mapping.code !== 'RATE_LIMITED') return BLOCKED;
  const isCoded = mapError({ status: null, code: fields.code, type: null }) !== UNKNOWN_ERROR;
  const mayBeBlock = !isCoded && (status === null || [400, 403, 422, 451].includes(status));
  return mayBeBlock && isBlock(report) ? BLOCKED : mapping;
}

/** Which variable avoids the error; null when none does, or when the request has not been refused for its form. */
function settingFor(
  report: JsonObject,
  status: number | null,
  request: RequestFeatures,
  rejection: Rejection | null,
): string | null {
  if (rejection !== null) return settingAgainst(rejection.kind, rejection.parameter);
  if (request.api !== 'RESPONSES' || isBlockCode(report) || !isRefusal(report, status)) return null;
  const others = ['tools', 'image_generation', ...(request.stores ? [] : ['store'])];
  const named = parameterNamed(report, others, request.prompt);
  const isTool = named !== null && named !== 'store';
  return isTool || isMissingApi(report, status) ? settingAgainst(null, 'tools') : settingAgainst(null, named);
}

function isRefusal(report: JsonObject, status: number | null): boolean {
  return isMissingApi(report, status) || (isUnknownParameter(report) && (status === 400 || status === 422));
}

function isMissingApi(report: JsonObject, status: number | null): boolean {
  const isAboutModel = /\b(?:model|deployment)/iu.test(`${report['code']} ${report['message']}`);
  return status === 405 || (status === 404 && !isAboutModel && parameterPath(asText(report['param']) ?? '') === '');
}

/** Only for a rejected request, where the upstream's message names what to change, and where nothing else is known. */
function withUpstreamMessage({ code, message }: ErrorMapping, words: string): string {
  const isQuoted = code === 'INVALID_REQUEST' || message === UNKNOWN_ERROR.message;
  const quoted = isQuoted ? quote(words, 300) : '';
  return quoted === '' ? message : `${message} It said: “${quoted}”`;
}

const LACKING: ReadonlySet<NothingBoughtKind> = new Set([
  'BACKGROUND_REFUSED',
  'API_REFUSED',
  'STORE_REFUSED',
  'WINDOW_REFUSED',
  'CONTEXT_REFUSED',
  'OPTION_REFUSED',
]);

function kindOfRejection(
  mapping: ErrorMapping,
  status: number | null,
  moderation: ModerationDetails | null,
  feature: NothingBoughtKind | null,
): NothingBoughtKind | null {
  // A service that does not support the feature at all has done nothing, whatever the status says.
  if (feature !== null && LACKING.has(feature)) return feature;
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
