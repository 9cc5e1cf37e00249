/**
 * How large the pictures may be that go with a request. What is refused here would be refused upstream, or would not fit
 * into one request; a GIF or an SVG becomes a PNG on its way, and of that the upstream judges.
 */
import type { Image } from './image.ts';
import type { ImageFormat } from './options.ts';

/** As a file; OpenAI's limit for a picture to edit. */
const FILE_BYTES = 52_428_800;
/** Characters of a data URL; `image_url` in OpenAI's published description (2.3.0), in both APIs. */
const DATA_URL_LENGTH = 20_971_520;
/** Bytes of a picture that fills such a URL, whatever its format: base64 has four characters for three bytes. */
const DATA_URL_BYTES = Math.floor((DATA_URL_LENGTH - 'data:image/jpeg;base64,'.length) / 4) * 3;
/**
 * Of all pictures that are sent along with one request. Nobody upstream names a limit that we know of; this is what is
 * held three times over (as text, as JSON, as bytes) by each of up to ten requests side by side.
 */
const ALONG_BYTES = 100_000_000;

const SENT_AS_THEY_ARE: ReadonlySet<ImageFormat> = new Set(['PNG', 'WEBP', 'JPEG']);

/** Which of these pictures, which go by their bytes, are too large, and for what; null when none is. */
export function byteProblem(images: readonly Image[], asFiles: boolean): string | null {
  const sizes = images.filter(({ format }) => SENT_AS_THEY_ARE.has(format)).map(({ byteSize }) => byteSize);
  const most = asFiles ? FILE_BYTES : DATA_URL_BYTES;
  const largest = Math.max(0, ...sizes);
  if (largest > most) {
    return `a picture of ${largest} bytes; the upstream takes ${most} at most${asFiles ? '' : ' as a data URL'}`;
  }
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (asFiles || total <= ALONG_BYTES) return null;
  return `pictures of ${total} bytes together; ${ALONG_BYTES} at most are sent along with a request`;
}
