/** Masks from real pictures, checked pixel by pixel. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotAPictureError } from '../../src/blobs/inspect.ts';
import { maskFacts, NotAMaskError, toAlphaMask } from '../../src/blobs/mask.ts';
import type { Image } from '../../src/domain/image.ts';
import { createMasks } from '../../src/engine/masks.ts';

const WIDTH = 64;
const HEIGHT = 48;

/** A picture of these pixels: `pixelAt` gives red, green, blue and, if it has one, alpha. */
function draw(pixelAt: (x: number, y: number) => readonly number[], width = WIDTH, height = HEIGHT): Sharp {
  const pixels = Array.from({ length: width * height }, (_, at) => pixelAt(at % width, Math.floor(at / width)));
  // Its type is that of what sharp takes: 1 to 4.
  const channels = (pixels[0]?.length ?? 3) as 1 | 2 | 3 | 4;
  return sharp(Buffer.from(pixels.flat()), { raw: { width, height, channels } });
}

const isInside = (x: number, y: number) => x >= 16 && x < 48 && y >= 12 && y < 36;
const hole = draw((x, y) => [200, 30, 30, isInside(x, y) ? 0 : 255]);
const blackOnWhite = draw((x, y) => (isInside(x, y) ? [0, 0, 0] : [255, 255, 255]));
const greys = draw((x, y) => {
  const grey = (x + y * WIDTH) % 256;
  return [grey, grey, grey];
});

