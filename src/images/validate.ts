/**
 * Checks an uploaded image completely before it is stored: unlike the upstream's images, an upload may be truncated, damaged,
 * or made to exhaust its decoder. Decoding runs on sharp's threads.
 */
import type { Metadata } from 'sharp';
import { FORMATS, loadSharp, type PictureFacts, uprightSize } from './probe.ts';
import { DAMAGED_MESSAGE } from './structure/structure-check.ts';
import { MAX_UPLOAD_EDGE, MAX_UPLOAD_PIXELS } from './upload-limits.ts';

/** More than twice what the largest picture takes on a machine with one busy core. */
const DECODING_TIMEOUT_SECONDS = 15;
/** Size of the result when pixels are decoded only to check them. */
const DECODED_EDGE_PIXELS = 16;

/** What the image is, or a message that says what is wrong with it and what would be right. */
export type ValidatedUpload =
  | { readonly facts: PictureFacts; readonly problem: null }
  | { readonly facts: null; readonly problem: string };

const DAMAGED: ValidatedUpload = { facts: null, problem: DAMAGED_MESSAGE };

/**
 * Reads the header and decodes every pixel of every frame.
 * @param path of a file with the signature of a PNG, WEBP, JPEG or GIF that passed a StructureCheck, which finds files that
 * break off: decoders accept many. It must not be an SVG: a decoder that opens one by its path would draw neighbouring files
 * into it.
 * @throws the system's error when the file cannot be read.
 */
export async function validateUpload(path: string): Promise<ValidatedUpload> {
  const metadata = await readHeader(path);
  if (metadata === null) return DAMAGED;
  const { pages = 1 } = metadata;
  const { width, height } = uprightSize(metadata);
  const format = FORMATS[metadata.format];
  if (format === undefined || format === 'SVG') return DAMAGED;
  const problem = sizeProblem({ width, height, pages });
  if (problem !== null) return { facts: null, problem };
  if (!(await canBeDecoded(path))) return DAMAGED;
  return { facts: { width, height, format }, problem: null };
}

/** Null when the header cannot be read. */
async function readHeader(path: string): Promise<Metadata | null> {
  const sharp = await loadSharp();
  try {
    return await sharp(path, { limitInputPixels: false, animated: true }).metadata();
  } catch {
    return null;
  }
}

async function canBeDecoded(path: string): Promise<boolean> {
  const sharp = await loadSharp();
  try {
    await sharp(path, { limitInputPixels: MAX_UPLOAD_PIXELS, animated: true, failOn: 'error' })
      .timeout({ seconds: DECODING_TIMEOUT_SECONDS })
      .resize(DECODED_EDGE_PIXELS, DECODED_EDGE_PIXELS, { fit: 'fill' })
      .raw()
      .toBuffer();
    return true;
  } catch {
    return false;
  }
}

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
