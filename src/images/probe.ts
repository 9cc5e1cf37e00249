/**
 * What a picture's own bytes say of it, whatever its sender or its name claim; and its pixels drawn anew, small or as PNG.
 * `sharp` is imported at first use only: its native library takes some 60 ms to load, for which no start need wait.
 */
import { readFile } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import type { ImageFormat } from '../domain/options.ts';

/** 10,000 x 10,000: more than any model draws, and less than would exhaust the memory when decoded. */
const MAX_PIXELS = 100_000_000;

/** The placeholder holds seven waves a side at most; a longer side than this changes nothing but the time taken. */
const THUMBHASH_SIDE_PIXELS = 48;

const DECODING_TIMEOUT_SECONDS = 10;

/** The formats that we keep, by sharp's names. */
export const FORMATS: Readonly<Record<string, ImageFormat>> = {
  png: 'PNG',
  webp: 'WEBP',
  jpeg: 'JPEG',
  gif: 'GIF',
  svg: 'SVG',
};

/** The decoders that may be run on bytes from outside; libvips has many more. */
const DECODERS = ['Png', 'Webp', 'Jpeg', 'Nsgif', 'Svg'].map((name) => `VipsForeignLoad${name}`);

export interface PictureFacts {
  /** In pixels, as stored: an EXIF orientation is not applied, so a browser may show width and height exchanged. */
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
}

/** The bytes are not a picture of a format we keep, or one of too many pixels. */
export class NotAPictureError extends Error {
  override readonly name = 'NotAPictureError';

  constructor(cause?: unknown) {
    super('The bytes are not a PNG, WEBP, JPEG, GIF or SVG picture of at most 100 megapixels.', { cause });
  }
}

/**
 * Reads size and format from a picture's header; the pixels are not decoded, so a picture that breaks off passes.
 * @param picture a file's path, or the bytes.
 * @throws {NotAPictureError} for anything else; the system's error when the file cannot be read.
 */
export async function inspectPicture(picture: string | Uint8Array): Promise<PictureFacts> {
  const { format, width, height } = await decode(picture, (image) => image.metadata());
  const known = FORMATS[format];
  if (known === undefined) throw new NotAPictureError();
  return { width, height, format: known };
}

/**
 * A placeholder of some 25 bytes to show while the picture loads: the base64 of its ThumbHash
 * (https://evanw.github.io/thumbhash/), drawn the way up that a browser shows the picture.
 * @param picture a file's path, or the bytes.
 * @throws {NotAPictureError} when the pixels cannot be decoded within ten seconds; the system's error when the file
 * cannot be read.
 */
export async function thumbhash(picture: string | Uint8Array): Promise<string> {
  const { rgbaToThumbHash } = await import('thumbhash');
  const { data, info } = await decode(picture, (image) =>
    image
      .autoOrient()
      .resize(THUMBHASH_SIDE_PIXELS, THUMBHASH_SIDE_PIXELS, { fit: 'inside' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true }),
  );
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64');
}

/**
 * The picture as a PNG, drawn the way up that a browser shows it; of an animation the first frame.
 * @param picture a file's path, or the bytes.
 * @throws {NotAPictureError} and the system's error as `thumbhash` does.
 */
export function toPng(picture: string | Uint8Array): Promise<Buffer> {
  return decode(picture, (image) => image.autoOrient().png().toBuffer());
}

/** Runs `work` on a picture; whatever the decoders refuse in it is not a picture. */
async function decode<T>(picture: string | Uint8Array, work: (image: Sharp) => Promise<T>): Promise<T> {
  const [sharp, bytes] = await Promise.all([loadSharp(), bytesOf(picture)]);
  try {
    // A picture that breaks off is still shown as far as it goes, so it is decoded as far as it goes.
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'none' });
    return await work(image.timeout({ seconds: DECODING_TIMEOUT_SECONDS }));
  } catch (cause) {
    throw new NotAPictureError(cause);
  }
}

/**
 * Decoders get bytes and never a path: of an SVG opened by its path, the decoder would also draw into it whatever
 * neighbouring file it names, so one stored picture could show another.
 */
async function bytesOf(picture: string | Uint8Array): Promise<Uint8Array> {
  return typeof picture === 'string' ? await readFile(picture) : picture;
}

type SharpModule = typeof import('sharp').default;

let loading: Promise<SharpModule> | undefined;

/** sharp with the settings that every use of it here must have. */
export function loadSharp(): Promise<SharpModule> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // No picture is decoded twice, so libvips' cache of operations would only hold memory.
    sharp.cache(false);
    // Decoding is in no hurry; threads of its own would take the processor from pictures on their way.
    sharp.concurrency(1);
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: DECODERS });
    return sharp;
  });
  return loading;
}
