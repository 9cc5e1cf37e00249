/**
 * Converts pictures to masks, which say where another picture may change. The upstream accepts a PNG with an alpha channel:
 * fully transparent pixels are edited, the rest is kept. Painting programs often save a black-and-white picture instead. It
 * is converted as in OpenAI's image guide, where its brightness becomes the alpha channel: black is transparent and
 * edited, white is kept, grey is partly transparent.
 */
import { readFile } from 'node:fs/promises';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { Overlay } from './overlay.ts';
import {
  asItIs,
  DECODING_TIMEOUT_SECONDS,
  decode,
  GREY_WITH_ALPHA,
  TRUE_COLOUR_WITH_ALPHA,
  toRgbaPng,
} from './overlay-pixels.ts';
import { loadSharp, uprightSize } from './probe.ts';

/** Lossy formats change black and white slightly. Values up to the first count as black, from the second on as white. */
const MAX_BLACK = 16;
const MIN_WHITE = 239;
/**
 * How many percent of the pixels may be neither. A soft brush makes grey edges: an edge of 50 pixels around a circle of 600,
 * in a picture of 1024x1024, makes nine percent. A photo without colour is mostly grey, and its shadows are not a mask.
 */
const MAX_GREY_PERCENT = 10;
/** By how much the channels of a grey may differ: scans and lossy formats add a tint. */
const GREY_TOLERANCE = 24;
/** How many of a thousand pixels may have a colour. */
const MAX_COLOURED_PER_MILLE = 10;
/** Edge of the reduced picture that is searched for colour. */
const REDUCED_EDGE_PIXELS = 256;
/** Pixels that are processed at a time, in about a millisecond, before the event loop continues with other work. */
const BATCH_PIXELS = 1_000_000;
/** Those of a PNG with an alpha channel. */
const COLOUR_TYPES = [GREY_WITH_ALPHA, TRUE_COLOUR_WITH_ALPHA];

/**
 * Examines every pixel; of an animation, those of the first frame. The mask is upright: it has the size in which the picture
 * is shown. The pixels of a PNG with an alpha channel stay as they are, byte for byte, as does the rest of the file if it has
 * no metadata.
 * @param keepsMetadata whether metadata stays in a PNG that is not drawn again
 * @throws {NotAPictureError} when they cannot be decoded; the system's error when the file cannot be read.
 */
export async function toAlphaMask(path: string, keepsMetadata = false): Promise<Overlay> {
  const bytes = await readFile(path);
  const metadata = await decode(bytes, (image) => image.metadata());
  const { width, height } = uprightSize(metadata);
  if (metadata.hasAlpha) {
    const alpha = await decode(bytes, (image) => image.extractChannel('alpha').raw().toBuffer());
    if (alpha.includes(0)) {
      const kept = await asItIs(bytes, metadata, { colourTypes: COLOUR_TYPES, keepsMetadata });
      return { png: kept ?? (await decode(bytes, toRgbaPng)), problem: null };
    }
    if (!alpha.equals(Buffer.alloc(alpha.byteLength, 255)))
      return notAMask('it is transparent in part, but nowhere fully');
  }
  if (!(await isGrey(bytes))) return notAMask('it has colours');
  const alpha = await brightnessOf(bytes);
  const greys = await snapToBlackAndWhite(alpha);
  if (greys * 100 > MAX_GREY_PERCENT * alpha.byteLength)
    return notAMask('it has too many greys between black and white');
  if (!alpha.includes(0)) return notAMask('nothing in it is black');
  return { png: await fillAlpha(alpha, width, height), problem: null };
}

function notAMask(why: string): Overlay {
  const right = 'It must be fully transparent where the picture may change, or black there and white elsewhere.';
  return { png: null, problem: `is not a mask: ${why}. ${right}` };
}

async function isGrey(bytes: Buffer): Promise<boolean> {
  const pixels = await decode(bytes, (image) =>
    image
      .removeAlpha()
      .resize(REDUCED_EDGE_PIXELS, REDUCED_EDGE_PIXELS, { fit: 'inside', withoutEnlargement: true, kernel: 'nearest' })
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
  return coloured * 1000 <= MAX_COLOURED_PER_MILLE * info.width * info.height;
}

/** One byte a pixel. */
function brightnessOf(bytes: Buffer): Promise<Buffer> {
  return decode(bytes, (image) => image.autoOrient().removeAlpha().toColourspace('b-w').raw().toBuffer());
}

/** Makes nearly black pixels black and nearly white ones white, in place; resolves with the number of all others. */
async function snapToBlackAndWhite(brightness: Buffer): Promise<number> {
  let greys = 0;
  for (let from = 0; from < brightness.length; from += BATCH_PIXELS) {
    const end = Math.min(brightness.length, from + BATCH_PIXELS);
    for (let at = from; at < end; at += 1) {
      const value = brightness[at] ?? 0;
      if (value <= MAX_BLACK) brightness[at] = 0;
      else if (value >= MIN_WHITE) brightness[at] = 255;
      else greys += 1;
    }
    await yieldToEventLoop();
  }
  return greys;
}

/** The grey picture as a PNG whose alpha channel is its own brightness. */
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
