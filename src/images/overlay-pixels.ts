/** Decodes masks and markups, on sharp's threads. */
import type { Metadata, Sharp } from 'sharp';
import { barePicture } from './bare-picture.ts';
import { UPRIGHT } from './orientation-tag.ts';
import { loadSharp, NotAPictureError } from './probe.ts';
import { MAX_UPLOAD_PIXELS } from './upload-limits.ts';

export const DECODING_TIMEOUT_SECONDS = 30;

/** Colour types of a PNG (PNG, 11.2.1). */
export const GREY_WITH_ALPHA = 4;
export const TRUE_COLOUR_WITH_ALPHA = 6;
const COLOUR_TYPE_AT = 25;

/**
 * Runs `work` on a complete picture.
 * @throws {NotAPictureError} when it is damaged, or takes too long
 */
export async function decode<T>(bytes: Buffer, work: (image: Sharp) => Promise<T>): Promise<T> {
  const sharp = await loadSharp();
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_UPLOAD_PIXELS, failOn: 'error' });
    return await work(image.timeout({ seconds: DECODING_TIMEOUT_SECONDS }));
  } catch (cause) {
    throw new NotAPictureError(cause);
  }
}

export interface KeptPixels {
  readonly colourTypes: readonly number[];
  /** Whether metadata is kept, too. */
  readonly keepsMetadata: boolean;
}

/**
 * An upright PNG of one of these colour types, with its pixels as they are. Null for all others: a palette, and one colour
 * that counts as transparent (`tRNS`), are no alpha channel, whatever the decoder makes of them.
 */
export async function asItIs(
  bytes: Buffer,
  { format, orientation = UPRIGHT }: Metadata,
  { colourTypes, keepsMetadata }: KeptPixels,
): Promise<Buffer | null> {
  const colourType = bytes[COLOUR_TYPE_AT] ?? 0;
  if (format !== 'png' || orientation !== UPRIGHT || !colourTypes.includes(colourType)) return null;
  return barePicture(bytes, { format: 'PNG', orientation, keepsMetadata });
}

/** A PNG of red, green, blue and alpha, upright. */
export function toRgbaPng(image: Sharp): Promise<Buffer> {
  return image.autoOrient().toColourspace('srgb').ensureAlpha().png({ palette: false }).toBuffer();
}
