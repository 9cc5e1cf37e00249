/**
 * Recognises errors that another kind of request can avoid: something that the request names is gone, or the upstream
 * does not support a feature that it uses. Codes and params are checked first. Messages are matched only where upstreams
 * are known to report nothing else, and only for a request that used the feature.
 */
import { type CompletionWindow, isDeferred } from '../../../domain/generation/options.ts';
import type { ProviderApi, ProviderErrorKind, ProviderRequest } from '../../image-provider.ts';
import { usesFiles } from '../files/image-reference.ts';
import { asText, type JsonObject } from '../json-values.ts';
import { nameOf, optionalParametersOf } from '../optional-parameters.ts';
import { isUnknownParameter, parameterNamed, parameterPath } from './parameter-names.ts';
import { isBlockCode, isBlockInWords } from './policy-blocks.ts';

/** The features of a request that an upstream may reject. */
export interface RequestFeatures {
  readonly api: ProviderApi;
  /** Whether it builds on an upstream response or item, which the upstream may have deleted. */
  readonly usesContext: boolean;
  /** Whether it names an image by the upstream's file id. */
  readonly usesFiles: boolean;
  /** Whether it asks for background work. */
  readonly background: boolean;
  /** The window in which the image has to be finished; null when it is wanted at once. */
  readonly completionWindow: CompletionWindow | null;
  /** Whether the upstream may store its response. */
  readonly stores: boolean;
  /** The paths of its optional parameters (../optional-parameters.ts). */
  readonly optional: readonly string[];
  readonly prompt: string;
  /** The clock, for waits that are told in words; null where nothing is known of the request. */
  readonly now: (() => number) | null;
}

/** @param body as it is sent */
export function featuresOf(request: ProviderRequest, body: object, now: () => number): RequestFeatures {
  const { api, context, settings, prompt } = request;
  return {
    api,
    usesContext: context.route === 'PREVIOUS_RESPONSE' || context.route === 'CONTEXT_ITEMS',
    usesFiles: usesFiles(request),
    background: asksForBackground(request),
    completionWindow: isDeferred(settings.completionWindow) ? settings.completionWindow : null,
    stores: api === 'RESPONSES' && Reflect.get(body, 'store') !== false,
    optional: optionalParametersOf(body),
    prompt,
    now,
  };
}

/** Only the Responses API works in the background. */
export function asksForBackground({ background, api }: ProviderRequest): boolean {
  return background && api === 'RESPONSES';
}

export type NothingBoughtKind = Extract<
  ProviderErrorKind,
  | 'NOTHING_BOUGHT'
  | 'CONTEXT_LOST'
  | 'CONTEXT_REFUSED'
  | 'FILE_LOST'
  | 'STORE_REFUSED'
  | 'BACKGROUND_REFUSED'
  | 'WINDOW_REFUSED'
  | 'OPTION_REFUSED'
  | 'API_REFUSED'
>;

/** What a report rejects. */
export interface Rejection {
  readonly kind: NothingBoughtKind;
  /** The name of the parameter that was refused; null where the rejection is not about one. */
  readonly parameter: string | null;
}

/**
 * What the report rejects that another request can do without; null where it reports something else.
 * @param report without what it quotes of the prompt (quoted-prompt.ts)
 * @param status of the HTTP answer; null for a report inside a stream.
 */
export function unsupportedFeature(
  report: JsonObject,
  status: number | null,
  request: RequestFeatures,
): Rejection | null {
  const about = (kind: NothingBoughtKind, parameter: string | null = null) => ({ kind, parameter });
  if (request.usesFiles && reportsLostFile(report, status)) return about('FILE_LOST');
  if (request.usesContext) {
    if (refusesContext(report, status, request)) return about('CONTEXT_REFUSED', CONTEXT_PARAMETER);
    if (reportsLostContext(report, status)) return about('CONTEXT_LOST');
  }
  if (request.completionWindow !== null) {
    // Without a stored response, or without background work, a window is lost, and with it the price that was asked for.
    if (rejectsWindow(report, status)) return about('WINDOW_REFUSED', 'background_options');
  } else {
    if (request.stores && refusesStore(report, status)) return about('STORE_REFUSED', 'store');
    if (request.background && rejectsBackground(report, status)) return about('BACKGROUND_REFUSED', 'background');
  }
  const option = refusedOption(report, status, request);
  if (option !== null) return about('OPTION_REFUSED', nameOf(option));
  if (request.api === 'IMAGES' && rejectsApi(report, status)) return about('API_REFUSED');
  return null;
}

