/**
 * What a nothingBoughtKind has against the request: something it names is gone, or the upstream does not do such a thing at all.
 * For each there is another way that can work, so this is looked for strictly: in codes and params first, in words
 * only where the upstreams are known to have nothing else, and only for a request that did ask for it.
 */
import type { ProviderApi, ProviderErrorKind, ProviderRequest } from '../../image-provider.ts';
import { usesFiles } from '../files/image-reference.ts';
import { asText, type JsonObject } from '../json-values.ts';

/** What a request asked for that an upstream can have something against. */
export interface RequestFeatures {
  readonly api: ProviderApi;
  /** Whether it built on an upstream response or item, which the upstream may have forgotten. */
  readonly usesContext: boolean;
  /** Whether it named a picture by the upstream's id of a file. */
  readonly usesFiles: boolean;
  /** Whether it asked to be worked on in the background. */
  readonly background: boolean;
}

export function featuresOf(request: ProviderRequest): RequestFeatures {
  const { api, context } = request;
  return {
    api,
    usesContext: context.route === 'PREVIOUS_RESPONSE' || context.route === 'CONTEXT_ITEMS',
    usesFiles: usesFiles(request),
    background: request.background && api === 'RESPONSES',
  };
}

export type NothingBoughtKind = Extract<
  ProviderErrorKind,
  'NOTHING_BOUGHT' | 'CONTEXT_LOST' | 'FILE_LOST' | 'BACKGROUND_REFUSED' | 'API_REFUSED'
>;

/**
 * What the report names; null where it is of another kind.
 * @param status of the HTTP answer that the report came in; null for one inside a stream.
 */
export function unsupportedFeature(
  report: JsonObject,
  status: number | null,
  request: RequestFeatures,
): NothingBoughtKind | null {
  if (request.usesFiles && namesLostFile(report, status)) return 'FILE_LOST';
  if (request.usesContext && namesLostContext(report, status)) return 'CONTEXT_LOST';
  if (request.background && namesBackground(report, status)) return 'BACKGROUND_REFUSED';
  if (request.api === 'IMAGES' && namesApi(report, status)) return 'API_REFUSED';
  return null;
}

const LOST_CONTEXT = /\b(?:response|item)\b.*\bnot found\b|without its required '?reasoning'? item/is;

/** The upstream has one code for a lost response, but for lost items only words. */
function namesLostContext(report: JsonObject, status: number | null): boolean {
  const code = asText(report['code']);
  if (code === 'previous_response_not_found' || report['param'] === 'previous_response_id') return true;
  if (status !== null && status !== 400 && status !== 404) return false;
  return code !== 'model_not_found' && LOST_CONTEXT.test(asText(report['message']) ?? '');
}

const LOST_FILE_CODES: ReadonlySet<string | null> = new Set(['file_not_found', 'image_file_not_found']);
const LOST_FILE = /\bno such file\b|\bfile\b.{0,120}\b(?:not found|does not exist|has expired|was deleted)\b/is;

/** Also a service that has no files, and does not know the parameter: there too the bytes can be sent. */
function namesLostFile(report: JsonObject, status: number | null): boolean {
  if (status !== null && ![400, 404, 410, 422].includes(status)) return false;
  if (isBlock(report)) return false;
  if (LOST_FILE_CODES.has(asText(report['code']))) return true;
  if (asText(report['param'])?.endsWith('file_id')) return true;
  return LOST_FILE.test(asText(report['message']) ?? '');
}

/** 501 is what a service says that has switched its memory of responses off. */
const BACKGROUND_STATUSES: ReadonlySet<number | null> = new Set([400, 403, 422, 501, null]);
const BACKGROUND_WORDS = /\bbackground\b|\bstore\b|\b(?:zero|no)[ -]data[ -]retention\b|\bZDR\b/i;
/** The background of the picture, which is another option of the same name. */
const PICTURE_WORDS = /\btransparen|\bopaque\b|\btools?\b/i;

/** Upstreams have no code for it. A wrong guess costs one more request that buys nothing: it is refused again. */
function namesBackground(report: JsonObject, status: number | null): boolean {
  if (!BACKGROUND_STATUSES.has(status)) return false;
  const param = asText(report['param']);
  if (param === 'background' || param === 'store') return true;
  if (isBlock(report) || report['type'] === 'image_generation_user_error') return false;
  // A failure can have any words in it; only an error of the request is a nothingBoughtKind.
  if (status === null && report['type'] !== 'invalid_request_error') return false;
  const message = asText(report['message']) ?? '';
  return (param === null || param === 'stream') && BACKGROUND_WORDS.test(message) && !PICTURE_WORDS.test(message);
}

/** Answers that say of themselves that there is nothing at this path, or not for such a request. */
const NO_SUCH_API: ReadonlySet<number | null> = new Set([405, 415, 501]);
const NO_MODEL_CODES: ReadonlySet<string | null> = new Set(['model_not_found', 'DeploymentNotFound']);
const NO_MODEL = /\b(?:model|deployment)\b/i;
/** The number of pictures, streaming, and an edit as JSON: what the Image API has and some of its copies have not. */
const FORM_PARAMS: ReadonlySet<string | null> = new Set(['n', 'stream', 'partial_images', 'images']);
const FORM_CODES: ReadonlySet<string | null> = new Set([
  'unknown_parameter',
  'unsupported_parameter',
  'unsupported_value',
  'integer_above_max_value',
]);
const FORM_WORDS =
  /\bstreaming is (?:not|only) supported\b|\bmultipart\/form-data\b|\bunsupported content[- ]type\b|\bimage (?:api|generations?|edits?|endpoints?) (?:is|are) not (?:supported|available|enabled)\b/i;

function namesApi(report: JsonObject, status: number | null): boolean {
  if (NO_SUCH_API.has(status)) return true;
  const code = asText(report['code']);
  const message = asText(report['message']) ?? '';
  // A model that is not there is for its operator to hear of, and not for another API to stand in for.
  if (status === 404) return !NO_MODEL_CODES.has(code) && !NO_MODEL.test(message);
  if (status !== 400 && status !== 422 && status !== null) return false;
  if (isBlock(report) || report['type'] === 'image_generation_user_error') return false;
  if (status === null && report['type'] !== 'invalid_request_error') return false;
  return FORM_WORDS.test(message) || (FORM_PARAMS.has(asText(report['param'])) && FORM_CODES.has(code));
}

/** A block by the safety system can have any words in it. */
function isBlock(report: JsonObject): boolean {
  return asText(report['code'])?.includes('moderation') ?? false;
}
