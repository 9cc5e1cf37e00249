/** Masks from real pictures, checked pixel by pixel. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toAlphaMask } from '../../src/images/mask.ts';
import { NotAPictureError } from '../../src/images/probe.ts';
import {
  ALPHA,
  BLACK_AND_WHITE,
  draw,
  greyOf,
  HEIGHT,
  isInside,
  NEARLY,
  NONE,
  pixelsOf,
  SOFT,
  soft,
  WIDTH,
} from './mask-pictures.ts';

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
      // Lossy formats blur the edge between the two, over one of their blocks at most.
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
    expect(problem).toMatch(
      /^is not a mask: .+\. It must be fully transparent where the picture may change, or black/u,
    );
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
    // Nanoseconds. However long it takes in total, no request waits for it.
    expect(delay.max / 1e6).toBeLessThan(Math.max(100, (performance.now() - before) / 3));
  });
});
