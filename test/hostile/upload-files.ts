/** Files that are made to exhaust a decoder, or to pass for something else. */
import { crc32, deflateSync } from 'node:zlib';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

export function gif(frames: number, frame = latin1('\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0')): Buffer {
  const head = latin1('GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff');
  return Buffer.concat([head, Buffer.alloc(frame.length * frames, frame), latin1(';')]);
}

/** One frame that says that it is as large as GIF allows. */
export function hugeFrameGif(): Buffer {
  return gif(1, latin1('\x2c\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0'));
}

export function commentedGif(byteLength: number): Buffer {
  const blocks = Buffer.alloc(byteLength, Buffer.concat([latin1('\xff'), Buffer.alloc(255, 'x')]));
  return gif(
    1,
    Buffer.concat([latin1('\x21\xfe'), blocks.subarray(0, Math.floor(byteLength / 256) * 256), latin1('\0')]),
  );
}

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([latin1(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A black PNG with these chunks before its pixels. */
export function png(width: number, height: number, chunks: readonly Buffer[] = [], pixels?: Buffer): Buffer {
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([8, 0, 0, 0, 0], 8);
  const rows = pixels ?? deflateSync(Buffer.alloc(height * (width + 1)));
  const all = [pngChunk('IHDR', size), ...chunks, pngChunk('IDAT', rows), pngChunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([latin1('\x89PNG\r\n\x1a\n'), ...all]);
}

/** Compressed text of which each byte stands for a thousand. */
export function textBomb(byteLength: number): Buffer {
  return pngChunk('zTXt', Buffer.concat([latin1('Comment\0\0'), deflateSync(Buffer.alloc(byteLength), { level: 9 })]));
}

export function colourProfileBomb(byteLength: number): Buffer {
  return pngChunk('iCCP', Buffer.concat([latin1('profile\0\0'), deflateSync(Buffer.alloc(byteLength), { level: 9 })]));
}

function riff(chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat([latin1('WEBP'), ...chunks]);
  const head = Buffer.alloc(8);
  head.write('RIFF', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

function webpChunk(type: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

export function webp(frames: number, metadataBytes = 0): Buffer {
  const frame = webpChunk('ANMF', Buffer.alloc(24));
  const metadata = metadataBytes === 0 ? [] : [webpChunk('EXIF', Buffer.alloc(metadataBytes))];
  return riff([webpChunk('VP8X', Buffer.alloc(10)), ...metadata, ...Array.from({ length: frames }, () => frame)]);
}

/** The segments of a JPEG before its pixels, and its scans, which are empty. */
export function jpeg(scans: number, metadataBytes = 0): Buffer {
  const segment = (marker: number, byteLength: number) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(byteLength + 2, 2);
    return Buffer.concat([head, Buffer.alloc(byteLength)]);
  };
  const exif = Array.from({ length: Math.ceil(metadataBytes / 60_000) }, () => segment(0xe1, 60_000));
  const scan = Buffer.concat([segment(0xda, 8), Buffer.from([0, 0, 0xff, 0, 0xff, 0xd0])]);
  const all = [Buffer.from([0xff, 0xd8]), segment(0xe0, 14), ...exif, ...Array.from({ length: scans }, () => scan)];
  return Buffer.concat([...all, Buffer.from([0xff, 0xd9])]);
}

export const FILES_OF_OTHER_KINDS: Readonly<Record<string, Buffer>> = {
  svg: latin1('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
  entities: latin1(
    `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "${'&a;'.repeat(1_000)}">]><svg>${'&b;'.repeat(1_000)}</svg>`,
  ),
  html: latin1('<!DOCTYPE html><script>alert(1)</script>'),
  tiff: latin1('II*\0\x08\0\0\0\0\0\0\0\0\0'),
  avif: latin1('\0\0\0\x20ftypavif\0\0\0\0avifmif1'),
  bmp: latin1('BM\x3a\0\0\0\0\0\0\0\x36\0\0\0'),
};