// Made before any call to the code under test, which closes all other decoders.
const ALPHA: Readonly<Record<string, Buffer>> = {
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
const BLACK_AND_WHITE: Readonly<Record<string, Buffer>> = {
  PNG: await blackOnWhite.clone().png().toBuffer(),
  'PNG of greys': await blackOnWhite.clone().toColourspace('b-w').png().toBuffer(),
  'PNG of one bit': await blackOnWhite.clone().png({ palette: true, colours: 2 }).toBuffer(),
  'PNG of 16 bits': await blackOnWhite.clone().toColourspace('grey16').png().toBuffer(),
  'PNG with an alpha channel that is opaque': await blackOnWhite.clone().ensureAlpha().png().toBuffer(),
  WEBP: await blackOnWhite.clone().webp({ lossless: true }).toBuffer(),
  'lossy WEBP': await blackOnWhite.clone().webp({ quality: 80 }).toBuffer(),
  GIF: await blackOnWhite.clone().gif().toBuffer(),
  JPEG: await blackOnWhite.clone().jpeg().toBuffer(),
};
const NONE: Readonly<Record<string, Buffer>> = {
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
  'a picture that is transparent only in part': await draw(() => [0, 0, 0, 128])
    .png()
    .toBuffer(),
};
const everyGrey = await greys.clone().png().toBuffer();
const large = await draw((x, y) => (isInside(x % 64, y % 48) ? [0] : [255]), 4000, 4000)
  .png({ compressionLevel: 1 })
  .toBuffer();

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-mask-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function fileOf(bytes: Uint8Array): Promise<string> {
  const file = join(directory, 'mask');
  await writeFile(file, bytes);
  return file;
}

/** Four bytes a pixel, of a PNG that has an alpha channel of its own. */
async function pixelsOf(png: Buffer): Promise<{ at(x: number, y: number): number[] }> {
  const metadata = await sharp(png).metadata();
  expect(metadata).toMatchObject({ format: 'png', hasAlpha: true, width: WIDTH, height: HEIGHT });
  expect(metadata.isPalette ?? false).toBe(false);
  const data = await sharp(png).toColourspace('srgb').ensureAlpha().raw().toBuffer();
  return { at: (x, y) => [...data.subarray((x + y * WIDTH) * 4, (x + y * WIDTH) * 4 + 4)] };
}

describe('maskFacts', () => {
  const cases = [
    ...Object.entries(ALPHA).map(([what, bytes]) => ['ALPHA', what, bytes] as const),
    ...Object.entries(BLACK_AND_WHITE).map(([what, bytes]) => ['BLACK_AND_WHITE', what, bytes] as const),
    ...Object.entries(NONE).map(([what, bytes]) => ['NONE', what, bytes] as const),
  ];

  it.each(cases)('tells %s of %s', async (kind, _, bytes) => {
    expect(await maskFacts(await fileOf(bytes))).toEqual({ width: WIDTH, height: HEIGHT, kind });
  });

  it.each([
    ['no picture', Buffer.from('hello')],
    ['half a picture', everyGrey.subarray(0, everyGrey.byteLength / 2)],
  ])('refuses %s', async (_, bytes) => {
    await expect(maskFacts(await fileOf(bytes))).rejects.toThrow(NotAPictureError);
    await expect(toAlphaMask(await fileOf(bytes))).rejects.toThrow(NotAPictureError);
  });

  it('looks at sixteen million pixels without holding up the process', async () => {
    const file = await fileOf(large);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const before = performance.now();
    expect(await maskFacts(file)).toEqual({ width: 4000, height: 4000, kind: 'BLACK_AND_WHITE' });
    await toAlphaMask(file);
    delay.disable();
    // Nanoseconds. Whatever it takes in all, no request waits for it.
    expect(delay.max / 1e6).toBeLessThan(Math.max(100, (performance.now() - before) / 3));
  });
});

describe('toAlphaMask', () => {
  it.each(['PNG', 'PNG of greys', 'PNG of 16 bits'])('gives back a %s with alpha byte for byte', async (what) => {
    const bytes = ALPHA[what] ?? Buffer.alloc(0);
    expect(bytes.equals(await toAlphaMask(await fileOf(bytes)))).toBe(true);
  });

  it.each(['PNG with a palette', 'WEBP', 'GIF'])('draws a %s with alpha as a PNG with the same holes', async (what) => {
    const { at } = await pixelsOf(await toAlphaMask(await fileOf(ALPHA[what] ?? Buffer.alloc(0))));
    for (let y = 0; y < HEIGHT; y += 1) {
      for (let x = 0; x < WIDTH; x += 1) expect(at(x, y)[3]).toBe(isInside(x, y) ? 0 : 255);
    }
  });

  it.each([
    'PNG',
    'PNG of greys',
    'PNG of one bit',
    'PNG of 16 bits',
    'PNG with an alpha channel that is opaque',
    'WEBP',
    'GIF',
  ])('makes what is black in a %s transparent, to be edited, and keeps what is white', async (what) => {
    const { at } = await pixelsOf(await toAlphaMask(await fileOf(BLACK_AND_WHITE[what] ?? Buffer.alloc(0))));
    for (let y = 0; y < HEIGHT; y += 1) {
      for (let x = 0; x < WIDTH; x += 1) {
        expect(at(x, y)).toEqual(isInside(x, y) ? [0, 0, 0, 0] : [255, 255, 255, 255]);
      }
    }
  });

  it('takes every grey for an alpha of the same value, as the guide does', async () => {
    const { at } = await pixelsOf(await toAlphaMask(await fileOf(everyGrey)));
    for (let y = 0; y < HEIGHT; y += 1) {
      for (let x = 0; x < WIDTH; x += 1) {
        const grey = (x + y * WIDTH) % 256;
        expect(at(x, y)).toEqual([grey, grey, grey, grey]);
      }
    }
  });

  it.each(Object.entries(NONE))('refuses %s', async (_, bytes) => {
    await expect(toAlphaMask(await fileOf(bytes))).rejects.toThrow(NotAMaskError);
  });
});

describe('a mask for a picture', () => {
  const masks = createMasks({
    blobs: { path: () => join(directory, 'mask') },
    inspect: { maskFacts, toAlphaMask, isNotAPicture: (error) => error instanceof NotAPictureError },
  });
  const image = (facts: Partial<Image> = {}): Image => ({
    id: 'image',
    principal: 'local',
    conversationId: null,
    callId: null,
    imageIndex: 0,
    origin: 'UPLOADED',
    sha256: 'a'.repeat(64),
    byteSize: 1,
    width: WIDTH,
    height: HEIGHT,
    format: 'PNG',
    thumbhash: null,
    responseId: null,
    verbatim: null,
    prompt: null,
    revisedPrompt: null,
    requested: null,
    actual: null,
    itemId: null,
    createdAt: '2026-11-23T15:04:05.678Z',
    ...facts,
  });
  const messagesOf = async (mask: Image, source: Image) => {
    const errors = await masks.checkMask(mask, source);
    expect(errors.every(({ field }) => field === 'maskImageId')).toBe(true);
    return errors.map(({ message }) => message);
  };

  it.each(['PNG', 'WEBP', 'JPEG'] as const)('is right when it has the size of a %s', async (format) => {
    for (const bytes of [ALPHA['PNG'], BLACK_AND_WHITE['PNG']]) {
      await fileOf(bytes ?? Buffer.alloc(0));
      expect(await masks.checkMask(image(), image({ format }))).toEqual([]);
    }
  });

  it('must have the same size, and both are named', async () => {
    const [message, ...more] = await messagesOf(image({ width: 48 }), image());
    expect(message).toContain('64x48; it has 48x48');
    expect(more).toEqual([]);
  });

  it.each(['JPEG', 'SVG'] as const)('is no %s', async (format) => {
    expect(await messagesOf(image({ format }), image())).toEqual([`must be a PNG, WEBP or GIF, not ${format}.`]);
  });

  it.each(['GIF', 'SVG'] as const)('is none for a %s', async (format) => {
    expect(await messagesOf(image(), image({ format }))).toEqual([
      `cannot be used with a ${format}: the picture to change must be a PNG, WEBP or JPEG.`,
    ]);
  });

  it('tells everything that is wrong at once', async () => {
    expect(await messagesOf(image({ format: 'JPEG', width: 1 }), image({ format: 'GIF' }))).toHaveLength(3);
  });

  it.each(Object.entries(NONE))('is not %s', async (_, bytes) => {
    await fileOf(bytes);
    expect(await messagesOf(image(), image())).toEqual([expect.stringContaining('is no mask')]);
  });

  it('is not what cannot be decoded', async () => {
    await fileOf(Buffer.from('hello'));
    expect(await messagesOf(image(), image())).toEqual([expect.stringContaining('is no mask')]);
  });

  it('goes to the upstream as a PNG, under a key that is that of its bytes', async () => {
    await fileOf(BLACK_AND_WHITE['GIF'] ?? Buffer.alloc(0));
    const { read, ...mask } = masks.forUpstream(image({ format: 'GIF' }));
    expect(mask).toEqual({ key: `mask:${'a'.repeat(64)}`, mediaType: 'image/png', fileId: null });
    expect((await pixelsOf(Buffer.from(await read()))).at(20, 20)).toEqual([0, 0, 0, 0]);
  });
});