const CONTEXT_PARAMETER = 'previous_response_id';

/** Statuses of a request that is refused as it is, also by a service that has done nothing because it lacks the feature. */
const REFUSED: ReadonlySet<number | null> = new Set([400, 403, 404, 422, 501, null]);

/** Whether the report can be about a parameter at all. */
function isAboutRequest(report: JsonObject, status: number | null): boolean {
  if (!REFUSED.has(status) || report['type'] === 'image_generation_user_error') return false;
  if (isBlock(report)) return false;
  // Inside a stream the message of a failure can contain the same words: only an invalid request refuses a parameter.
  return status !== null || report['type'] === 'invalid_request_error' || isUnknownParameter(report);
}

/** A service that continues from no earlier response at all: it has not just forgotten this one. */
function refusesContext(report: JsonObject, status: number | null, request: RequestFeatures): boolean {
  if (asText(report['code']) === 'previous_response_not_found' || !isAboutRequest(report, status)) return false;
  const parameters = [CONTEXT_PARAMETER, 'image_generation_call'];
  return parameterNamed(report, parameters, request.prompt) !== null && isUnknownParameter(report);
}

/** "Store must be set to false", "`store=True` (default) is not supported". */
const STORE_WORDS = new RegExp(
  [
    /\bstore\b[^.]{0,20}\b(?:must|should|needs?|has|can only|may only|only|required|expected)\b[^.]{0,30}\bfalse\b/,
    /\b(?:set|use|pass|send|requires?|needs?|with|supports?)\s+(?:only\s+)?['"`]?store['"`]?\s*(?:to|=|:)?\s*['"`]?false\b/,
    /\bstore\s*[=:]\s*['"`]?true\b.{0,60}\bnot (?:supported|allowed|permitted|available)\b/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'isu',
);

function refusesStore(report: JsonObject, status: number | null): boolean {
  if (!isAboutRequest(report, status)) return false;
  const path = parameterPath(asText(report['param']) ?? '');
  if (!['', 'store', 'background'].includes(path)) return false;
  return STORE_WORDS.test(asText(report['message']) ?? '');
}

/** The optional parameter that the service does not know; null when it refuses something else. */
function refusedOption(report: JsonObject, status: number | null, request: RequestFeatures): string | null {
  // After another status, the upstream may have worked on the request.
  if (![400, 404, 422, null].includes(status) || !isAboutRequest(report, status)) return null;
  return isUnknownParameter(report) ? parameterNamed(report, request.optional, request.prompt) : null;
}

const LOST_CONTEXT = /\b(?:response|item)\b.*\bnot found\b|without its required '?reasoning'? item/is;

/** OpenAI has a code for a missing response, but reports a missing item only in the message. */
function reportsLostContext(report: JsonObject, status: number | null): boolean {
  const code = asText(report['code']);
  if (code === 'previous_response_not_found' || report['param'] === 'previous_response_id') return true;
  if (status !== null && status !== 400 && status !== 404) return false;
  return code !== 'model_not_found' && LOST_CONTEXT.test(asText(report['message']) ?? '');
}

const LOST_FILE_CODES: ReadonlySet<string | null> = new Set(['file_not_found', 'image_file_not_found']);
const LOST_FILE = /\bno such file\b|\bfile\b.{0,120}\b(?:not found|does not exist|has expired|was deleted)\b/is;

/** Includes services without a Files API, which reject the parameter: sending the bytes works there too. */
function reportsLostFile(report: JsonObject, status: number | null): boolean {
  if (status !== null && ![400, 404, 410, 422].includes(status)) return false;
  if (isBlock(report)) return false;
  if (LOST_FILE_CODES.has(asText(report['code']))) return true;
  if (asText(report['param'])?.endsWith('file_id')) return true;
  return LOST_FILE.test(asText(report['message']) ?? '');
}

/** A service that stores no responses answers 501. */
const BACKGROUND_STATUSES: ReadonlySet<number | null> = new Set([400, 403, 422, 501, null]);
const BACKGROUND_WORDS = /\bbackground\b|\bstore\b|\b(?:zero|no)[ -]data[ -]retention\b|\bZDR\b/i;
/** Messages about the image's background, an option of the same name. */
const IMAGE_BACKGROUND_WORDS = /\btransparen|\bopaque\b|\btools?\b/i;

/** Upstreams have no code for this. A wrong guess costs one more request, which is rejected again and buys nothing. */
function rejectsBackground(report: JsonObject, status: number | null): boolean {
  if (!BACKGROUND_STATUSES.has(status)) return false;
  const param = asText(report['param']);
  if (param === 'background' || param === 'store') return true;
  if (isBlock(report) || report['type'] === 'image_generation_user_error') return false;
  // The message of a failure can contain these words too; only an invalid request rejects the feature.
  if (status === null && report['type'] !== 'invalid_request_error') return false;
  const message = asText(report['message']) ?? '';
  return (
    (param === null || param === 'stream') && BACKGROUND_WORDS.test(message) && !IMAGE_BACKGROUND_WORDS.test(message)
  );
}

/** A window requires standard processing, so upstreams may reject it by naming the service tier. */
const WINDOW_PARAM = /^(?:background_options\b|service_tier$)/;
const WINDOW_WORDS = /\bbackground[ _]options\b|\bcompletion[ _]window\b|\bservice[ _]tier\b/i;

function rejectsWindow(report: JsonObject, status: number | null): boolean {
  if (!BACKGROUND_STATUSES.has(status)) return false;
  if (WINDOW_PARAM.test(parameterPath(asText(report['param']) ?? ''))) return true;
  if (rejectsBackground(report, status) || refusesStore(report, status)) return true;
  if (!isAboutRequest(report, status)) return false;
  return WINDOW_WORDS.test(asText(report['message']) ?? '');
}

/** Statuses that mean that the path does not exist, or not for such a request. */
const NO_SUCH_API: ReadonlySet<number | null> = new Set([405, 415, 501]);
const NO_MODEL_CODES: ReadonlySet<string | null> = new Set(['model_not_found', 'DeploymentNotFound']);
const NO_MODEL = /\b(?:model|deployment)\b/i;
/** Parameters of OpenAI's Image API that some compatible services lack: several images, streaming, edits as JSON. */
const REQUEST_FORM_PARAMS: ReadonlySet<string | null> = new Set(['n', 'stream', 'partial_images', 'images']);
const REQUEST_FORM_CODES: ReadonlySet<string | null> = new Set([
  'unknown_parameter',
  'unsupported_parameter',
  'unsupported_value',
  'integer_above_max_value',
]);
const REQUEST_FORM_WORDS =
  /\bstreaming is (?:not|only) supported\b|\bmultipart\/form-data\b|\bunsupported content[- ]type\b|\bimage (?:api|generations?|edits?|endpoints?) (?:is|are) not (?:supported|available|enabled)\b/i;

function rejectsApi(report: JsonObject, status: number | null): boolean {
  if (NO_SUCH_API.has(status)) return true;
  const code = asText(report['code']);
  const message = asText(report['message']) ?? '';
  // A missing model must be reported to the operator. The other API would only hide it.
  if (status === 404) return !NO_MODEL_CODES.has(code) && !NO_MODEL.test(message);
  if (status !== 400 && status !== 422 && status !== null) return false;
  if (isBlock(report) || report['type'] === 'image_generation_user_error') return false;
  if (status === null && report['type'] !== 'invalid_request_error') return false;
  return (
    REQUEST_FORM_WORDS.test(message) ||
    (REQUEST_FORM_PARAMS.has(asText(report['param'])) && REQUEST_FORM_CODES.has(code))
  );
}

/** The message of a moderation block can contain any words. */
export function isBlock(report: JsonObject): boolean {
  return isBlockCode(report) || (!isUnknownParameter(report) && isBlockInWords(asText(report['message']) ?? ''));
}
