/** Decodes markups: transparent pictures that are laid over the image to edit. */
import { readFile } from 'node:fs/promises';
import type { Overlay } from './overlay.ts';
import { asItIs, decode, TRUE_COLOUR_WITH_ALPHA, toRgbaPng } from './overlay-pixels.ts';

const COLOUR_TYPES = [TRUE_COLOUR_WITH_ALPHA];

/**
 * Examines every pixel. The pixels of a PNG of true colour with an alpha channel stay as they are; any other is redrawn as one.
 * @param path of a PNG
 * @param keepsMetadata whether metadata stays in a PNG that is not drawn again
 * @throws {NotAPictureError} when it cannot be decoded; the system's error when the file cannot be read.
 */
export async function toMarkup(path: string, keepsMetadata: boolean): Promise<Overlay> {
  const bytes = await readFile(path);
  const metadata = await decode(bytes, (image) => image.metadata());
  if (!metadata.hasAlpha) return notAMarkup('it has no transparent pixels');
  const alpha = await decode(bytes, (image) => image.extractChannel('alpha').toColourspace('b-w').raw().toBuffer());
  const [seen, hidden] = [Buffer.alloc(alpha.byteLength, 255), Buffer.alloc(alpha.byteLength)];
  if (alpha.equals(seen)) return notAMarkup('it has no transparent pixels');
  if (alpha.equals(hidden)) return notAMarkup('nothing is drawn on it');
  const kept = await asItIs(bytes, metadata, { colourTypes: COLOUR_TYPES, keepsMetadata });
  return { png: kept ?? (await decode(bytes, toRgbaPng)), problem: null };
}

function notAMarkup(why: string): Overlay {
  const right = 'It must be transparent except where something is drawn over the image to edit.';
  return { png: null, problem: `is not a markup: ${why}. ${right}` };
}
