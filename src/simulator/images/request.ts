/** Reads and checks the body of an Image API request: a form with files, or JSON with references to images. */

import type { FileStore } from '../files/store.ts';
import { invalid } from '../http/api-error.ts';
import { isObject, type JsonObject, optionalFlag, optionalInteger, optionalText } from '../http/json.ts';
import { type ImageOptions, readImageOptions } from '../image-options.ts';
import { type InputPicture, pictureFromBytes, pictureOf, readReference } from '../input-picture.ts';
import { type ParsedPrompt, parsePrompt } from '../prompt.ts';

const MAX_PICTURES = 10;
const MAX_INPUTS = 16;
const MAX_PROMPT = 32_000;
const DEFAULT_MODEL = 'gpt-image-1.5';

export interface ImagesRequest {
  readonly kind: 'image_generation' | 'image_edit';
  readonly prompt: ParsedPrompt;
  readonly options: ImageOptions;
  readonly count: number;
  readonly stream: boolean;
  readonly inputs: readonly InputPicture[];
  readonly mask: Buffer | null;
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
  const options = readImageOptions(body, '', DEFAULT_MODEL);
  const stream = optionalFlag(body['stream'], 'stream');
  const count = optionalInteger(body['n'], 'n', 1, MAX_PICTURES) ?? 1;
  if (stream && count > 1) throw invalid('Streaming is only supported with n=1.', 'n', 'invalid_value');
  if (options.outputFormat === 'gif' && stream)
    throw invalid("GIF output does not support 'stream'.", 'stream', 'invalid_value');
  if (options.outputFormat === 'svg' && (stream || count > 1 || isGiven(body['output_compression'])))
    throw invalid("SVG output requires n=1, and neither 'stream' nor 'output_compression'.", 'output_format');
  return {
    kind,
    prompt: parsePrompt(prompt),
    options,
    count,
    stream,
    inputs: kind === 'image_edit' ? await readInputs(body, files) : [],
    mask: kind === 'image_edit' && body['mask'] ? (await readPicture(body['mask'], 'mask', files)).bytes : null,
  };
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

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
