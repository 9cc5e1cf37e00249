/**
 * Size limits of the images that are sent with a request. Larger images would be rejected by the upstream, or would not fit
 * into one request. GIF and SVG are not checked: they are converted to PNG before they are sent.
 */

import type { ImageFormat } from '../generation/options.ts';
import type { Image } from '../images/image.ts';

/** OpenAI's limit for an image that is uploaded as a file to be edited. */
const FILE_BYTES = 52_428_800;
/** The limit of a data URL, in characters: `image_url` in OpenAI's published description (2.3.0), in both APIs. */
const DATA_URL_LENGTH = 20_971_520;
/** The largest image that fits into such a URL, whatever its format: base64 has four characters for three bytes. */
const DATA_URL_BYTES = Math.floor((DATA_URL_LENGTH - 'data:image/jpeg;base64,'.length) / 4) * 3;
/**
 * The limit of all images that are sent in one request. The upstream documents none. Each of up to ten parallel requests
 * holds this amount in memory three times: as text, as JSON and as bytes.
 */
const TOTAL_BYTES = 100_000_000;

/** The formats that are sent without conversion. */
const UNCONVERTED_FORMATS: ReadonlySet<ImageFormat> = new Set(['PNG', 'WEBP', 'JPEG']);

/**
 * Which of these images are too large to be sent as bytes, and the limit; null when none is.
 * @param asFiles whether images are uploaded as files, instead of being sent as data URLs
 */
export function byteProblem(images: readonly Image[], asFiles: boolean): string | null {
  const sizes = images.filter(({ format }) => UNCONVERTED_FORMATS.has(format)).map(({ byteSize }) => byteSize);
  const limit = asFiles ? FILE_BYTES : DATA_URL_BYTES;
  const largest = Math.max(0, ...sizes);
  if (largest > limit) {
    return `an image of ${largest} bytes; the upstream accepts at most ${limit}${asFiles ? '' : ' as a data URL'}`;
  }
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (asFiles || total <= TOTAL_BYTES) return null;
  return `images of ${total} bytes in total; one request can contain at most ${TOTAL_BYTES}`;
}
