/** Probing of pictures made here by sharp, and of bytes that are no picture. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from 'thumbhash';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotAPictureError, probeImage, thumbhash, toPng } from '../../src/images/probe.ts';

const SVG_START = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
const drawing = sharp({ create: { width: 60, height: 40, channels: 3, background: '#ff0000' } });

// Made before any call to the code under test, which closes all other decoders.
const pictures = {
  PNG: await drawing.clone().png().toBuffer(),
  WEBP: await drawing.clone().webp().toBuffer(),
  JPEG: await drawing.clone().jpeg().toBuffer(),
  GIF: await drawing.clone().gif().toBuffer(),
  SVG: Buffer.from(`${SVG_START} width="60" height="40"><rect width="60" height="40" fill="#f00"/></svg>`),
};
const tiff = await drawing.clone().tiff().toBuffer();
const avif = await drawing.clone().avif().toBuffer();
const sideways = await drawing.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer();
const grey16 = await drawing.clone().toColourspace('grey16').png().toBuffer();
const cmyk = await drawing.clone().toColourspace('cmyk').jpeg().toBuffer();

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-inspect-'));
});
afterAll(() => rm(directory, { recursive: true }));

function averageOf(hash: string) {
  return thumbHashToAverageRGBA(Buffer.from(hash, 'base64'));
}

describe('probeImage', () => {
  it.each(Object.entries(pictures))(
    'reads size and format of a %s, from bytes and from a file',
    async (format, bytes) => {
      // Without an extension, like stored blobs.
      const file = join(directory, format);
      await writeFile(file, bytes);
      expect(await probeImage(bytes)).toEqual({ width: 60, height: 40, format });
      expect(await probeImage(file)).toEqual({ width: 60, height: 40, format });
    },
  );

  it('reads the size as it is shown, by the EXIF orientation', async () => {
    expect(await probeImage(sideways)).toMatchObject({ width: 40, height: 60 });
  });

  it('reads the size of one frame of an animation', async () => {
    const frames = { width: 8, height: 24, channels: 3, background: '#00f', pageHeight: 8 } as const;
    const animation = await sharp({ create: frames }).gif().toBuffer();
    expect(await probeImage(animation)).toEqual({ width: 8, height: 8, format: 'GIF' });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello')],
    ['a page', Buffer.from('<!doctype html><p>hello')],
    ['a document', Buffer.from('%PDF-1.7\n1 0 obj')],
    ['a PNG that breaks off in its header', pictures.PNG.subarray(0, 20)],
    ['an SVG that breaks off', pictures.SVG.subarray(0, 90)],
    ['a TIFF, which no browser shows', tiff],
    ['an AVIF, which the API does not name', avif],
    ['more pixels than allowed', Buffer.from(`${SVG_START} width="20000" height="5001"/>`)],
  ])('refuses %s', async (_, bytes) => {
    await expect(probeImage(bytes)).rejects.toThrow(NotAPictureError);
    await expect(thumbhash(bytes)).rejects.toThrow(NotAPictureError);
    await expect(toPng(bytes)).rejects.toThrow(NotAPictureError);
  });

  it('does not call a file that cannot be read a bad picture', async () => {
    await expect(probeImage(join(directory, 'nowhere'))).rejects.toThrow('ENOENT');
    await expect(thumbhash(join(directory, 'nowhere'))).rejects.toThrow('ENOENT');
  });
});

describe('thumbhash', () => {
  it.each(Object.entries(pictures))('hashes a %s to its colour and shape', async (_, bytes) => {
    const hash = await thumbhash(bytes);
    const { r, g, b, a } = averageOf(hash);
    expect([r > 0.9, g < 0.1, b < 0.1, a]).toEqual([true, true, true, 1]);
    expect(thumbHashToApproximateAspectRatio(Buffer.from(hash, 'base64'))).toBeCloseTo(1.5, 0);
    expect(hash.length).toBeLessThan(40);
  });

  it('takes 16-bit grey and CMYK as well', async () => {
    const grey = averageOf(await thumbhash(grey16));
    expect(Math.abs(grey.r - grey.b)).toBeLessThan(0.1);
    expect(averageOf(await thumbhash(cmyk)).r).toBeGreaterThan(0.7);
  });

  it('keeps transparency', async () => {
    const clear = sharp({
      create: { width: 20, height: 20, channels: 4, background: { r: 0, g: 0, b: 255, alpha: 0 } },
    });
    expect(averageOf(await thumbhash(await clear.png().toBuffer())).a).toBe(0);
  });

  it('stands upright where the picture is shown upright', async () => {
    const hash = Buffer.from(await thumbhash(sideways), 'base64');
    expect(thumbHashToApproximateAspectRatio(hash)).toBeLessThan(1);
  });

  it('draws no neighbouring file into an SVG that names it', async () => {
    await writeFile(join(directory, 'secret'), pictures.PNG);
    const spy = join(directory, 'spy');
    await writeFile(
      spy,
      `${SVG_START} width="60" height="40"><image xlink:href="secret" width="60" height="40"/></svg>`,
    );
    expect(averageOf(await thumbhash(spy)).a).toBe(0);
  });

  it('hashes a picture that breaks off as far as it goes', async () => {
    const whole = await sharp(randomBytes(200 * 200 * 3), { raw: { width: 200, height: 200, channels: 3 } })
      .jpeg()
      .toBuffer();
    expect(await thumbhash(whole.subarray(0, whole.length / 2))).toMatch(/^[\w+/]+=*$/);
  });
});

describe('toPng', () => {
  it.each(Object.entries(pictures))('draws a %s as a PNG of its size', async (_, bytes) => {
    const png = await toPng(bytes);
    expect(await probeImage(png)).toEqual({ width: 60, height: 40, format: 'PNG' });
    expect(averageOf(await thumbhash(png)).r).toBeGreaterThan(0.9);
  });

  it('turns upright what is shown upright', async () => {
    expect(await probeImage(await toPng(sideways))).toMatchObject({ width: 40, height: 60 });
  });
});
