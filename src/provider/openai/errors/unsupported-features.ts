/**
 * Recognises errors that another kind of request can avoid: something that the request names is gone, or the upstream
 * does not support a feature that it uses. Codes and params are checked first. Messages are matched only where upstreams
 * are known to report nothing else, and only for a request that used the feature.
 */
import { type CompletionWindow, isDeferred } from '../../../domain/options.ts';
import type { ProviderApi, ProviderErrorKind, ProviderRequest } from '../../image-provider.ts';
import { usesFiles } from '../files/image-reference.ts';
import { asText, type JsonObject } from '../json-values.ts';

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
}

export function featuresOf(request: ProviderRequest): RequestFeatures {
  const { api, context, settings } = request;
  return {
    api,
    usesContext: context.route === 'PREVIOUS_RESPONSE' || context.route === 'CONTEXT_ITEMS',
    usesFiles: usesFiles(request),
    background: request.background && api === 'RESPONSES',
    completionWindow: isDeferred(settings.completionWindow) ? settings.completionWindow : null,
  };
}

export type NothingBoughtKind = Extract<
  ProviderErrorKind,
  'NOTHING_BOUGHT' | 'CONTEXT_LOST' | 'FILE_LOST' | 'BACKGROUND_REFUSED' | 'WINDOW_REFUSED' | 'API_REFUSED'
>;

/**
 * The feature that the report rejects; null where it reports something else.
 * @param status of the HTTP answer; null for a report inside a stream.
 */
export function unsupportedFeature(
  report: JsonObject,
  status: number | null,
  request: RequestFeatures,
): NothingBoughtKind | null {
  if (request.usesFiles && reportsLostFile(report, status)) return 'FILE_LOST';
  if (request.usesContext && reportsLostContext(report, status)) return 'CONTEXT_LOST';
  if (request.completionWindow !== null) {
    // Without background work a window is lost, too, and with it the price that was asked for.
    if (rejectsWindow(report, status)) return 'WINDOW_REFUSED';
  } else if (request.background && rejectsBackground(report, status)) return 'BACKGROUND_REFUSED';
  if (request.api === 'IMAGES' && rejectsApi(report, status)) return 'API_REFUSED';
  return null;
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
  if (WINDOW_PARAM.test(asText(report['param']) ?? '')) return true;
  if (rejectsBackground(report, status)) return true;
  if (isBlock(report) || (status === null && report['type'] !== 'invalid_request_error')) return false;
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
function isBlock(report: JsonObject): boolean {
  return asText(report['code'])?.includes('moderation') ?? false;
}
