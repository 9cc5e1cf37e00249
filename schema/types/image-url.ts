/** The arguments of `url`: which variant of an image it leads to. */
import { InvalidInputError } from '../../src/domain/errors.ts';
import type { ImageFormat } from '../../src/domain/options.ts';
import {
  DEFAULT_VARIANT_FORMAT,
  fixedWidth,
  isVariantFormat,
  VARIANT_FORMATS,
  VARIANT_WIDTHS,
  type Variant,
} from '../../src/domain/variant.ts';

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
