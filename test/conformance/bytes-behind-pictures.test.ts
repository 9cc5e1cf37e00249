/**
 * Bytes behind the end of a picture: the film of a motion photo, the zeros of a card reader, the line end of an editor. The
 * file is kept as it came (promise 8); the upstream gets the picture without them. A picture that breaks off is refused,
 * whatever follows.
 */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, orderToEnd, type Shop } from '../api/orders.ts';
import { fetchBytes, sha256 } from '../api/steps.ts';
import { apngFile, film, type PngOptions, pngFile } from '../support/picture-files.ts';
import { upload, uploadPicture } from '../support/upload.ts';
import { APIS, maskProblem, openBytesShop, rgba, sentFor } from './sent-pictures.ts';

const WIDTH = 240;
const HEIGHT = 160;
const noise = { type: 'gaussian', mean: 128, sigma: 50 } as const;
const photo = () => sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: 'gray', noise } });
const pages = { width: WIDTH, height: HEIGHT * 3, channels: 3, pageHeight: HEIGHT, background: 'gray', noise } as const;
const drawing: PngOptions = {
  width: WIDTH,
  height: HEIGHT,
  colourType: 0,
  bitDepth: 8,
  pixelAt: (x, y) => [(x ^ y) & 255],
};

const PICTURES: Readonly<Record<string, Buffer>> = {
  JPEG: await photo().jpeg().toBuffer(),
  'progressive JPEG': await photo().jpeg({ progressive: true }).toBuffer(),
  'JPEG in CMYK': await photo().toColourspace('cmyk').jpeg().toBuffer(),
  PNG: await photo().png().toBuffer(),
  'interlaced PNG': await photo().png({ progressive: true }).toBuffer(),
  'animated PNG': apngFile(drawing, drawing),
  WEBP: await photo().webp().toBuffer(),
  'lossless WEBP': await photo().webp({ lossless: true }).toBuffer(),
  'animated WEBP': await sharp({ create: pages }).webp().toBuffer(),
  GIF: await photo().gif().toBuffer(),
  'animated GIF': await sharp({ create: pages }).gif().toBuffer(),
};
const TAILS: Readonly<Record<string, Buffer>> = {
  'a film of 300 KB': film(300_000),
  '100,000 zeros': Buffer.alloc(100_000),
  'a line end': Buffer.from('\n'),
  'one zero': Buffer.alloc(1),
  'another picture': await photo().jpeg({ quality: 30 }).toBuffer(),
};
/** Behind their end mark, these formats have nothing that a decoder could take for pixels. */
const SENT_AS_THEY_ARE = ['JPEG', 'progressive JPEG', 'PNG', 'interlaced PNG', 'WEBP', 'lossless WEBP'];

const named = Object.entries(PICTURES);
const WITH_TAILS = named.flatMap(([what, bytes]) =>
  Object.entries(TAILS).map(([behind, tail]) => [what, behind, Buffer.concat([bytes, tail])] as const),
);
/** Where a file breaks off, in thousandths; 1000 leaves out its last byte alone. */
const CUTS = [60, 250, 500, 750, 980, 1000];
const cut = (bytes: Buffer, at: number) => bytes.subarray(0, Math.min(bytes.length - 1, (bytes.length * at) / 1000));
const BROKEN = named.flatMap(([what, bytes]) => CUTS.map((at) => [what, at, cut(bytes, at)] as const));
/** The header of a WEBP says how long it is, and nothing marks its end: a long enough tail fills it up. */
const MARKED = named.filter(([what]) => !what.includes('WEBP'));
const FILLED_UP = MARKED.flatMap(([what, bytes]) =>
  CUTS.flatMap((at) =>
    [
      ['a film', film(300_000, at)] as const,
      ['zeros', Buffer.alloc(100_000)] as const,
      ['a line end', Buffer.from('\n')] as const,
      ['another picture', TAILS['another picture'] ?? Buffer.alloc(0)] as const,
    ].map(([behind, tail]) => [what, at, behind, Buffer.concat([cut(bytes, at), tail])] as const),
  ),
);

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop[Symbol.asyncDispose]());

