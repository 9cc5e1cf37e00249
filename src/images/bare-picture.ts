/**
 * A picture as it is sent to the upstream: without metadata, which says where and by whom a photo was taken, and without the
 * bytes behind its end. The pixels are not decoded, so nothing is lost: parts of the file are left out
 * (docs/decisions/2026-11-28-pictures-for-the-upstream.md).
 */
import { tagJpeg, tagPng, tagWebp, UPRIGHT } from './orientation-tag.ts';
import type { UploadFormat } from './signature.ts';
import { partsOf } from './structure/parts.ts';

/** The formats that the upstream takes. */
export type UpstreamFormat = Exclude<UploadFormat, 'GIF'>;

export interface BarePictureOptions {
  readonly format: UpstreamFormat;
  /** The EXIF orientation, 1 to 8. It is kept. */
  readonly orientation: number;
  /** Whether all other metadata is kept, too. */
  readonly keepsMetadata: boolean;
}

/** The shortest picture of any of the formats is longer. */
const MIN_BYTES = 32;
/** Where a WEBP has the size of the file, less the eight bytes up to there. */
const WEBP_SIZE_AT = 4;
const WEBP_FIRST_CHUNK_AT = 12;
const WEBP_FLAGS_AT = 20;
/** EXIF and XMP, in the flags of the extended header. */
const WEBP_METADATA_FLAGS = 0x0c;

/**
 * The same bytes when nothing has to be left out; otherwise a copy. Of an animated PNG, the first picture is kept.
 * @returns null when the file is not built as its format requires, so that it is not known where it has metadata.
 */
export async function barePicture(bytes: Buffer, options: BarePictureOptions): Promise<Buffer | null> {
  const { format, keepsMetadata } = options;
  const parts = bytes.length < MIN_BYTES ? null : await partsOf(format, bytes);
  if (parts === null) return null;
  const leftOut = parts.extras.filter(({ kind }) => kind === 'ANIMATION' || !keepsMetadata);
  if (leftOut.length === 0 && parts.endsAt === bytes.length) return bytes;
  const kept: Buffer[] = [];
  let at = 0;
  for (const { from, to } of leftOut) {
    kept.push(bytes.subarray(at, from));
    at = to;
  }
  kept.push(bytes.subarray(at, parts.endsAt));
  return completed(Buffer.concat(kept), options);
}

/** What the format requires besides the parts that are left. */
function completed(bytes: Buffer, { format, orientation, keepsMetadata }: BarePictureOptions): Buffer | null {
  const isTagged = !keepsMetadata && orientation !== UPRIGHT;
  if (format === 'JPEG') return isTagged ? tagJpeg(bytes, orientation) : bytes;
  if (format === 'PNG') return isTagged ? tagPng(bytes, orientation) : bytes;
  const isExtended = bytes.toString('latin1', WEBP_FIRST_CHUNK_AT, WEBP_FIRST_CHUNK_AT + 4) === 'VP8X';
  if (isTagged && !isExtended) return null;
  if (isExtended && !keepsMetadata) bytes[WEBP_FLAGS_AT] = (bytes[WEBP_FLAGS_AT] ?? 0) & ~WEBP_METADATA_FLAGS;
  const whole = isTagged ? tagWebp(bytes, orientation) : bytes;
  whole.writeUInt32LE(whole.length - 8, WEBP_SIZE_AT);
  return whole;
}
