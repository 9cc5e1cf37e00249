/**
 * Looks through a whole picture before it is kept: unlike what an upstream sends, what anybody uploads may be broken off,
 * damaged, or made to exhaust whoever decodes it. All of this happens on sharp's threads.
 */
import { open } from 'node:fs/promises';
import type { Metadata } from 'sharp';
import type { ImageFormat } from '../domain/options.ts';
import { FORMATS, loadSharp, type PictureFacts } from './probe.ts';

/**
 * In all frames together. Eight times what the upstream draws at most, and more than most cameras make. Decoded at once, as
 * an interlaced picture must be, so many take 256 MB of memory, and 512 MB with 16 bits a channel.
 */
export const MAX_UPLOAD_PIXELS = 64_000_000;
/** The longest that a WEBP can have, so that every picture can be converted to every format. */
export const MAX_UPLOAD_EDGE = 16_383;

const DECODING_TIMEOUT_SECONDS = 30;
/** Where the end of a picture is looked for: some programs write a few bytes more behind it. */
const TAIL_BYTES = 64 * 1024;
const PNG_END = Buffer.from('\0\0\0\0IEND\xaeB`\x82', 'latin1');
const JPEG_END = Buffer.from([0xff, 0xd9]);
/** What the pixels are drawn into, only to have decoded them. */
const PROBE_PIXELS = 16;

/** What the picture is, or what is wrong with it and what would be right. */
export type Examined =
  | { readonly facts: PictureFacts; readonly problem: null }
  | { readonly facts: null; readonly problem: string };

/**
 * Reads the header and decodes every pixel of every frame.
 * @param path of a file whose first bytes are those of a PNG, WEBP, JPEG or GIF: a decoder that opened an SVG by its path
 * would draw neighbouring files into it.
 * @throws the system's error when the file cannot be read.
 */
export async function examinePicture(path: string): Promise<Examined> {
  const sharp = await loadSharp();
  let metadata: Metadata;
  try {
    metadata = await sharp(path, { limitInputPixels: false, animated: true }).metadata();
  } catch {
    return { facts: null, problem: DAMAGED };
  }
  const { width, pages = 1 } = metadata;
  const height = metadata.pageHeight ?? metadata.height;
  const format = FORMATS[metadata.format];
  if (format === undefined || format === 'SVG') return { facts: null, problem: DAMAGED };
  const problem = sizeProblem({ width, height, pages });
  if (problem !== null) return { facts: null, problem };
  if (!(await hasItsEnd(path, format))) return { facts: null, problem: DAMAGED };
  try {
    await sharp(path, { limitInputPixels: MAX_UPLOAD_PIXELS, animated: true, failOn: 'error' })
      .timeout({ seconds: DECODING_TIMEOUT_SECONDS })
      .resize(PROBE_PIXELS, PROBE_PIXELS, { fit: 'fill' })
      .raw()
      .toBuffer();
  } catch {
    return { facts: null, problem: DAMAGED };
  }
  return { facts: { width, height, format }, problem: null };
}

const DAMAGED =
  'is damaged or breaks off: it cannot be decoded to its end. Open it in an image editor and save it anew.';

function sizeProblem({ width, height, pages }: { width: number; height: number; pages: number }): string | null {
  const size = `${width}x${height}${pages > 1 ? ` in ${pages} frames` : ''}`;
  if (Math.max(width, height) > MAX_UPLOAD_EDGE) {
    return `must have no edge longer than ${MAX_UPLOAD_EDGE} pixels; it has ${size}.`;
  }
  if (width * height * pages > MAX_UPLOAD_PIXELS) {
    return `must have at most ${MAX_UPLOAD_PIXELS} pixels in all; it has ${size}.`;
  }
  return null;
}

/**
 * The decoders of these are content with what there is: a PNG or a JPEG without its last bytes (of the latter some of the
 * time only), an animation without its last frames. That of a WEBP misses what is missing.
 */
async function hasItsEnd(path: string, format: ImageFormat): Promise<boolean> {
  if (format === 'WEBP') return true;
  await using file = await open(path);
  const { size } = await file.stat();
  const length = Math.min(size, TAIL_BYTES);
  const { buffer: tail } = await file.read(Buffer.alloc(length), 0, length, size - length);
  if (format === 'PNG') return tail.includes(PNG_END);
  if (format === 'JPEG') return tail.includes(JPEG_END);
  // The end of the last frame's data, and the trailer.
  return /\0;\0*$/u.test(tail.toString('latin1'));
}
