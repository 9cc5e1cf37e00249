/**
 * The EXIF orientation alone, in a block of metadata of its own: written into a picture from which all metadata was removed,
 * so that it is still shown upright. Sources: the EXIF specification, 4.6 (tags); the specifications of the three formats.
 */
import { crc32 } from 'node:zlib';

/** The EXIF orientation of a picture whose pixels are stored as they are shown. */
export const UPRIGHT = 1;

const JPEG_START_BYTES = 2;
const JFIF_MARKER = 0xffe0;
/** The signature and the header chunk. */
const PNG_START_BYTES = 33;
/** Where the extended header of a WEBP has its flags, and the one that announces EXIF. */
const WEBP_FLAGS_AT = 20;
const WEBP_HAS_EXIF = 0x08;

/** A TIFF file with one tag. @param orientation 1 to 8 */
function exifOf(orientation: number): Buffer {
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex');
  tiff.writeUInt16BE(orientation, 18);
  return tiff;
}

/** Behind the JFIF segment, which has to be the first one. */
export function tagJpeg(bytes: Buffer, orientation: number): Buffer {
  const segment = Buffer.concat([Buffer.from('ffe10000', 'hex'), Buffer.from('Exif\0\0'), exifOf(orientation)]);
  segment.writeUInt16BE(segment.length - 2, 2);
  const hasJfif = bytes.readUInt16BE(JPEG_START_BYTES) === JFIF_MARKER;
  const at = JPEG_START_BYTES + (hasJfif ? 2 + bytes.readUInt16BE(JPEG_START_BYTES + 2) : 0);
  return Buffer.concat([bytes.subarray(0, at), segment, bytes.subarray(at)]);
}

export function tagPng(bytes: Buffer, orientation: number): Buffer {
  const body = Buffer.concat([Buffer.from('eXIf'), exifOf(orientation)]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length - 4);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([bytes.subarray(0, PNG_START_BYTES), head, body, checksum, bytes.subarray(PNG_START_BYTES)]);
}

/** Only a WEBP with an extended header can have EXIF. The size of the file in its header is left as it was. */
export function tagWebp(bytes: Buffer, orientation: number): Buffer {
  const exif = exifOf(orientation);
  const head = Buffer.from('EXIF\0\0\0\0');
  head.writeUInt32LE(exif.length, 4);
  const tagged = Buffer.concat([bytes, head, exif]);
  tagged[WEBP_FLAGS_AT] = (tagged[WEBP_FLAGS_AT] ?? 0) | WEBP_HAS_EXIF;
  return tagged;
}
