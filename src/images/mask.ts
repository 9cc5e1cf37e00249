/**
 * Pictures as masks, which say where another picture may change. The upstream takes a PNG with an alpha channel: where it is
 * fully transparent, the picture is edited; the rest is kept. Painting programs rather give a black-and-white picture: it
 * becomes such a PNG as OpenAI's image guide does it, where the picture's own brightness fills the alpha channel. So what is
 * black is transparent, and edited; what is white is kept; grey is partly transparent. Decoding and drawing happen on
 * sharp's threads.
 */
import { readFile } from 'node:fs/promises';
import { setImmediate as othersFirst } from 'node:timers/promises';
import type { Sharp } from 'sharp';
import { loadSharp, NotAPictureError } from './probe.ts';
import { MAX_UPLOAD_PIXELS } from './validate.ts';

/** The mask as the upstream takes it, or why the picture is none. */
export type AlphaMask =
  | { readonly png: Buffer; readonly problem: null }
  | { readonly png: null; readonly problem: string };

/** What lossy formats make of black and of white: these go up as black and white, or nothing would be edited. */
const DARKEST_GREY = 16;
const LIGHTEST_GREY = 239;
/**
 * How many of a hundred pixels may be neither. The edges of a soft brush are: one of fifty pixels around a circle of six
 * hundred, in a picture of 1024x1024, makes nine. Of a photo without colour most pixels are, and its shadows are no mask.
 */
const GREY_PERCENT = 10;
/** By how much the channels of a grey may differ: scans and lossy formats tint. */
const GREY_TOLERANCE = 24;
/** How many of a thousand pixels may be coloured nevertheless. */
const COLOURED_PER_MILLE = 10;
/** Where colour is looked for: a smaller drawing of the same has it as well. */
const DRAWING_PIXELS = 256;
/** Pixels that are gone through at a time: a millisecond's work, between which others have their turn. */
const STRETCH_PIXELS = 1_000_000;
const DECODING_TIMEOUT_SECONDS = 30;

/**
 * Looks at every pixel; of an animation, at those of the first frame. A PNG with an alpha channel is given back byte for
 * byte.
 * @throws {NotAPictureError} when they cannot be decoded; the system's error when the file cannot be read.
 */
export async function toAlphaMask(path: string): Promise<AlphaMask> {
  const bytes = await readFile(path);
  const { format, width, height, hasAlpha, isPalette } = await decode(bytes, (image) => image.metadata());
  if (hasAlpha) {
    const alpha = await decode(bytes, (image) => image.extractChannel('alpha').raw().toBuffer());
    if (alpha.includes(0)) {
      // True colours or greys, each pixel with an alpha of its own: what the upstream takes.
      const isReady = format === 'png' && isPalette !== true;
      return { png: isReady ? bytes : await redraw(bytes), problem: null };
    }
    if (!alpha.equals(Buffer.alloc(alpha.byteLength, 255)))
      return noMask('it is transparent in part, but nowhere fully');
  }
  if (!(await isGrey(bytes))) return noMask('it has colours');
  const alpha = await brightnessOf(bytes);
  const greys = await snapToEnds(alpha);
  if (greys * 100 > GREY_PERCENT * alpha.byteLength) return noMask('it has too many greys between black and white');
  if (!alpha.includes(0)) return noMask('nothing in it is black');
  return { png: await fillAlpha(alpha, width, height), problem: null };
}

function noMask(why: string): AlphaMask {
  const right = 'It must be fully transparent where the picture may change, or black there and white elsewhere.';
  return { png: null, problem: `is no mask: ${why}. ${right}` };
}

function redraw(bytes: Buffer): Promise<Buffer> {
  return decode(bytes, (image) => image.toColourspace('srgb').png().toBuffer());
}

async function isGrey(bytes: Buffer): Promise<boolean> {
  const pixels = await decode(bytes, (image) =>
    image
      .removeAlpha()
      .resize(DRAWING_PIXELS, DRAWING_PIXELS, { fit: 'inside', withoutEnlargement: true, kernel: 'nearest' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true }),
  );
  const { data, info } = pixels;
  if (info.channels < 3) return true;
  let coloured = 0;
  for (let at = 0; at < data.length; at += info.channels) {
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > GREY_TOLERANCE) coloured += 1;
  }
  return coloured * 1000 <= COLOURED_PER_MILLE * info.width * info.height;
}

/** One byte a pixel. */
function brightnessOf(bytes: Buffer): Promise<Buffer> {
  return decode(bytes, (image) => image.removeAlpha().toColourspace('b-w').raw().toBuffer());
}

/** Makes what is nearly black black and what is nearly white white, in place, and counts the rest. */
async function snapToEnds(brightness: Buffer): Promise<number> {
  let greys = 0;
  for (let from = 0; from < brightness.length; from += STRETCH_PIXELS) {
    const end = Math.min(brightness.length, from + STRETCH_PIXELS);
    for (let at = from; at < end; at += 1) {
      const value = brightness[at] ?? 0;
      if (value <= DARKEST_GREY) brightness[at] = 0;
      else if (value >= LIGHTEST_GREY) brightness[at] = 255;
      else greys += 1;
    }
    await othersFirst();
  }
  return greys;
}

/** The grey picture with its own brightness for its alpha. */
async function fillAlpha(brightness: Buffer, width: number, height: number): Promise<Buffer> {
  const sharp = await loadSharp();
  const raw = { width, height, channels: 1 } as const;
  return sharp(brightness, { raw })
    .toColourspace('srgb')
    .joinChannel(brightness, { raw })
    .png()
    .timeout({ seconds: DECODING_TIMEOUT_SECONDS })
    .toBuffer();
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
