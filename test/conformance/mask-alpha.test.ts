/**
 * A mask reaches the upstream with an alpha channel, however its PNG says what is transparent. One colour that counts as
 * transparent (`tRNS`) is no alpha channel.
 */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Shop } from '../api/orders.ts';
import { type PngOptions, pngChunk, pngFile, withPngChunks } from '../support/picture-files.ts';
import { APIS, openBytesShop, rgba, sentFor } from './sent-pictures.ts';

const WIDTH = 37;
const HEIGHT = 29;
const size = { width: WIDTH, height: HEIGHT };
const isHole = (x: number, y: number) => x >= 5 && x < 20 && y >= 7 && y < 23;
const source = await sharp({ create: { ...size, channels: 3, background: 'teal' } })
  .png()
  .toBuffer();

const samples = (...values: number[]) => {
  const data = Buffer.alloc(values.length * 2);
  values.forEach((value, at) => void data.writeUInt16BE(value, at * 2));
  return pngChunk('tRNS', data);
};
/** Grey: `hole` counts as transparent. A pixel that differs from it by one does not. */
function grey(bitDepth: PngOptions['bitDepth'], hole: number, kept: number, isInterlaced = false): PngOptions {
  const pixelAt = (x: number, y: number) => [isHole(x, y) ? hole : kept];
  return { ...size, colourType: 0, bitDepth, isInterlaced, chunks: [samples(hole)], pixelAt };
}
function colours(bitDepth: 8 | 16, hole: readonly number[], kept: readonly number[], isInterlaced = false): PngOptions {
  const pixelAt = (x: number, y: number) => (isHole(x, y) ? hole : kept);
  return { ...size, colourType: 2, bitDepth, isInterlaced, chunks: [samples(...hole)], pixelAt };
}
function palette(bitDepth: 1 | 2 | 4 | 8, isInterlaced = false): PngOptions {
  const chunks = [pngChunk('PLTE', Buffer.from([255, 0, 0, 0, 0, 255])), pngChunk('tRNS', Buffer.from([0, 255]))];
  return { ...size, colourType: 3, bitDepth, isInterlaced, chunks, pixelAt: (x, y) => [isHole(x, y) ? 0 : 1] };
}

const REDRAWN: Readonly<Record<string, PngOptions>> = {
  'grey of 1 bit': grey(1, 0, 1),
  'grey of 2 bits': grey(2, 1, 2),
  'grey of 4 bits': grey(4, 7, 8),
  'grey of 8 bits': grey(8, 100, 101),
  'grey of 16 bits': grey(16, 0x1234, 0x8000),
  'grey of 16 bits whose colours differ in the last one': grey(16, 0x1234, 0x1235),
  'interlaced grey of 1 bit': grey(1, 1, 0, true),
  'interlaced grey of 4 bits': grey(4, 0, 15, true),
  'interlaced grey of 16 bits': grey(16, 0, 0xffff, true),
  'true colour of 8 bits': colours(8, [255, 0, 255], [255, 0, 254]),
  'true colour of 16 bits': colours(16, [1, 2, 3], [0x8000, 2, 3]),
  'true colour of 16 bits whose colours differ in the last one': colours(16, [0x1234, 2, 3], [0x1235, 2, 3]),
  'interlaced true colour of 8 bits': colours(8, [0, 0, 0], [255, 255, 255], true),
  'interlaced true colour of 16 bits': colours(16, [0, 0, 0], [0xffff, 0, 0], true),
  'a palette of 1 bit': palette(1),
  'a palette of 2 bits': palette(2),
  'a palette of 4 bits': palette(4),
  'a palette of 8 bits': palette(8),
  'an interlaced palette': palette(4, true),
};

const alphaOf = (max: number) => (x: number, y: number) => (isHole(x, y) ? 0 : max);
/** With an alpha channel, and sent byte for byte. */
const READY: Readonly<Record<string, PngOptions>> = {
  'true colour with alpha': {
    ...size,
    colourType: 6,
    bitDepth: 8,
    pixelAt: (x, y) => [200, 30, 30, alphaOf(255)(x, y)],
  },
  'interlaced true colour with alpha': {
    ...size,
    colourType: 6,
    bitDepth: 8,
    isInterlaced: true,
    pixelAt: (x, y) => [1, 2, 3, alphaOf(255)(x, y)],
  },
  'true colour of 16 bits with alpha': {
    ...size,
    colourType: 6,
    bitDepth: 16,
    pixelAt: (x, y) => [9, 9, 9, alphaOf(0xffff)(x, y)],
  },
  'grey with alpha': { ...size, colourType: 4, bitDepth: 8, pixelAt: (x, y) => [90, alphaOf(255)(x, y)] },
};

describe.each(APIS)('a mask over the %s API', (api) => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openBytesShop(api);
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  it.each(Object.entries(REDRAWN))('of %s is drawn as RGBA of 8 bits', async (_, options) => {
    const { mask } = await sentFor(shop, source, pngFile(options));
    if (mask === null) throw new Error('no mask was sent');
    expect(mask.mediaType).toBe('image/png');
    // Bit depth and colour type, in the header itself.
    expect([...mask.bytes.subarray(24, 26)]).toEqual([8, 6]);
    expect(mask.bytes.includes('tRNS')).toBe(false);
    const pixels = await rgba(mask.bytes);
    for (let y = 0; y < HEIGHT; y += 1) {
      for (let x = 0; x < WIDTH; x += 1) expect(pixels[(y * WIDTH + x) * 4 + 3]).toBe(isHole(x, y) ? 0 : 255);
    }
  });

  it.each(Object.entries(READY))('of %s stays as it is, byte for byte', async (_, options) => {
    const png = pngFile(options);
    const { mask } = await sentFor(shop, source, png);
    expect(mask?.bytes.equals(png)).toBe(true);
  });

  it('with an alpha channel and a text leaves out the text, and keeps its pixels', async () => {
    const png = pngFile(READY['true colour with alpha'] ?? grey(8, 0, 1));
    const { mask } = await sentFor(shop, source, withPngChunks(png, [pngChunk('tEXt', Buffer.from('Where\0Paris'))]));
    expect(mask?.bytes.equals(png)).toBe(true);
  });
});
