/**
 * Decodes markups: transparent pictures that are laid over the image to edit. Decoding and encoding run on sharp's threads.
 */
import { readFile } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import { barePicture } from './bare-picture.ts';
import type { DrawnMarkup } from './markup-service.ts';
import { loadSharp, NotAPictureError } from './probe.ts';
import { MAX_UPLOAD_PIXELS } from './upload-limits.ts';

const DECODING_TIMEOUT_SECONDS = 30;
/** The byte of a PNG that holds its colour type, and the type that has a red, green, blue and alpha channel (PNG, 11.2.1). */
const COLOUR_TYPE_AT = 25;
const TRUE_COLOUR_WITH_ALPHA = 6;
const UPRIGHT = 1;

/**
 * Examines every pixel. The pixels of a PNG of true colour with an alpha channel stay as they are; any other is redrawn as one.
 * @param path of a PNG
 * @param keepsMetadata whether metadata stays in a PNG that is not drawn again
 * @throws {NotAPictureError} when it cannot be decoded; the system's error when the file cannot be read.
 */
export async function toMarkup(path: string, keepsMetadata: boolean): Promise<DrawnMarkup> {
  const bytes = await readFile(path);
  const { hasAlpha, orientation = UPRIGHT } = await decode(bytes, (image) => image.metadata());
  if (!hasAlpha) return notAMarkup('it has no transparent pixels');
  const alpha = await decode(bytes, (image) => image.extractChannel('alpha').toColourspace('b-w').raw().toBuffer());
  const [seen, hidden] = [Buffer.alloc(alpha.byteLength, 255), Buffer.alloc(alpha.byteLength)];
  if (alpha.equals(seen)) return notAMarkup('it has no transparent pixels');
  if (alpha.equals(hidden)) return notAMarkup('nothing is drawn on it');
  const isReady = bytes[COLOUR_TYPE_AT] === TRUE_COLOUR_WITH_ALPHA && orientation === UPRIGHT;
  const bare = isReady ? await barePicture(bytes, { format: 'PNG', orientation, keepsMetadata }) : null;
  return { png: bare ?? (await decode(bytes, toRgbaPng)), problem: null };
}

function toRgbaPng(image: Sharp): Promise<Buffer> {
  return image.autoOrient().toColourspace('srgb').ensureAlpha().png({ palette: false }).toBuffer();
}

function notAMarkup(why: string): DrawnMarkup {
  const right = 'It must be transparent except where something is drawn over the image to edit.';
  return { png: null, problem: `is not a markup: ${why}. ${right}` };
}

async function decode<T>(bytes: Buffer, work: (image: Sharp) => Promise<T>): Promise<T> {
  const sharp = await loadSharp();
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_UPLOAD_PIXELS, failOn: 'error' });
    return await work(image.timeout({ seconds: DECODING_TIMEOUT_SECONDS }));
  } catch (cause) {
    throw new NotAPictureError(cause);
  }
}
