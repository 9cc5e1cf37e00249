/** Sources that the upstream cannot read, or reads in other colours, are converted to PNG: CMYK, and the first of many frames. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Shop } from '../api/orders.ts';
import { fetchBytes } from '../api/steps.ts';
import { apngFile, fourComponentJpeg, type PngOptions } from '../support/picture-files.ts';
import { APIS, openBytesShop, sentFor } from './sent-pictures.ts';

const size = { width: 48, height: 32 };

type Colour = readonly [red: number, green: number, blue: number];

/**
 * Ink as Adobe's programs store it: inverted, so that 255 is no ink. The profile of the converter decides the exact colour,
 * which is therefore compared with a tolerance.
 */
const INKS: Readonly<Record<string, readonly [ink: readonly number[], colour: Colour]>> = {
  red: [
    [255, 0, 0, 255],
    [232, 0, 0],
  ],
  white: [
    [255, 255, 255, 255],
    [255, 255, 255],
  ],
  black: [
    [255, 255, 255, 0],
    [30, 20, 20],
  ],
  yellow: [
    [255, 255, 0, 255],
    [255, 240, 0],
  ],
};

/** The first three components as YCbCr of their complements; the fourth stays. */
function ycck([cyan = 0, magenta = 0, yellow = 0, key = 0]: readonly number[]): readonly number[] {
  const [red, green, blue] = [255 - cyan, 255 - magenta, 255 - yellow];
  const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
  const chroma = [(blue - luma) / 1.772 + 128, (red - luma) / 1.402 + 128];
  return [...[luma, ...chroma].map((value) => Math.max(0, Math.min(255, Math.round(value)))), key];
}

const PRINTS: Readonly<Record<string, (ink: readonly number[]) => Buffer>> = {
  'inverted CMYK': (ink) => fourComponentJpeg(size, ink, 'CMYK'),
  YCCK: (ink) => fourComponentJpeg(size, ycck(ink), 'YCCK'),
  // As browsers do, the values are taken to be inverted nevertheless.
  'CMYK that does not say who wrote it': (ink) => fourComponentJpeg(size, ink, null),
};
const CASES = Object.entries(PRINTS).flatMap(([form, make]) =>
  Object.entries(INKS).map(([name, [ink, colour]]) => [name, form, make, ink, colour] as const),
);

const frame = (grey: number): PngOptions => ({ ...size, colourType: 0, bitDepth: 8, pixelAt: () => [grey] });
const pages = { width: size.width, height: size.height * 2, channels: 3, pageHeight: size.height } as const;
const half = (colour: Colour) => Buffer.alloc(size.width * size.height * 3, Buffer.from(colour));
const frames = () => sharp(Buffer.concat([half([10, 200, 30]), half([200, 10, 30])]), { raw: pages });
const ANIMATIONS: readonly (readonly [string, Buffer, Colour])[] = [
  ['WEBP', await frames().webp({ lossless: true }).toBuffer(), [10, 200, 30]],
  ['lossy WEBP', await frames().webp({ quality: 90 }).toBuffer(), [10, 200, 30]],
  ['GIF', await frames().gif().toBuffer(), [10, 200, 30]],
  ['PNG', apngFile(frame(70), frame(200)), [70, 70, 70]],
];

describe.each(APIS)('a source over the %s API', (api) => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openBytesShop(api);
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  async function sentPng(source: Buffer) {
    const { uploaded, source: sent } = await sentFor(shop, source);
    expect(uploaded).toMatchObject(size);
    expect(source.equals(await fetchBytes(uploaded.url))).toBe(true);
    expect(sent.mediaType).toBe('image/png');
    const { format, pages: count = 1, width, height, space } = await sharp(sent.bytes).metadata();
    expect({ format, count, width, height }).toEqual({ format: 'png', count: 1, ...size });
    expect(space).not.toBe('cmyk');
    expect(sent.bytes.includes('acTL')).toBe(false);
    return sharp(sent.bytes).toColourspace('srgb').removeAlpha().raw().toBuffer();
  }

  it.each(CASES)('that is printed in %s, as %s, keeps its colour', async (_, __, make, ink, colour) => {
    const pixels = await sentPng(make(ink));
    const middle = pixels.subarray(pixels.length / 2, pixels.length / 2 + 3);
    colour.forEach((value, at) => void expect(Math.abs((middle[at] ?? 0) - value)).toBeLessThan(45));
  });

  it.each(ANIMATIONS)('that is an animated %s is sent as its first frame', async (_, bytes, colour) => {
    const pixels = await sentPng(bytes);
    colour.forEach((value, at) => void expect(Math.abs((pixels[at] ?? 0) - value)).toBeLessThan(12));
  });
});
