/** Reads and checks the body of an Image API request: a form with files, or JSON with references to images. */

import type { FileStore } from '../files/store.ts';
import { imageUserError, invalid } from '../http/api-error.ts';
import { isGiven, isObject, type JsonObject, optionalFlag, optionalInteger, optionalText } from '../http/json.ts';
import { type ImageOptions, type OptionDefaults, readImageOptions } from '../image-options.ts';
import { type InputPicture, pictureFromBytes, pictureOf, readReference } from '../input-picture.ts';
import { type ParsedPrompt, parsePrompt } from '../prompt.ts';
import { asksForMarkup, checkMarkup } from './markup.ts';

const MAX_PICTURES = 10;
const MAX_INPUTS = 16;
const MAX_PROMPT = 32_000;
/** The Image API has no outer model that could write an SVG, and no reasoning effort to inherit. */
const DEFAULTS: OptionDefaults = { model: 'gpt-image-1.5', svgModel: 'gpt-5.5', complexity: null };

export interface ImagesRequest {
  readonly kind: 'image_generation' | 'image_edit';
  readonly prompt: ParsedPrompt;
  readonly options: ImageOptions;
  readonly count: number;
  readonly stream: boolean;
  readonly inputs: readonly InputPicture[];
  readonly mask: Buffer | null;
  /** A PNG over the first input. */
  readonly markup: Buffer | null;
}

/**
 * Reads the body, a form or JSON, and the images in it.
 * @throws {ApiError} a 400 that names the field
 */
export async function readImagesRequest(
  body: JsonObject,
  kind: ImagesRequest['kind'],
  files: FileStore,
): Promise<ImagesRequest> {
  const prompt = optionalText(body['prompt'], 'prompt');
  if (!prompt) throw invalid("Missing required parameter: 'prompt'.", 'prompt', 'missing_required_parameter');
  if (prompt.length > MAX_PROMPT) {
    const message = `Invalid 'prompt': string too long. Expected a string with maximum length ${MAX_PROMPT}, but got a string with length ${prompt.length} instead.`;
    throw invalid(message, 'prompt', 'string_above_max_length');
  }
  if (body['response_format'] !== undefined && body['response_format'] !== null) {
    throw invalid("Unknown parameter: 'response_format'.", 'response_format', 'unknown_parameter');
  }
  const options = readImageOptions(body, '', DEFAULTS);
  const stream = optionalFlag(body['stream'], 'stream');
  const count = optionalInteger(body['n'], 'n', 1, MAX_PICTURES) ?? 1;
  if (stream && count > 1) throw invalid('Streaming is only supported with n=1.', 'n', 'invalid_value');
  checkFormat(body, options, { stream, count });
  return {
    kind,
    prompt: parsePrompt(prompt),
    options,
    count,
    stream,
    ...(kind === 'image_edit' ? await readPictures(body, options, files) : readNoPictures(body)),
  };
}

/** What this API, unlike the tool, excludes for GIF and SVG. */
function checkFormat(body: JsonObject, options: ImageOptions, asked: Pick<ImagesRequest, 'stream' | 'count'>): void {
  const { outputFormat } = options;
  if (outputFormat !== 'gif' && outputFormat !== 'svg') return;
  const format = outputFormat.toUpperCase();
  if (asked.stream) throw imageUserError(`${format} output does not support 'stream'.`, 'stream', 'invalid_value');
  if (outputFormat === 'gif') return;
  if (asked.count > 1) throw imageUserError('SVG output requires n=1.', 'n', 'invalid_value');
  const excluded = options.partialImages > 0 ? 'partial_images' : 'output_compression';
  if (excluded === 'output_compression' && !isGiven(body[excluded])) return;
  throw imageUserError(`SVG output does not support '${excluded}'.`, excluded, 'invalid_value');
}

type Pictures = Pick<ImagesRequest, 'inputs' | 'mask' | 'markup'>;

async function readPictures(body: JsonObject, options: ImageOptions, files: FileStore): Promise<Pictures> {
  const hasMarkup = asksForMarkup(body, options);
  const inputs = await readInputs(body, files);
  return {
    inputs,
    mask: body['mask'] ? (await readPicture(body['mask'], 'mask', files)).bytes : null,
    markup: hasMarkup ? await checkMarkup(await readPicture(body['markup'], 'markup', files), inputs[0]) : null,
  };
}

function readNoPictures(body: JsonObject): Pictures {
  if (isGiven(body['markup'])) throw invalid("Unknown parameter: 'markup'.", 'markup', 'unknown_parameter');
  return { inputs: [], mask: null, markup: null };
}

async function readInputs(body: JsonObject, files: FileStore): Promise<readonly InputPicture[]> {
  const given = body['image'] ?? body['images'] ?? [];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length === 0) throw invalid("Missing required parameter: 'image'.", 'image', 'missing_required_parameter');
  if (list.length > MAX_INPUTS) {
    throw invalid(
      `Invalid 'image': array too long. Expected an array with maximum length ${MAX_INPUTS}, but got an array with length ${list.length} instead.`,
      'image',
      'array_above_max_length',
    );
  }
  const name = body['image'] === undefined ? 'images' : 'image';
  return Promise.all(list.map((each, index) => readPicture(each, `${name}[${index}]`, files)));
}

/** An image given as a form file, or as a reference in JSON. */
async function readPicture(value: unknown, param: string, files: FileStore): Promise<InputPicture> {
  if (value instanceof Blob) return pictureFromBytes(Buffer.from(await value.arrayBuffer()), param);
  const reference = isObject(value) ? readReference(value, param) : null;
  if (reference !== null) return pictureOf(reference, files);
  throw invalid(`Invalid type for '${param}': expected a file.`, param, 'invalid_type');
}
