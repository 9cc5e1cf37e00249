/** `markup` of an edit: a transparent PNG over the first image, whose strokes tell what to change. */
import sharp from 'sharp';
import { imageUserError } from '../http/api-error.ts';
import { isGiven, type JsonObject } from '../http/json.ts';
import { type ImageOptions, isSince25, unsupportedByModel } from '../image-options.ts';
import type { InputPicture } from '../input-picture.ts';

const PARAM = 'markup';

/** Whether the body has a markup. @throws {ApiError} a 400 when the model, or another field, excludes it */
export function asksForMarkup(body: JsonObject, options: ImageOptions): boolean {
  if (!isGiven(body[PARAM])) return false;
  if (!isSince25(options)) throw unsupportedByModel(options.model, PARAM);
  if (isGiven(body['mask'])) throw refused("'markup' cannot be combined with 'mask'.");
  return true;
}

/**
 * Checks a markup against the first image.
 * @throws {ApiError} a 400 when it has another size, another format, or no transparent pixel
 */
export async function checkMarkup(markup: InputPicture, first: InputPicture | undefined): Promise<Buffer> {
  const image = sharp(markup.bytes);
  const { format, hasAlpha } = await image.metadata();
  if (format !== 'png') throw refused("'markup' must be a PNG.");
  if (first !== undefined && (markup.width !== first.width || markup.height !== first.height)) {
    const sizes = `Expected ${first.width}x${first.height}, but got ${markup.width}x${markup.height} instead`;
    throw refused(`'markup' must have the dimensions of the first image. ${sizes}.`);
  }
  if (!hasAlpha || (await image.stats()).isOpaque) throw refused("'markup' must contain transparent pixels.");
  return markup.bytes;
}

function refused(message: string) {
  return imageUserError(message, PARAM, 'invalid_markup');
}
