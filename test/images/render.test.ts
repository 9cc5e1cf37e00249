/** Making a variant of a picture: its size, colours and metadata, and what happens to animations and drawings. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { hasContentCredentials } from '../../src/images/content-credentials.ts';
import { NotAPictureError } from '../../src/images/probe.ts';
import { renderVariant } from '../../src/images/variants/render.ts';
import { fourComponentJpeg, pngChunk, withPngChunks } from '../support/picture-files.ts';

const RED = { r: 220, g: 30, b: 40 };
const wide = { width: 800, height: 400 };
const picture = (size = wide) => sharp({ create: { ...size, channels: 3, background: RED } });

async function firstPixel(bytes: Buffer): Promise<readonly number[]> {
  const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray(0, 3)];
}

function expectNear(actual: readonly number[], expected: readonly number[], by = 8): void {
  for (const [index, value] of expected.entries()) expect(Math.abs((actual[index] ?? 0) - value)).toBeLessThan(by);
}

describe('a variant', () => {
  it.each([
    ['WEBP', 'webp'],
    ['PNG', 'png'],
    ['JPEG', 'jpeg'],
  ] as const)('in %s has the asked width, and its height in proportion', async (format, name) => {
    const made = await renderVariant(await picture().png().toBuffer(), { width: 320, format });
    expect(await sharp(made).metadata()).toMatchObject({ format: name, width: 320, height: 160 });
    expectNear(await firstPixel(made), [220, 30, 40]);
  });

  it('is never larger than its picture', async () => {
    const made = await renderVariant(await picture().png().toBuffer(), { width: 1920, format: 'WEBP' });
    expect(await sharp(made).metadata()).toMatchObject(wide);
  });

  it('is upright, and says nothing of the camera, the place or the profile', async () => {
    const exif = { IFD0: { Artist: 'Anna' }, IFD3: { GPSLatitude: '52/1 30/1 0/1' } };
    const sideways = await picture()
      .withExif(exif)
      .withMetadata({ orientation: 6 })
      .withIccProfile('p3')
      .jpeg()
      .toBuffer();
    expect((await sharp(sideways).metadata()).exif).toBeDefined();
    for (const format of ['WEBP', 'PNG', 'JPEG'] as const) {
      const made = await renderVariant(sideways, { width: 160, format });
      const { width, height, exif: left, icc, xmp, orientation } = await sharp(made).metadata();
      expect({ width, height, left, icc, xmp, orientation: orientation ?? 1 }).toEqual({
        width: 160,
        height: 320,
        left: undefined,
        icc: undefined,
        xmp: undefined,
        orientation: 1,
      });
      expect(made.includes('Anna')).toBe(false);
    }
  });

  it('has the colours that its picture is shown with: those of another profile become sRGB', async () => {
    const inP3 = await picture().withIccProfile('p3').png().toBuffer();
    const raw = await sharp(inP3, { ignoreIcc: true }).raw().toBuffer();
    expect(Math.abs((raw[0] ?? 0) - RED.r)).toBeGreaterThan(8);
    expectNear(await firstPixel(await renderVariant(inP3, { width: 320, format: 'PNG' })), [220, 30, 40]);
  });

  it('of a JPEG in CMYK is one in RGB', async () => {
    const cmyk = fourComponentJpeg({ width: 400, height: 200 }, [255, 255, 255, 255], 'CMYK');
    const made = await renderVariant(cmyk, { width: 160, format: 'JPEG' });
    expect(await sharp(made).metadata()).toMatchObject({ width: 160, space: 'srgb', channels: 3 });
  });

  it('of a picture with 16 bits a channel has 8', async () => {
    const deep = await picture().toColourspace('rgb16').png().toBuffer();
    expect(await sharp(deep).metadata()).toMatchObject({ depth: 'ushort' });
    const made = await renderVariant(deep, { width: 320, format: 'PNG' });
    expect(await sharp(made).metadata()).toMatchObject({ depth: 'uchar' });
  });

  it('keeps transparency, which is white in JPEG', async () => {
    const clear = await sharp({ create: { ...wide, channels: 4, background: { ...RED, alpha: 0 } } })
      .png()
      .toBuffer();
    const webp = await renderVariant(clear, { width: 160, format: 'WEBP' });
    expect((await sharp(webp).stats()).isOpaque).toBe(false);
    expectNear(await firstPixel(await renderVariant(clear, { width: 160, format: 'JPEG' })), [255, 255, 255]);
  });

  it('has no content credentials: it is not what they were signed for', async () => {
    const signed = withPngChunks(await picture().png().toBuffer(), [pngChunk('caBX', Buffer.alloc(40))]);
    expect(hasContentCredentials('PNG', signed)).toBe(true);
    expect(hasContentCredentials('PNG', await renderVariant(signed, { width: 160, format: 'PNG' }))).toBe(false);
  });

  it('of a picture that breaks off shows it as far as it goes, as browsers do', async () => {
    const noise = Buffer.from(Array.from({ length: 300 * 300 * 3 }, (_, index) => (index * 7919) % 256));
    const whole = await sharp(noise, { raw: { width: 300, height: 300, channels: 3 } })
      .png()
      .toBuffer();
    const made = await renderVariant(whole.subarray(0, whole.length / 2), { width: 160, format: 'WEBP' });
    expect(await sharp(made).metadata()).toMatchObject({ width: 160, height: 160 });
  });

  it.each([
    ['other bytes', Buffer.from('GIF89a is how it begins')],
    ['nothing', Buffer.alloc(0)],
    ['a picture of more than a hundred megapixels', hugePng()],
  ])('cannot be made of %s', async (_, bytes) => {
    await expect(renderVariant(bytes, { width: 320, format: 'WEBP' })).rejects.toThrow(NotAPictureError);
  });

  it('of a very high picture fits into a WEBP', async () => {
    const high = await picture({ width: 20, height: 20_000 }).png().toBuffer();
    const { height = 0 } = await sharp(await renderVariant(high, { width: 320, format: 'WEBP' })).metadata();
    expect(height).toBeLessThanOrEqual(16_383);
  });
});

describe('a variant of an animation', () => {
  const frames = [0, 90, 180].map((hue) => ({
    create: { ...wide, channels: 3 as const, background: `hsl(${hue},80%,50%)` },
  }));
  const animation = async () => {
    const pages = await Promise.all(frames.map((frame) => sharp(frame).png().toBuffer()));
    return sharp(pages, { join: { animated: true } })
      .gif({ delay: [100, 200, 300], loop: 0 })
      .toBuffer();
  };

  it('in WEBP has the same frames, each as long as before', async () => {
    const made = await renderVariant(await animation(), { width: 320, format: 'WEBP' });
    const { pages, delay, width, pageHeight, loop } = await sharp(made, { animated: true }).metadata();
    expect({ pages, delay, width, pageHeight, loop }).toEqual({
      pages: 3,
      delay: [100, 200, 300],
      width: 320,
      pageHeight: 160,
      loop: 0,
    });
  });

  it.each(['PNG', 'JPEG'] as const)('in %s is its first frame', async (format) => {
    const made = await renderVariant(await animation(), { width: 320, format });
    const { pages = 1, width, height } = await sharp(made).metadata();
    expect({ pages, width, height }).toEqual({ pages: 1, width: 320, height: 160 });
    expectNear(await firstPixel(made), [230, 26, 26], 12);
  });

  it('of more than a hundred frames is its first frame', async () => {
    const small = { width: 16, height: 16, channels: 3 as const };
    const pages = await Promise.all(
      Array.from({ length: 101 }, (_, index) =>
        sharp({ create: { ...small, background: index % 2 === 0 ? '#000' : '#fff' } })
          .png()
          .toBuffer(),
      ),
    );
    const long = await sharp(pages, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(long).metadata()).pages).toBe(101);
    const { pages: made = 1 } = await sharp(await renderVariant(long, { width: 160, format: 'WEBP' })).metadata();
    expect(made).toBe(1);
  });
});

describe('a variant of an SVG', () => {
  const svg = (content: string) =>
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="50">${content}</svg>`,
    );

  it('is drawn in the asked width, also when the drawing names a smaller one', async () => {
    const made = await renderVariant(svg('<rect width="50" height="50" fill="#dc1e28"/>'), {
      width: 640,
      format: 'PNG',
    });
    expect(await sharp(made).metadata()).toMatchObject({ width: 640, height: 320 });
    // The edge is as sharp as one that was drawn in this size.
    const row = await sharp(made)
      .ensureAlpha()
      .extractChannel('alpha')
      .extract({ left: 316, top: 10, width: 8, height: 1 })
      .raw()
      .toBuffer();
    expect([...row].filter((alpha) => alpha !== 0 && alpha !== 255).length).toBeLessThanOrEqual(1);
  });

  it('reads no file and loads nothing, whatever it names', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'darkroom-svg-'));
    try {
      const secret = join(directory, 'secret.png');
      await writeFile(secret, await picture().png().toBuffer());
      const image = (href: string) => `<image xlink:href="${href}" href="${href}" width="100" height="50"/>`;
      for (const href of [secret, `file://${secret}`, 'secret.png', 'http://127.0.0.1:9/x.png']) {
        const made = await renderVariant(svg(image(href)), { width: 160, format: 'PNG' });
        expect((await sharp(made).ensureAlpha().stats()).channels[3]?.max).toBe(0);
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('with entities that grow without end is refused soon', async () => {
    const levels = Array.from({ length: 9 }, (_, index) => `<!ENTITY e${index + 1} "${`&e${index};`.repeat(10)}">`);
    const bomb = Buffer.from(
      `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e0 "boom">${levels.join('')}]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&e9;</text></svg>`,
    );
    const began = performance.now();
    await renderVariant(bomb, { width: 160, format: 'PNG' }).catch((error: unknown) => {
      expect(error).toBeInstanceOf(NotAPictureError);
    });
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

/** Says that it has 20,000 x 20,000 pixels. */
function hugePng(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(20_000, 0);
  header.writeUInt32BE(20_000, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunks = [pngChunk('IHDR', header), pngChunk('IDAT', Buffer.alloc(10)), pngChunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}
