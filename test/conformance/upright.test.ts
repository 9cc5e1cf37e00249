/** Pictures are measured, masked and sent as they are shown: upright, by their EXIF orientation. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Shop } from '../api/orders.ts';
import { fetchBytes } from '../api/steps.ts';
import { uploadPicture } from '../support/upload.ts';
import { APIS, maskProblem, openBytesShop, rgba, sentFor } from './sent-pictures.ts';

const WIDTH = 60;
const HEIGHT = 40;
/** Every corner has another colour, so that each orientation gives another picture. */
const corners = sharp(
  Buffer.from(
    Array.from({ length: WIDTH * HEIGHT }, (_, at) => [
      at % WIDTH < 30 ? 20 : 230,
      at < (WIDTH * HEIGHT) / 2 ? 20 : 230,
      60,
    ]).flat(),
  ),
  { raw: { width: WIDTH, height: HEIGHT, channels: 3 } },
);
/** Transparent in one corner of the stored picture. */
const corner = sharp(
  Buffer.from(
    Array.from({ length: WIDTH * HEIGHT }, (_, at) => [9, 9, 9, at % WIDTH < 15 && at < WIDTH * 10 ? 0 : 255]).flat(),
  ),
  { raw: { width: WIDTH, height: HEIGHT, channels: 4 } },
);

const blackCorner = sharp(
  Buffer.from(Array.from({ length: WIDTH * HEIGHT }, (_, at) => (at % WIDTH < 15 && at < WIDTH * 10 ? 0 : 255))),
  { raw: { width: WIDTH, height: HEIGHT, channels: 1 } },
);

const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const FORMATS = ['jpeg', 'png', 'webp'] as const;
const shown = (orientation: number) =>
  orientation >= 5 ? { width: HEIGHT, height: WIDTH } : { width: WIDTH, height: HEIGHT };
const tagged = (picture: typeof corners, format: (typeof FORMATS)[number], orientation: number) =>
  picture.clone().withMetadata({ orientation })[format]().toBuffer();
const uprightPixels = async (bytes: Uint8Array) => rgba(await sharp(bytes).autoOrient().png().toBuffer());

const PICTURES = await Promise.all(
  FORMATS.flatMap((format) =>
    ORIENTATIONS.map(async (orientation) => ({
      format,
      orientation,
      bytes: await tagged(corners, format, orientation),
    })),
  ),
);

describe.each(APIS)('over the %s API', (api) => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openBytesShop(api);
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  it.each(PICTURES)('a $format of orientation $orientation keeps it on its way up', async ({ bytes, orientation }) => {
    const { uploaded, source } = await sentFor(shop, bytes);
    expect(uploaded).toMatchObject(shown(orientation));
    expect(bytes.equals(await fetchBytes(uploaded.url))).toBe(true);
    expect((await sharp(source.bytes).metadata()).orientation ?? 1).toBe(orientation);
    expect((await uprightPixels(source.bytes)).equals(await uprightPixels(bytes))).toBe(true);
  });

  it.each(ORIENTATIONS)('a mask of orientation %i is drawn upright', async (orientation) => {
    const { width, height } = shown(orientation);
    const source = await sharp({ create: { width, height, channels: 3, background: 'teal' } })
      .jpeg()
      .toBuffer();
    const mask = await tagged(corner, 'png', orientation);
    const sent = (await sentFor(shop, source, mask)).mask;
    if (sent === null) throw new Error('no mask was sent');
    const metadata = await sharp(sent.bytes).metadata();
    expect(metadata).toMatchObject({ width, height, hasAlpha: true });
    expect(metadata.orientation ?? 1).toBe(1);
    expect((await rgba(sent.bytes)).equals(await uprightPixels(mask))).toBe(true);
  });

  it.each([3, 6])('a black-and-white mask of orientation %i is drawn upright', async (orientation) => {
    const { width, height } = shown(orientation);
    const source = await sharp({ create: { width, height, channels: 3, background: 'teal' } })
      .jpeg()
      .toBuffer();
    const painted = await tagged(blackCorner, 'png', orientation);
    const { mask } = await sentFor(shop, source, painted);
    const alpha = await sharp(mask?.bytes).extractChannel('alpha').raw().toBuffer();
    const red = (await uprightPixels(painted)).filter((_, at) => at % 4 === 0);
    expect(alpha.equals(red)).toBe(true);
  });
});

describe('a mask and its source', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openBytesShop('responses');
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  it.each(PICTURES)('are compared upright: a $format of orientation $orientation', async ({ bytes, orientation }) => {
    const mask = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 4, background: '#0000' } })
        .png()
        .toBuffer();
    const { width, height } = shown(orientation);
    expect(await maskProblem(shop, bytes, await mask(width, height))).toBeNull();
    expect(await maskProblem(shop, bytes, await mask(height, width))).toContain(`${width}x${height}`);
  });

  it('are measured upright when both lie on their sides', async () => {
    const source = await tagged(corners, 'jpeg', 6);
    expect(await maskProblem(shop, source, await tagged(corner, 'webp', 8))).toBeNull();
    expect(await maskProblem(shop, source, await tagged(corner, 'png', 1))).toContain('40x60; it has 60x40');
    expect(await uploadPicture(shop.url, source)).toMatchObject({ width: HEIGHT, height: WIDTH });
  });
});
