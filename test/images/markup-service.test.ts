/** Which image can be the markup of which, and how it is sent to the upstream. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Image } from '../../src/domain/images/image.ts';
import { toMarkup } from '../../src/images/markup.ts';
import { createMarkupService } from '../../src/images/markup-service.ts';
import { NotAPictureError, probeImage } from '../../src/images/probe.ts';
import { createFairLimiter } from '../../src/lib/fair-limiter.ts';
import { imageOf } from '../contract/database-rows.ts';
import { draw, HEIGHT, isInside, WIDTH } from './mask-pictures.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-markup-'));
});
afterAll(() => rm(directory, { recursive: true }));

const markups = createMarkupService({
  blobs: { withLocalFile: (sha256, use) => use(join(directory, sha256)) },
  decoder: { convert: toMarkup, isNotAPicture: (error) => error instanceof NotAPictureError },
  decodeLimiter: createFairLimiter(),
  keepsMetadata: false,
});

/** A stored image of these bytes, with the size that an upload reads from them. */
async function stored(id: string, bytes: Uint8Array, facts: Partial<Image> = {}): Promise<Image> {
  await writeFile(join(directory, id), bytes);
  const size = await probeImage(bytes).catch(() => ({ width: WIDTH, height: HEIGHT }));
  return imageOf(id, { sha256: id, width: size.width, height: size.height, ...facts });
}

const stroke = (width = WIDTH, height = HEIGHT) =>
  draw((x, y) => (isInside(x, y) ? [255, 0, 0, 255] : [0, 0, 0, 0]), width, height);
const plain = (width = WIDTH, height = HEIGHT) => sharp({ create: { width, height, channels: 3, background: 'teal' } });

async function messageOf(markup: Buffer, source: Buffer, facts: Partial<Image> = {}): Promise<string | null> {
  const errors = await markups.checkMarkup(await stored('markup', markup, facts), await stored('source', source));
  expect(errors.length).toBeLessThan(2);
  for (const { field } of errors) expect(field).toBe('markupImageId');
  return errors[0]?.message ?? null;
}

describe('a markup for a picture', () => {
  it.each([
    ['with a stroke', stroke()],
    ['with a shade that is transparent in part', draw((x, y) => [255, 0, 0, isInside(x, y) ? 90 : 0])],
    ['with one transparent pixel', draw((x, y) => [255, 0, 0, x === 0 && y === 0 ? 254 : 255])],
  ])('%s is right', async (_, picture) => {
    expect(await messageOf(await picture.png().toBuffer(), await plain().jpeg().toBuffer())).toBeNull();
  });

  it('has the size of the picture as it is shown, not as it is stored', async () => {
    const turned = await plain(HEIGHT, WIDTH).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await messageOf(await stroke().png().toBuffer(), turned)).toBeNull();
    expect(await messageOf(await stroke(HEIGHT, WIDTH).png().toBuffer(), turned)).toBe(
      'must have the size of the image to edit as it is shown, 64x48; it has 48x64.',
    );
  });

  it.each([
    ['opaque', draw(() => [255, 0, 0, 255]), 'it has no transparent pixels'],
    ['without an alpha channel', plain(), 'it has no transparent pixels'],
    ['empty', draw(() => [0, 0, 0, 0]), 'nothing is drawn on it'],
  ])('is not %s', async (_, picture, why) => {
    expect(await messageOf(await picture.png().toBuffer(), await plain().png().toBuffer())).toContain(
      `is not a markup: ${why}.`,
    );
  });

  it('is a PNG and nothing else', async () => {
    const bytes = await stroke().webp().toBuffer();
    expect(await messageOf(bytes, await plain().png().toBuffer(), { format: 'WEBP' })).toBe('must be a PNG, not WEBP.');
  });

  it('can be decoded', async () => {
    expect(await messageOf(Buffer.from('not a picture'), await plain().png().toBuffer())).toContain(
      'cannot be decoded',
    );
  });
});

describe('a markup for the upstream', () => {
  async function sent(bytes: Buffer): Promise<Buffer> {
    const picture = markups.forUpstream(await stored('markup', bytes));
    expect(picture).toMatchObject({ key: 'markup:bare:markup', fileId: null });
    const { bytes: png, mediaType } = await picture.read();
    expect(mediaType).toBe('image/png');
    return Buffer.from(png);
  }

  it('of true colour with an alpha channel goes byte for byte', async () => {
    const bytes = await stroke().png().toBuffer();
    expect(await sent(bytes)).toEqual(bytes);
  });

  it.each([
    ['a palette', async () => stroke().png({ palette: true }).toBuffer()],
    [
      'greys',
      async () =>
        draw((x, y) => [90, isInside(x, y) ? 255 : 0])
          .toColourspace('b-w')
          .png()
          .toBuffer(),
    ],
  ])('with %s is redrawn with an alpha channel, pixel for pixel', async (_, make) => {
    const bytes = await make();
    expect(bytes[25]).not.toBe(6);
    const redrawn = await sent(bytes);
    expect(redrawn[25]).toBe(6);
    const pixels = (png: Buffer) => sharp(png).toColourspace('srgb').ensureAlpha().raw().toBuffer();
    expect(await pixels(redrawn)).toEqual(await pixels(bytes));
  });
});
