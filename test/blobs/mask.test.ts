/** Masks from real pictures, checked pixel by pixel. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotAPictureError } from '../../src/blobs/inspect.ts';
import { type AlphaMask, toAlphaMask } from '../../src/blobs/mask.ts';
import type { Image } from '../../src/domain/image.ts';
import { createDecodingTurns } from '../../src/engine/decoding-turns.ts';
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
/** Black on white with a column of every grey, one a row from `SOFT` on, as the edge of a soft brush has. */
const SOFT = 60;
const greyOf = (x: number, y: number) => Math.round(((x - SOFT) * HEIGHT + y) * (255 / (4 * HEIGHT - 1)));
const softBlackOnWhite = draw((x, y) => {
  const grey = x >= SOFT ? greyOf(x, y) : isInside(x, y) ? 0 : 255;
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
  GIF: await blackOnWhite.clone().gif().toBuffer(),
};
/** Where black or white is not all that it could be. */
const NEARLY: Readonly<Record<string, Buffer>> = {
  'PNG of nearly black on nearly white': await draw((x, y) => (isInside(x, y) ? [12, 12, 12] : [243, 243, 243]))
    .png()
    .toBuffer(),
  'lossy WEBP': await blackOnWhite.clone().webp({ quality: 80 }).toBuffer(),
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
const soft = await softBlackOnWhite.clone().png().toBuffer();
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
async function pixelsOf({ png, problem }: AlphaMask): Promise<{ at(x: number, y: number): number[] }> {
  if (png === null) throw new Error(problem);
  const metadata = await sharp(png).metadata();
  expect(metadata).toMatchObject({ format: 'png', hasAlpha: true, width: WIDTH, height: HEIGHT });
  expect(metadata.isPalette ?? false).toBe(false);
  const data = await sharp(png).toColourspace('srgb').ensureAlpha().raw().toBuffer();
  return { at: (x, y) => [...data.subarray((x + y * WIDTH) * 4, (x + y * WIDTH) * 4 + 4)] };
}

const maskOf = async (bytes: Uint8Array | undefined) => toAlphaMask(await fileOf(bytes ?? Buffer.alloc(0)));

describe('toAlphaMask', () => {
  it.each(['PNG', 'PNG of greys', 'PNG of 16 bits', 'PNG with one transparent pixel'])(
    'gives back a %s with alpha byte for byte',
    async (what) => {
      const bytes = ALPHA[what] ?? Buffer.alloc(0);
      expect((await maskOf(bytes)).png?.equals(bytes)).toBe(true);
    },
  );

  it.each(['PNG with a palette', 'WEBP', 'GIF'])('draws a %s with alpha as a PNG with the same holes', async (what) => {
    const { at } = await pixelsOf(await maskOf(ALPHA[what]));
    for (let y = 0; y < HEIGHT; y += 1) {
      for (let x = 0; x < WIDTH; x += 1) expect(at(x, y)[3]).toBe(isInside(x, y) ? 0 : 255);
    }
  });

  it.each(Object.entries(BLACK_AND_WHITE))(
    'makes what is black in a %s transparent, to be edited, and keeps what is white',
    async (_, bytes) => {
      const { at } = await pixelsOf(await maskOf(bytes));
      for (let y = 0; y < HEIGHT; y += 1) {
        for (let x = 0; x < WIDTH; x += 1) {
          expect(at(x, y)).toEqual(isInside(x, y) ? [0, 0, 0, 0] : [255, 255, 255, 255]);
        }
      }
    },
  );

  it.each(Object.entries(NEARLY))(
    'takes what is nearly black or white in a %s for black or white',
    async (_, bytes) => {
      const { at } = await pixelsOf(await maskOf(bytes));
      // Lossy formats blur the edge between the two, over a block of theirs at most.
      const isNear = (value: number, edges: readonly number[]) => edges.some((edge) => Math.abs(value - edge) < 8);
      for (let y = 0; y < HEIGHT; y += 1) {
        for (let x = 0; x < WIDTH; x += 1) {
          if (isNear(x, [16, 48]) || isNear(y, [12, 36])) continue;
          expect(at(x, y)[3]).toBe(isInside(x, y) ? 0 : 255);
        }
      }
    },
  );

  it('takes every grey between the ends for an alpha of the same value, as the guide does', async () => {
    const { at } = await pixelsOf(await maskOf(soft));
    for (let y = 0; y < HEIGHT; y += 1) {
      for (let x = SOFT; x < WIDTH; x += 1) {
        const grey = greyOf(x, y);
        const alpha = grey <= 16 ? 0 : grey >= 239 ? 255 : grey;
        expect(at(x, y)).toEqual([alpha, alpha, alpha, alpha]);
      }
    }
  });

  it.each([
    ['a photo', 'it has colours'],
    ['a drawing in one colour', 'it has colours'],
    ['a white page', 'nothing in it is black'],
    ['greys without black', 'too many greys'],
    ['a grey photo with shadows', 'too many greys'],
    ['a picture that is transparent only in part', 'nowhere fully'],
  ])('says that %s is none: %s', async (what, why) => {
    const { problem } = await maskOf(NONE[what]);
    expect(problem).toMatch(/^is no mask: .+\. It must be fully transparent where the picture may change, or black/u);
    expect(problem).toContain(why);
  });

  it.each([
    ['no picture', Buffer.from('hello')],
    ['half a picture', soft.subarray(0, soft.byteLength / 2)],
  ])('refuses %s', async (_, bytes) => {
    await expect(maskOf(bytes)).rejects.toThrow(NotAPictureError);
  });

  it('looks at sixteen million pixels without holding up the process', async () => {
    const file = await fileOf(large);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const before = performance.now();
    const { png } = await toAlphaMask(file);
    delay.disable();
    expect(await sharp(png ?? undefined).metadata()).toMatchObject({ width: 4000, height: 4000, hasAlpha: true });
    // Nanoseconds. Whatever it takes in all, no request waits for it.
    expect(delay.max / 1e6).toBeLessThan(Math.max(100, (performance.now() - before) / 3));
  });
});

describe('a mask for a picture', () => {
  const masks = createMasks({
    blobs: { path: () => join(directory, 'mask') },
    inspect: { toAlphaMask, isNotAPicture: (error) => error instanceof NotAPictureError },
    inTurn: createDecodingTurns(),
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

  it('has less than 4 MB as the PNG that goes up', async () => {
    const noise = randomBytes(1200 * 1200 * 4).map((value, at) => (at === 3 ? 0 : at % 4 === 3 ? 255 : value));
    const raw = { width: 1200, height: 1200, channels: 4 } as const;
    await fileOf(await sharp(noise, { raw }).webp({ lossless: true }).toBuffer());
    const size = { width: 1200, height: 1200 };
    expect(await messagesOf(image({ ...size, format: 'WEBP' }), image(size))).toEqual([
      expect.stringMatching(/^must have less than 4194304 bytes as the PNG .+ goes up; it has \d{7}\.$/u),
    ]);
  });

  it('is decoded alone, as it is checked and as it goes up', async () => {
    await fileOf(BLACK_AND_WHITE['PNG'] ?? Buffer.alloc(0));
    let decoding = 0;
    let most = 0;
    const inTurn = createDecodingTurns();
    const watched = createMasks({
      blobs: { path: () => join(directory, 'mask') },
      inspect: {
        async toAlphaMask(path) {
          decoding += 1;
          most = Math.max(most, decoding);
          const made = await toAlphaMask(path);
          decoding -= 1;
          return made;
        },
        isNotAPicture: () => false,
      },
      inTurn,
    });
    await Promise.all([
      watched.checkMask(image(), image()),
      watched.checkMask(image(), image()),
      watched.forUpstream(image()).read(),
    ]);
    expect(most).toBe(1);
  });

  it('goes to the upstream as a PNG, under a key that is that of its bytes', async () => {
    await fileOf(BLACK_AND_WHITE['GIF'] ?? Buffer.alloc(0));
    const { read, ...mask } = masks.forUpstream(image({ format: 'GIF' }));
    expect(mask).toEqual({ key: `mask:${'a'.repeat(64)}`, mediaType: 'image/png', fileId: null });
    const { at } = await pixelsOf({ png: Buffer.from(await read()), problem: null });
    expect(at(20, 20)).toEqual([0, 0, 0, 0]);
  });
});
