/** What a file is left with, and files of which nobody can say where their metadata is. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { barePicture } from '../../src/images/bare-picture.ts';
import {
  film,
  jpegSegment,
  pngChunk,
  withJpegSegments,
  withPngChunks,
  withWebpChunks,
} from '../support/picture-files.ts';

const noise = { type: 'gaussian', mean: 128, sigma: 50 } as const;
const photo = () => sharp({ create: { width: 90, height: 60, channels: 3, background: 'gray', noise } });
const PICTURES = {
  JPEG: await photo()
    .withExif({ IFD0: { Copyright: 'somebody' } })
    .jpeg()
    .toBuffer(),
  PNG: await photo()
    .withExif({ IFD0: { Copyright: 'somebody' } })
    .png()
    .toBuffer(),
  WEBP: await photo()
    .withExif({ IFD0: { Copyright: 'somebody' } })
    .webp()
    .toBuffer(),
} as const;
const FORMATS = ['JPEG', 'PNG', 'WEBP'] as const;
const bare = (format: (typeof FORMATS)[number], bytes: Buffer, orientation = 1, keepsMetadata = false) =>
  barePicture(bytes, { format, orientation, keepsMetadata });

describe.each(FORMATS)('a bare %s', (format) => {
  const picture = PICTURES[format];

  it('stays as it is when it is made bare again', async () => {
    const once = (await bare(format, picture)) ?? Buffer.alloc(0);
    expect(once.length).toBeLessThan(picture.length);
    expect(await bare(format, once)).toBe(once);
  });

  it('leaves the bytes that it was made of as they were', async () => {
    const before = Buffer.from(picture);
    await bare(format, picture, 6);
    expect(picture.equals(before)).toBe(true);
  });

  it.each([2, 3, 4, 5, 6, 7, 8])('says that its orientation is %i, once', async (orientation) => {
    const once = (await bare(format, picture, orientation)) ?? Buffer.alloc(0);
    expect(await sharp(once).metadata()).toMatchObject({ orientation, width: 90, height: 60 });
    const twice = (await bare(format, once, orientation)) ?? Buffer.alloc(0);
    expect(twice.equals(once)).toBe(true);
  });

  it.each([0, 1, 20, 40, 200, 1000, -1])('is none of its bytes up to %i', async (end) => {
    expect(await bare(format, picture.subarray(0, end))).toBeNull();
  });

  it('is none of random bytes behind its signature, and no mistake either', async () => {
    for (let seed = 1; seed < 200; seed += 1) {
      const bytes = Buffer.concat([picture.subarray(0, 16), film(300, seed)]);
      await expect(bare(format, bytes, 6)).resolves.not.toThrow();
    }
  });
});

describe('a file that keeps its metadata', () => {
  it.each(FORMATS)('is the same %s without what is behind its end', async (format) => {
    const picture = PICTURES[format];
    expect(await bare(format, picture, 6, true)).toBe(picture);
    expect((await bare(format, Buffer.concat([picture, film(5_000)]), 6, true))?.equals(picture)).toBe(true);
  });
});

it('a WEBP without an extended header cannot have an orientation', async () => {
  const simple = await photo().webp().toBuffer();
  const odd = Buffer.concat([simple, Buffer.from('gpsX\x02\0\0\0ab')]);
  odd.writeUInt32LE(odd.length - 8, 4);
  expect((await bare('WEBP', odd))?.equals(simple)).toBe(true);
  expect(await bare('WEBP', odd, 6)).toBeNull();
});

it('many small parts are left out in a moment', async () => {
  const many = Array.from({ length: 900 }, () => pngChunk('tEXt', Buffer.from('a\0b')));
  expect(
    (await bare('PNG', withPngChunks(PICTURES.PNG, many)))?.equals(
      (await bare('PNG', PICTURES.PNG)) ?? Buffer.alloc(0),
    ),
  ).toBe(true);
  const comments = Array.from({ length: 100_000 }, () => jpegSegment(0xfe, Buffer.from('a comment')));
  const before = performance.now();
  const jpeg = await bare('JPEG', withJpegSegments(PICTURES.JPEG, comments));
  expect(jpeg?.equals((await bare('JPEG', PICTURES.JPEG)) ?? Buffer.alloc(0))).toBe(true);
  expect(performance.now() - before).toBeLessThan(2_000);
  expect(await bare('WEBP', withWebpChunks(PICTURES.WEBP, [['odd ', Buffer.from('abc')]]))).not.toBeNull();
});
