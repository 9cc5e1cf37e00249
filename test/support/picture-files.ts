/** Files of pictures, built byte by byte where no encoder writes them: chunks, segments, odd PNGs, and what follows the end. */
import { crc32, deflateSync } from 'node:zlib';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

export interface PngOptions {
  readonly width: number;
  readonly height: number;
  /** 0 grey, 2 true colour, 3 palette, 4 grey with alpha, 6 true colour with alpha. */
  readonly colourType: 0 | 2 | 3 | 4 | 6;
  readonly bitDepth: 1 | 2 | 4 | 8 | 16;
  readonly isInterlaced?: boolean;
  /** Between the header and the pixels: `PLTE`, `tRNS`, texts. */
  readonly chunks?: readonly Buffer[];
  /** The samples of a pixel. */
  readonly pixelAt: (x: number, y: number) => readonly number[];
}

/** Adam7: where the pixels of each pass begin, and how far apart they are. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function pngFile(options: PngOptions): Buffer {
  const { width, height, colourType, bitDepth, isInterlaced = false, chunks = [] } = options;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, colourType, 0, 0, isInterlaced ? 1 : 0], 8);
  const rows = (isInterlaced ? PASSES : ([[0, 0, 1, 1]] as const)).flatMap((pass) => rowsOf(options, pass));
  const pixels = pngChunk('IDAT', deflateSync(Buffer.concat(rows)));
  const all = [pngChunk('IHDR', header), ...chunks, pixels, pngChunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([latin1('\x89PNG\r\n\x1a\n'), ...all]);
}

function rowsOf({ width, height, bitDepth, pixelAt }: PngOptions, pass: readonly [number, number, number, number]) {
  const [left, top, across, down] = pass;
  const rows: Buffer[] = [];
  if (left >= width) return rows;
  for (let y = top; y < height; y += down) {
    let bits = '';
    for (let x = left; x < width; x += across) {
      for (const sample of pixelAt(x, y)) bits += sample.toString(2).padStart(bitDepth, '0');
    }
    const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/gu) ?? [];
    rows.push(Buffer.from([0, ...bytes.map((byte) => Number.parseInt(byte, 2))]));
  }
  return rows;
}

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([latin1(type), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** Puts chunks behind the header of a PNG. */
export function withPngChunks(png: Buffer, chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);
}

/** Two frames; the first one is the picture that programs without animations show. */
export function apngFile(first: PngOptions, second: PngOptions): Buffer {
  const frame = (sequence: number) => {
    const control = Buffer.alloc(26);
    control.writeUInt32BE(sequence, 0);
    control.writeUInt32BE(first.width, 4);
    control.writeUInt32BE(first.height, 8);
    control.set([0, 1, 0, 10], 20);
    return pngChunk('fcTL', control);
  };
  const animation = pngChunk('acTL', Buffer.from('0000000200000000', 'hex'));
  const rows = deflateSync(Buffer.concat(rowsOf(second, [0, 0, 1, 1])));
  const later = [frame(1), pngChunk('fdAT', Buffer.concat([Buffer.from([0, 0, 0, 2]), rows]))];
  const png = pngFile({ ...first, chunks: [...(first.chunks ?? []), animation, frame(0)] });
  return Buffer.concat([png.subarray(0, -12), ...later, png.subarray(-12)]);
}

export function jpegSegment(marker: number, data: Uint8Array): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** Puts segments behind the first one of a JPEG. */
export function withJpegSegments(jpeg: Buffer, segments: readonly Buffer[]): Buffer {
  const at = 4 + jpeg.readUInt16BE(4);
  return Buffer.concat([jpeg.subarray(0, at), ...segments, jpeg.subarray(at)]);
}

/** Appends chunks to a WEBP that has an extended header, and sets these of its flags. */
export function withWebpChunks(webp: Buffer, chunks: readonly (readonly [string, Uint8Array])[], flags = 0): Buffer {
  const more = chunks.map(([type, data]) => {
    const head = latin1(`${type}\0\0\0\0`);
    head.writeUInt32LE(data.length, 4);
    return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
  });
  const whole = Buffer.concat([webp, ...more]);
  whole.writeUInt32LE(whole.length - 8, 4);
  whole[20] = (whole[20] ?? 0) | flags;
  return whole;
}

/** How Adobe's programs say what the four components of a JPEG are. */
export type AdobeTransform = 'CMYK' | 'YCCK';

/**
 * A JPEG of one colour in four components, with these stored values. Each block has a constant alone.
 * @param transform null leaves out the segment of Adobe
 */
export function fourComponentJpeg(
  { width, height }: { readonly width: number; readonly height: number },
  stored: readonly number[],
  transform: AdobeTransform | null,
): Buffer {
  const adobe = Buffer.concat([latin1('Adobe'), Buffer.from([0, 100, 0, 0, 0, 0, transform === 'YCCK' ? 2 : 0])]);
  // Eight times the constant is its coefficient.
  const quantization = Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 8)]);
  const frame = Buffer.from([8, height >> 8, height & 255, width >> 8, width & 255, 4]);
  const components = Buffer.from([1, 2, 3, 4].flatMap((id) => [id, 0x11, 0]));
  // Codes of four bits for differences of 0 to 8 bits, and one of a single bit for the end of a block.
  const differences = Buffer.concat([
    Buffer.from([0, 0, 0, 0, 9]),
    Buffer.alloc(12),
    Buffer.from([0, 1, 2, 3, 4, 5, 6, 7, 8]),
  ]);
  const ends = Buffer.concat([Buffer.from([0x10, 1]), Buffer.alloc(15), Buffer.from([0])]);
  const scan = Buffer.from([4, ...[1, 2, 3, 4].flatMap((id) => [id, 0]), 0, 63, 0]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...(transform === null ? [] : [jpegSegment(0xee, adobe)]),
    jpegSegment(0xdb, quantization),
    jpegSegment(0xc0, Buffer.concat([frame, components])),
    jpegSegment(0xc4, differences),
    jpegSegment(0xc4, ends),
    jpegSegment(0xda, scan),
    constantBlocks(stored, (width / 8) * (height / 8)),
    Buffer.from([0xff, 0xd9]),
  ]);
}

function constantBlocks(stored: readonly number[], blocks: number): Buffer {
  const codeOf = (difference: number) => {
    const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
    const value = difference < 0 ? difference + 2 ** size - 1 : difference;
    return `${size.toString(2).padStart(4, '0')}${size === 0 ? '' : value.toString(2).padStart(size, '0')}0`;
  };
  const first = stored.map((value) => codeOf(value - 128)).join('');
  const bits = first + codeOf(0).repeat(stored.length * (blocks - 1));
  const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1').match(/.{8}/gu) ?? [];
  return Buffer.from(bytes.flatMap((byte) => (byte === '11111111' ? [255, 0] : [Number.parseInt(byte, 2)])));
}

/** What a motion photo has behind its picture: a film, here of noise. Always the same for the same length and seed. */
export function film(byteLength: number, seed = 1): Buffer {
  const box = Buffer.concat([Buffer.from([0, 0, 0, 24]), latin1('ftypmp42\0\0\0\0isommp42'), latin1('\0\0\0\0mdat')]);
  const noise = Buffer.alloc(byteLength - box.length);
  for (let at = 0, state = seed; at < noise.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    noise[at] = state >>> 24;
  }
  return Buffer.concat([box, noise]);
}