describe('an upload', () => {
  it.each(WITH_TAILS)('of a %s with %s behind it is kept as it came (promise 8)', async (_, __, bytes) => {
    const image = await uploadPicture(shop.url, bytes);
    expect(image).toMatchObject({ width: WIDTH, height: HEIGHT, byteSize: bytes.length, sha256: sha256(bytes) });
    expect(bytes.equals(await fetchBytes(image.url))).toBe(true);
  });

  it.each(BROKEN)('of a %s that breaks off at %i thousandths is refused', async (_, __, bytes) => {
    expect(await upload(shop.url, bytes)).toMatchObject({
      fields: [{ field: 'file', message: expect.stringContaining('is damaged or breaks off') }],
    });
  });

  it.each(FILLED_UP)('of a %s that breaks off at %i thousandths and goes on with %s is refused', async (...row) => {
    expect(await upload(shop.url, row[3])).toMatchObject({
      fields: [{ field: 'file', message: expect.stringContaining('is damaged or breaks off') }],
    });
  });
});

describe.each(APIS)('over the %s API, the upstream', (api) => {
  let along: Shop;
  beforeAll(async () => {
    along = await openBytesShop(api);
  });
  afterAll(() => along[Symbol.asyncDispose]());

  it.each(SENT_AS_THEY_ARE)('gets a %s without what is behind it', async (what) => {
    const bytes = PICTURES[what] ?? Buffer.alloc(0);
    for (const tail of Object.values(TAILS)) {
      const { source } = await sentFor(along, Buffer.concat([bytes, tail]));
      expect(source.bytes.equals(bytes)).toBe(true);
    }
  });

  it('gets a GIF with a line end as the PNG of its first frame', async () => {
    const { source } = await sentFor(along, Buffer.concat([PICTURES['GIF'] ?? Buffer.alloc(0), Buffer.from('\n')]));
    expect(source.mediaType).toBe('image/png');
    expect((await rgba(source.bytes)).equals(await rgba(PICTURES['GIF'] ?? Buffer.alloc(0)))).toBe(true);
  });

  it('gets a mask without what is behind it', async () => {
    const hole = { ...drawing, colourType: 4, pixelAt: (x: number) => [0, x < 99 ? 0 : 255] } as const;
    const mask = pngFile(hole);
    const sent = await sentFor(along, PICTURES['JPEG'] ?? Buffer.alloc(0), Buffer.concat([mask, film(300_000)]));
    expect(sent.mask?.bytes.equals(mask)).toBe(true);
  });
});

it('a motion photo that stands on its side takes a mask of the size in which it is shown', async () => {
  const sideways = await photo().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const motion = Buffer.concat([sideways, film(300_000)]);
  const mask = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 4, background: '#0000' } })
      .png()
      .toBuffer();
  expect(await maskProblem(shop, motion, await mask(HEIGHT, WIDTH))).toBeNull();
  expect(await maskProblem(shop, motion, await mask(WIDTH, HEIGHT))).toContain('160x240; it has 240x160');
});

it('is not uploaded to the upstream either, where pictures are uploaded as files', async () => {
  const bytes = PICTURES['JPEG'] ?? Buffer.alloc(0);
  const { id } = await uploadPicture(shop.url, Buffer.concat([bytes, film(300_000, 7)]));
  const before = shop.requests.length;
  const { call } = await orderToEnd(shop.url, { prompt: 'a kite [sim:duration=0]', sourceImageIds: [id] });
  expect(call.status).toBe('COMPLETED');
  const form = shop.requests.slice(before).find(({ path }) => path.endsWith('/files'))?.body;
  // The fields of a form, of which this one is a file.
  const { file: sent } = form as { readonly file: File };
  expect(Buffer.from(await sent.arrayBuffer()).equals(bytes)).toBe(true);
});
