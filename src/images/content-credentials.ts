/**
 * Whether a file has content credentials: a C2PA manifest store, embedded as the C2PA specification says for its format
 * (version 2.2, appendix A). It is not read, and its signature is not checked. A manifest that is only referred to does not
 * count.
 */
import type { ImageFormat } from '../domain/generation/options.ts';

export function hasContentCredentials(format: ImageFormat, bytes: Buffer): boolean {
  return FINDERS[format](bytes);
}

const FINDERS: Readonly<Record<ImageFormat, (bytes: Buffer) => boolean>> = {
  PNG: inPng,
  JPEG: inJpeg,
  WEBP: inWebp,
  GIF: inGif,
  SVG: (bytes) => /<c2pa:manifest[\s>]/u.test(bytes.toString('latin1')),
};

const PNG_SIGNATURE_BYTES = 8;
/** The length, the type and the checksum of a chunk. */
const PNG_CHUNK_EXTRA_BYTES = 12;

function inPng(bytes: Buffer): boolean {
  for (let at = PNG_SIGNATURE_BYTES; at + 8 <= bytes.length; ) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'caBX') return true;
    at += bytes.readUInt32BE(at) + PNG_CHUNK_EXTRA_BYTES;
  }
  return false;
}

const MARKER = 0xff;
const APP11 = 0xeb;
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/** JUMBF in APP11 segments (ISO/IEC 19566-5, annex D), which others use as well. */
function inJpeg(bytes: Buffer): boolean {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === MARKER; ) {
    const type = bytes[at + 1];
    // A marker may be preceded by any number of these.
    if (type === MARKER) {
      at += 1;
      continue;
    }
    if (type === START_OF_SCAN || type === END_OF_IMAGE) return false;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (type === APP11 && isManifest(bytes.subarray(at + 4, end))) return true;
    at = end;
  }
  return false;
}

function isManifest(segment: Buffer): boolean {
  return segment.toString('latin1', 0, 2) === 'JP' && segment.includes('jumb') && segment.includes('c2pa');
}

const RIFF_HEADER_BYTES = 12;
const RIFF_CHUNK_HEAD_BYTES = 8;

function inWebp(bytes: Buffer): boolean {
  for (let at = RIFF_HEADER_BYTES; at + RIFF_CHUNK_HEAD_BYTES <= bytes.length; ) {
    if (bytes.toString('latin1', at, at + 4) === 'C2PA') return true;
    const byteLength = bytes.readUInt32LE(at + 4);
    at += RIFF_CHUNK_HEAD_BYTES + byteLength + (byteLength % 2);
  }
  return false;
}

const GIF_HEADER_BYTES = 13;
const GIF_IMAGE = 0x2c;
const GIF_EXTENSION = 0x21;
const GIF_APPLICATION = 0xff;
const GIF_FRAME_HEAD_BYTES = 10;

function inGif(bytes: Buffer): boolean {
  for (let at = GIF_HEADER_BYTES + colourTableBytes(bytes[10] ?? 0); at < bytes.length; ) {
    const tag = bytes[at];
    if (tag === GIF_IMAGE) {
      // The head of the frame, its colours, and the size of its first code.
      at = behindBlocks(bytes, at + GIF_FRAME_HEAD_BYTES + colourTableBytes(bytes[at + 9] ?? 0) + 1);
    } else if (tag === GIF_EXTENSION) {
      if (bytes[at + 1] === GIF_APPLICATION && bytes.toString('latin1', at + 3, at + 11) === 'C2PA_GIF') return true;
      at = behindBlocks(bytes, at + 2);
    } else if (tag === 0) at += 1;
    else return false;
  }
  return false;
}

function behindBlocks(bytes: Buffer, start: number): number {
  let at = start;
  for (let size = bytes[at] ?? 0; size > 0; size = bytes[at] ?? 0) at += size + 1;
  return at + 1;
}

function colourTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1);
}
