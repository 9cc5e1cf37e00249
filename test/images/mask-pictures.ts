/** Pictures that are masks, almost masks, or no masks. */
import { randomBytes } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import { expect } from 'vitest';
import type { Overlay } from '../../src/images/overlay.ts';

export const WIDTH = 64;
export const HEIGHT = 48;

/** A picture of these pixels: `pixelAt` gives red, green, blue and optionally alpha. */
export function draw(pixelAt: (x: number, y: number) => readonly number[], width = WIDTH, height = HEIGHT): Sharp {
  const pixels = Array.from({ length: width * height }, (_, at) => pixelAt(at % width, Math.floor(at / width)));
  // sharp's type for it is 1 to 4.
  const channels = (pixels[0]?.length ?? 3) as 1 | 2 | 3 | 4;
  return sharp(Buffer.from(pixels.flat()), { raw: { width, height, channels } });
}

export const isInside = (x: number, y: number) => x >= 16 && x < 48 && y >= 12 && y < 36;
const hole = draw((x, y) => [200, 30, 30, isInside(x, y) ? 0 : 255]);
const blackOnWhite = draw((x, y) => (isInside(x, y) ? [0, 0, 0] : [255, 255, 255]));
/** Black on white with a column of every grey, one a row from `SOFT` on, like the edge of a soft brush. */
export const SOFT = 60;
export const greyOf = (x: number, y: number) => Math.round(((x - SOFT) * HEIGHT + y) * (255 / (4 * HEIGHT - 1)));
const softBlackOnWhite = draw((x, y) => {
  const grey = x >= SOFT ? greyOf(x, y) : isInside(x, y) ? 0 : 255;
  return [grey, grey, grey];
});

// Made before any call to the code under test, which closes all other decoders.
export const ALPHA: Readonly<Record<string, Buffer>> = {
  PNG: await hole.clone().png().toBuffer(),
  'PNG with a palette': await hole.clone().png({ palette: true }).toBuffer(),
  'PNG of greys': await draw((x, y) => [90, isInside(x, y) ? 0 : 255])
    .png()
    .toBuffer(),
  'PNG of 16 bits': await hole.clone().toColourspace('rgb16').png().toBuffer(),
  WEBP: await hole.clone().webp().toBuffer(),
  GIF: await hole.clone().gif().toBuffer(),
  'PNG with one transparent pixel': await draw((x, y) => [0, 0, 0, x === 63 && y === 47 ? 0 : 255])
    .png()
    .toBuffer(),
};
export const BLACK_AND_WHITE: Readonly<Record<string, Buffer>> = {
  PNG: await blackOnWhite.clone().png().toBuffer(),
  'PNG of greys': await blackOnWhite.clone().toColourspace('b-w').png().toBuffer(),
  'PNG of one bit': await blackOnWhite.clone().png({ palette: true, colours: 2 }).toBuffer(),
  'PNG of 16 bits': await blackOnWhite.clone().toColourspace('grey16').png().toBuffer(),
  'PNG with an alpha channel that is opaque': await blackOnWhite.clone().ensureAlpha().png().toBuffer(),
  WEBP: await blackOnWhite.clone().webp({ lossless: true }).toBuffer(),
  GIF: await blackOnWhite.clone().gif().toBuffer(),
};
/** Masks whose black or white is not exact. */
export const NEARLY: Readonly<Record<string, Buffer>> = {
  'PNG of nearly black on nearly white': await draw((x, y) => (isInside(x, y) ? [12, 12, 12] : [243, 243, 243]))
    .png()
    .toBuffer(),
  'lossy WEBP': await blackOnWhite.clone().webp({ quality: 80 }).toBuffer(),
  JPEG: await blackOnWhite.clone().jpeg().toBuffer(),
};
export const NONE: Readonly<Record<string, Buffer>> = {
  'a photo': await sharp(randomBytes(WIDTH * HEIGHT * 3), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg()
    .toBuffer(),
  'a drawing in one colour': await draw((x, y) => (isInside(x, y) ? [255, 0, 0] : [255, 255, 255]))
    .png()
    .toBuffer(),
  'a white page': await draw(() => [255, 255, 255])
    .png()
    .toBuffer(),
  'greys without black': await draw((x) => [100 + x, 100 + x, 100 + x])
    .png()
    .toBuffer(),
  'a grey photo with shadows': await draw((x, y) => {
    const grey = (x + y * WIDTH) % 256;
    return [grey, grey, grey];
  })
    .png()
    .toBuffer(),
  'a picture that is transparent only in part': await draw(() => [0, 0, 0, 128])
    .png()
    .toBuffer(),
};
export const soft = await softBlackOnWhite.clone().png().toBuffer();

/** Four bytes a pixel, from a PNG that must have an alpha channel. */
export async function pixelsOf({ png, problem }: Overlay): Promise<{ at(x: number, y: number): number[] }> {
  if (png === null) throw new Error(problem);
  const metadata = await sharp(png).metadata();
  expect(metadata).toMatchObject({ format: 'png', hasAlpha: true, width: WIDTH, height: HEIGHT });
  expect(metadata.isPalette ?? false).toBe(false);
  const data = await sharp(png).toColourspace('srgb').ensureAlpha().raw().toBuffer();
  return { at: (x, y) => [...data.subarray((x + y * WIDTH) * 4, (x + y * WIDTH) * 4 + 4)] };
}
