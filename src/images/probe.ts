/**
 * Reads size and format from a picture's bytes, whatever its name or its sender claim, and converts its pixels to a
 * placeholder or a PNG. `sharp` is imported at first use: its native library takes some 60 ms to load, which would delay
 * the start.
 */
import { readFile } from 'node:fs/promises';
import type { Metadata, Sharp } from 'sharp';
import type { ImageFormat } from '../domain/generation/options.ts';
import { UPRIGHT } from './orientation-tag.ts';
import type { PictureForm } from './service.ts';

/** 10,000 x 10,000: more than any model makes, and decoded it still fits into memory. */
export const MAX_PIXELS = 100_000_000;

/** A ThumbHash has at most seven waves a side, so a larger picture would only take more time. */
const THUMBHASH_SIDE_PIXELS = 48;

const DECODING_TIMEOUT_SECONDS = 10;
/** Six times what the largest upload takes: it is also encoded, and a call waits for it. */
const CONVERSION_TIMEOUT_SECONDS = 30;
/** Of the eight EXIF orientations, those from this on exchange width and height. */
const FIRST_SIDEWAYS_ORIENTATION = 5;

/** The formats that are stored, by sharp's names. */
export const FORMATS: Readonly<Record<string, ImageFormat>> = {
  png: 'PNG',
  webp: 'WEBP',
  jpeg: 'JPEG',
  gif: 'GIF',
  svg: 'SVG',
};

/** The decoders that may run on bytes from outside; libvips has many more. */
const DECODERS = ['Png', 'Webp', 'Jpeg', 'Nsgif', 'Svg'].map((name) => `VipsForeignLoad${name}`);

export interface PictureFacts {
  /** In pixels, as a browser shows the picture: upright, by the EXIF orientation. So is the height. */
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
}

/** The bytes are not a picture of a known format, or it has too many pixels. */
export class NotAPictureError extends Error {
  override readonly name = 'NotAPictureError';

  constructor(cause?: unknown) {
    super('The bytes are not a PNG, WEBP, JPEG, GIF or SVG picture of at most 100 megapixels.', { cause });
  }
}

/**
 * Reads size and format from a picture's header. The pixels are not decoded, so a truncated picture passes.
 * @param picture the path of a file, or the bytes.
 * @throws {NotAPictureError} when it is not a picture of a known format; the system's error when the file cannot be read.
 */
export async function probeImage(picture: string | Uint8Array): Promise<PictureFacts> {
  const metadata = await decode(picture, (image) => image.metadata());
  const known = FORMATS[metadata.format];
  if (known === undefined) throw new NotAPictureError();
  return { ...uprightSize(metadata), format: known };
}

/** What decides how a picture is sent to the upstream. @throws {NotAPictureError} when its header cannot be read. */
export async function inspect(picture: Uint8Array): Promise<PictureForm> {
  const { orientation = UPRIGHT, space, pages = 1 } = await decode(picture, (image) => image.metadata());
  return { orientation, mustBeConverted: space === 'cmyk' || pages > 1 };
}

/** The size in which the picture is shown, by its EXIF orientation; of an animation, that of a frame. */
export function uprightSize(
  metadata: Pick<Metadata, 'width' | 'height' | 'pageHeight' | 'orientation'>,
): Pick<PictureFacts, 'width' | 'height'> {
  const { width, orientation = UPRIGHT } = metadata;
  const height = metadata.pageHeight ?? metadata.height;
  return orientation >= FIRST_SIDEWAYS_ORIENTATION ? { width: height, height: width } : { width, height };
}

/**
 * A placeholder of some 25 bytes to show while the picture loads: the base64 of its ThumbHash
 * (https://evanw.github.io/thumbhash/), in the orientation in which a browser shows the picture.
 * @param picture the path of a file, or the bytes.
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
 * Converts a picture to PNG, in the orientation in which a browser shows it; of an animation, the first frame.
 * @param picture the path of a file, or the bytes.
 * @throws {NotAPictureError} when the pixels cannot be decoded and encoded within thirty seconds; the system's error when
 * the file cannot be read.
 */
export function toPng(picture: string | Uint8Array): Promise<Buffer> {
  return decode(picture, (image) => image.autoOrient().png().toBuffer(), CONVERSION_TIMEOUT_SECONDS);
}

/** Runs `work` on a picture; what the decoders reject is not a picture. */
async function decode<T>(
  picture: string | Uint8Array,
  work: (image: Sharp) => Promise<T>,
  seconds = DECODING_TIMEOUT_SECONDS,
): Promise<T> {
  const [sharp, bytes] = await Promise.all([loadSharp(), bytesOf(picture)]);
  try {
    // Browsers show a truncated picture as far as it goes, so it is decoded as far as it goes.
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'none' });
    return await work(image.timeout({ seconds }));
  } catch (cause) {
    throw new NotAPictureError(cause);
  }
}

/**
 * Decoders get bytes and never a path. When an SVG is opened by its path, the decoder also draws the neighbouring files
 * that it names, so one stored picture could show another.
 */
async function bytesOf(picture: string | Uint8Array): Promise<Uint8Array> {
  return typeof picture === 'string' ? await readFile(picture) : picture;
}

type SharpModule = typeof import('sharp').default;

let loading: Promise<SharpModule> | undefined;

/** sharp with the settings that every use of it needs. */
export function loadSharp(): Promise<SharpModule> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // No picture is decoded twice, so libvips' cache of operations would only use memory.
    sharp.cache(false);
    // Decoding is not urgent: more threads would take processor time from images that are arriving.
    sharp.concurrency(1);
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: DECODERS });
    return sharp;
  });
  return loading;
}
