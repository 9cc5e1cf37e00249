/** The bytes of an image: the arguments of `url`, which lead to variants, and data URIs. */

import { InvalidInputError } from '../../../src/domain/errors.ts';
import type { ImageFormat } from '../../../src/domain/generation/options.ts';
import { base64Length } from '../../../src/domain/images/data-uri.ts';
import type { Image, PartialImage } from '../../../src/domain/images/image.ts';
import {
  DEFAULT_VARIANT_FORMAT,
  fixedWidth,
  isVariantFormat,
  VARIANT_FORMATS,
  VARIANT_WIDTHS,
  type Variant,
} from '../../../src/domain/images/variant.ts';
import type { Context } from '../../context.ts';

export const URL_DESCRIPTION =
  'The URL of the bytes, which never change. Its path ends in the extension of the format. With authentication, the URL ' +
  'is signed: it works without credentials until it expires. It stays the same for hours, so that caches keep the bytes; ' +
  'query it again when it is refused with 403. With an argument, it leads to a variant instead: upright, in sRGB and without ' +
  'metadata. A variant is made when it is first loaded, and is never larger than the image.';

export const WIDTH_DESCRIPTION =
  `The width in pixels. The variant has the next of these widths: ${VARIANT_WIDTHS.join(', ')}; at most the last one, and ` +
  'at most the width of the image. An SVG is drawn in the width itself.';

/** @throws {InvalidInputError} */
export function variantOf(width: number | null | undefined, format: ImageFormat | null | undefined): Variant | null {
  if (width == null && format == null) return null;
  if (width != null && width < 1) {
    throw new InvalidInputError([{ field: 'width', message: `must be at least 1, not ${width}.` }]);
  }
  const chosen = format ?? DEFAULT_VARIANT_FORMAT;
  if (!isVariantFormat(chosen)) {
    const message = `must be one of ${VARIANT_FORMATS.join(', ')}, not ${chosen}. Without it, \`url\` leads to the image itself.`;
    throw new InvalidInputError([{ field: 'format', message }]);
  }
  return { width: width == null ? null : fixedWidth(width), format: chosen };
}

export const DATA_URI_DESCRIPTION =
  'The bytes as a data URI (`data:<media type>;base64,…`), for places where a URL cannot be used. Not cached: ' +
  'select it only when needed.';

export const DEFAULT_DATA_URI_BYTES = 4_000_000;
export const MAX_BYTES_DESCRIPTION =
  'The largest file to return as a data URI, in bytes: at most `viewer.limits.maxDataUriBytes`, which null stands for.';

/**
 * @throws {InvalidInputError} when more bytes are asked for than the server allows
 * @throws {LimitExceededError} when the answer has too many bytes with this image
 */
export function dataUri(
  picture: Image | PartialImage,
  maxBytes: number | null | undefined,
  { imageService, dataUriOf, meter, limits: { maxDataUriBytes } }: Context,
): Promise<string | null> | null {
  if (maxBytes != null && (maxBytes < 0 || maxBytes > maxDataUriBytes)) {
    throw new InvalidInputError([{ field: 'maxBytes', message: `must be 0 to ${maxDataUriBytes}, not ${maxBytes}.` }]);
  }
  const { sha256, format, byteSize } = picture;
  if (byteSize > (maxBytes ?? maxDataUriBytes)) return null;
  const make = () => imageService.dataUri(picture, dataUriOf);
  return meter.dataUri(`${sha256}.${format}`, base64Length(byteSize), make);
}
