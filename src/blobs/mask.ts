/**
 * Pictures as masks, which say where another picture may change. The upstream takes a PNG with an alpha channel: where it is
 * fully transparent, the picture is edited; the rest is kept. Painting programs rather give a black-and-white picture: it
 * becomes such a PNG as OpenAI's image guide does it, where the picture's own brightness fills the alpha channel. So what is
 * black is transparent, and edited; what is white is kept; grey is partly transparent. All of it on sharp's threads.
 */
import { readFile } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import { MAX_UPLOAD_PIXELS } from './examine.ts';
import { loadSharp, NotAPictureError } from './inspect.ts';

/**
 * - `ALPHA`: at least one pixel is fully transparent.
 * - `BLACK_AND_WHITE`: opaque throughout and without colour, and something in it is black.
 * - `NONE`: neither, a photo for example: there is nothing that it would have edited.
 */
export type MaskKind = 'ALPHA' | 'BLACK_AND_WHITE' | 'NONE';

export interface MaskFacts {
  /** In pixels, as stored. */
  readonly width: number;
  readonly height: number;
  readonly kind: MaskKind;
}

/** The picture is no mask. */
export class NotAMaskError extends Error {
  override readonly name = 'NotAMaskError';

  constructor() {
    super('The picture has neither transparent pixels nor is it black and white.');
  }
}

/** What lossy formats make of black. */
const DARKEST_GREY = 16;
/** By how much the channels of a grey may differ: scans and lossy formats tint. */
const GREY_TOLERANCE = 24;
/** How many of a thousand pixels may be coloured nevertheless. */
const COLOURED_PER_MILLE = 10;
/** Where colour is looked for: a smaller drawing of the same has it as well. */
const DRAWING_PIXELS = 256;
const DECODING_TIMEOUT_SECONDS = 30;

/**
 * Looks at every pixel; of an animation, at those of the first frame.
 * @throws {NotAPictureError} when they cannot be decoded; the system's error when the file cannot be read.
 */
export async function maskFacts(path: string): Promise<MaskFacts> {
  const { facts } = await examine(await readFile(path));
  return facts;
}

/**
 * The mask as the upstream takes it. A PNG with an alpha channel is given back byte for byte.
 * @throws {NotAMaskError} when it is none; {NotAPictureError} and the system's error as `maskFacts` does.
 */
export async function toAlphaMask(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  const { facts, isReady } = await examine(bytes);
  if (facts.kind === 'NONE') throw new NotAMaskError();
  if (isReady) return bytes;
  return facts.kind === 'ALPHA'
    ? decode(bytes, (image) => image.toColourspace('srgb').png().toBuffer())
    : fillAlpha(await brightnessOf(bytes), facts);
}

interface Examined {
  readonly facts: MaskFacts;
  /** It is what the upstream takes: a PNG of true colours or greys, each pixel with an alpha of its own. */
  readonly isReady: boolean;
}

async function examine(bytes: Buffer): Promise<Examined> {
  const { format, width, height, hasAlpha, isPalette } = await decode(bytes, (image) => image.metadata());
  const kind = await kindOf(bytes, hasAlpha);
  return { facts: { width, height, kind }, isReady: kind === 'ALPHA' && format === 'png' && isPalette !== true };
}

async function kindOf(bytes: Buffer, hasAlpha: boolean): Promise<MaskKind> {
  if (hasAlpha) {
    const alpha = await decode(bytes, (image) => image.extractChannel('alpha').raw().toBuffer());
    if (alpha.includes(0)) return 'ALPHA';
    if (!alpha.equals(Buffer.alloc(alpha.byteLength, 255))) return 'NONE';
  }
  if (!(await isGrey(bytes))) return 'NONE';
  const thresholded = await decode(bytes, (image) =>
    image
      .removeAlpha()
      .threshold(DARKEST_GREY + 1)
      .toColourspace('b-w')
      .raw()
      .toBuffer(),
  );
  return thresholded.includes(0) ? 'BLACK_AND_WHITE' : 'NONE';
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

/** The grey picture with its own brightness for its alpha. */
async function fillAlpha(brightness: Buffer, { width, height }: MaskFacts): Promise<Buffer> {
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
