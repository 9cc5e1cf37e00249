/**
 * Pictures for the stand-in upstream: PNGs of random pixels, as incompressible as real ones, with an exact size,
 * prepared in base64. Each one is different (a number in a private chunk near its end), because storing the same bytes
 * again is cheaper.
 */
import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const CHUNK_OVERHEAD = 12;
const NUMBER_DIGITS = 12;
const LEAST_BYTES = 2_000;

export interface PreparedPicture {
  /** Base64 of all but the end: a whole number of groups. */
  readonly head: Buffer;
  /** Base64 of the end of the n-th picture. */
  tail(number: number): Buffer;
}

/** @param byteSize the decoded size of the picture; at least 2,000 */
export function preparePicture(byteSize: number): PreparedPicture {
  if (byteSize < LEAST_BYTES) throw new Error(`a picture has at least ${LEAST_BYTES} bytes`);
  const side = Math.floor(Math.sqrt((byteSize - 1_000) / 3.01));
  const rows = Array.from({ length: side }, () => Buffer.concat([Buffer.from([0]), randomBytes(side * 3)]));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  // Eight bits per channel, true colour, no interlacing.
  header.set([8, 2, 0, 0, 0], 8);
  const picture = Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 0 })),
  ]);
  // The remainder of a division by three goes into the tail, because a group of base64 must be whole at the seam.
  const digits = NUMBER_DIGITS + (byteSize % 3);
  // After the prepared part come a chunk with the number and the empty chunk that ends the file.
  const filling = byteSize - picture.length - 3 * CHUNK_OVERHEAD - digits;
  const head = Buffer.concat([picture, chunk('fiLl', Buffer.alloc(filling, 0x2e))]);
  return {
    head: Buffer.from(head.toString('base64')),
    tail(number) {
      const end = Buffer.concat([chunk('noTe', Buffer.from(String(number).padStart(digits))), chunk('IEND')]);
      return Buffer.from(end.toString('base64'));
    },
  };
}

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
