/**
 * Where a photo was taken stays here: metadata leaves the files that go to the upstream, and nothing else of them changes.
 * The stored file, and what its URL returns, have everything (promise 8).
 */
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShopProcess, orderToEnd, type Shop } from '../api/orders.ts';
import { fetchBytes, sha256 } from '../api/steps.ts';
import { jpegSegment, pngChunk, withJpegSegments, withPngChunks, withWebpChunks } from '../support/picture-files.ts';
import { uploadPicture } from '../support/upload.ts';
import { APIS, openBytesShop, sentFor } from './sent-pictures.ts';

/** Stands in every piece of metadata. */
const PLACE = 'Heldenplatz 48.2066N 16.3630E';
const text = (start: string) => Buffer.from(`${start}${PLACE}`, 'latin1');

const noise = { type: 'gaussian', mean: 128, sigma: 50 } as const;
/** Sideways, with a colour profile, and with the GPS tags and the maker note of a camera. */
const photo = (orientation = 6) =>
  sharp({ create: { width: 90, height: 60, channels: 3, background: 'gray', noise } })
    .withMetadata({ orientation })
    .withIccProfile('p3')
    .withExif({
      IFD0: { ImageDescription: PLACE },
      IFD2: { MakerNote: PLACE },
      IFD3: { GPSLatitude: '48/1 12/1 24/1', GPSLatitudeRef: 'N', GPSAreaInformation: PLACE },
    });

const JPEG_SEGMENTS = [
  jpegSegment(0xe1, text('http://ns.adobe.com/xap/1.0/\0')),
  jpegSegment(0xe1, text('http://ns.adobe.com/xmp/extension/\0')),
  jpegSegment(0xed, text('Photoshop 3.0\0')),
  jpegSegment(0xe0, text('JFXX\0')),
  jpegSegment(0xe2, text('MPF\0')),
  jpegSegment(0xe2, text('FPXR\0')),
  jpegSegment(0xeb, text('JP\0\0')),
  jpegSegment(0xe4, text('a maker: ')),
  jpegSegment(0xfe, text('')),
  jpegSegment(0xef, Buffer.alloc(0)),
];
const PNG_CHUNKS = [
  pngChunk('tEXt', text('Location\0')),
  pngChunk('iTXt', text('XML:com.adobe.xmp\0\0\0\0\0')),
  pngChunk('zTXt', Buffer.concat([text('x\0\0'), deflateSync(PLACE)])),
  pngChunk('tIME', Buffer.from([7, 234, 11, 28, 12, 0, 0])),
  pngChunk('caBX', text('')),
  pngChunk('prVt', text('')),
];
const XMP_FLAG = 0x04;

const progressive = await photo().jpeg({ progressive: true }).toBuffer();
const PHOTOS = {
  JPEG: withJpegSegments(await photo().jpeg().toBuffer(), JPEG_SEGMENTS),
  'progressive JPEG': withJpegSegments(progressive, JPEG_SEGMENTS),
  'JPEG whose metadata is between its scans': betweenScans(progressive, JPEG_SEGMENTS),
  PNG: withPngChunks(await photo().png().toBuffer(), PNG_CHUNKS),
  'PNG whose metadata is behind its pixels': behindPixels(await photo().png().toBuffer(), PNG_CHUNKS),
  WEBP: withWebpChunks(
    await photo().webp().toBuffer(),
    [
      ['XMP ', text('<x/>')],
      ['gpsX', text('')],
    ],
    XMP_FLAG,
  ),
  'lossless WEBP': withWebpChunks(await photo().webp({ lossless: true }).toBuffer(), [['XMP ', text('')]], XMP_FLAG),
};
const upright = () => photo(1);
const UPRIGHT = {
  JPEG: withJpegSegments(await upright().jpeg().toBuffer(), JPEG_SEGMENTS),
  PNG: withPngChunks(await upright().png().toBuffer(), PNG_CHUNKS),
  WEBP: withWebpChunks(await upright().webp().toBuffer(), [['XMP ', text('')]], XMP_FLAG),
};
const plain = sharp({ create: { width: 90, height: 60, channels: 3, background: 'gray', noise } });
const PLAIN = {
  JPEG: await plain.clone().jpeg().toBuffer(),
  PNG: await plain.clone().png().toBuffer(),
  WEBP: await plain.clone().webp().toBuffer(),
};
const rows = (table: Readonly<Record<string, Buffer>>) => Object.entries(table);

/** As stored: neither turned, nor converted to other colours. */
const pixels = (bytes: Buffer) => sharp(bytes, { failOn: 'warning' }).keepIccProfile().raw().toBuffer();

describe.each(APIS)('over the %s API, a photo', (api) => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openBytesShop(api);
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  it.each(rows(PHOTOS))('%s is sent without metadata, with its orientation and colours', async (_, bytes) => {
    expect(bytes.includes(PLACE)).toBe(true);
    const { uploaded, source } = await sentFor(shop, bytes);
    expect(uploaded).toMatchObject({ width: 60, height: 90, sha256: sha256(bytes), byteSize: bytes.length });
    expect(bytes.equals(await fetchBytes(uploaded.url))).toBe(true);
    expect(source.bytes.includes('Heldenplatz')).toBe(false);
    expect(source.bytes.length).toBeLessThan(bytes.length);
    const [before, after] = await Promise.all([bytes, source.bytes].map((each) => sharp(each).metadata()));
    expect(after).toMatchObject({ format: before?.format, width: 90, height: 60, orientation: 6 });
    expect(before?.icc !== undefined && after?.icc?.equals(before.icc)).toBe(true);
    expect([after?.xmp, after?.iptc, after?.comments]).toEqual([undefined, undefined, undefined]);
    // The tag of the orientation alone, with the header of a TIFF file, and in a JPEG its name.
    expect(after?.exif?.length).toBeLessThanOrEqual(32);
    expect((await pixels(source.bytes)).equals(await pixels(bytes))).toBe(true);
  });

  it.each(rows(UPRIGHT))('%s that is upright gets no tag', async (_, bytes) => {
    const { source } = await sentFor(shop, bytes);
    expect(source.bytes.includes('Heldenplatz')).toBe(false);
    expect(await sharp(source.bytes).metadata()).not.toHaveProperty('exif');
    expect((await pixels(source.bytes)).equals(await pixels(bytes))).toBe(true);
  });

  it.each(rows(PLAIN))('%s without metadata is sent byte for byte', async (_, bytes) => {
    expect((await sentFor(shop, bytes)).source.bytes.equals(bytes)).toBe(true);
  });

  it('that became a GIF with a comment is sent as a PNG without it', async () => {
    const gif = await plain.clone().gif().toBuffer();
    const comment = Buffer.concat([Buffer.from([0x21, 0xfe, PLACE.length]), text(''), Buffer.from([0])]);
    const { source } = await sentFor(shop, Buffer.concat([gif.subarray(0, -1), comment, gif.subarray(-1)]));
    expect(source.mediaType).toBe('image/png');
    expect(source.bytes.includes('Heldenplatz')).toBe(false);
  });
});

describe('with UPSTREAM_KEEP_METADATA=on, a photo', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openBytesShop('responses', { UPSTREAM_KEEP_METADATA: 'on' });
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  it.each(rows({ ...PHOTOS, ...UPRIGHT }))('%s is sent as it is', async (_, bytes) => {
    expect((await sentFor(shop, bytes)).source.bytes.equals(bytes)).toBe(true);
    expect((await sentFor(shop, Buffer.concat([bytes, Buffer.alloc(999)]))).source.bytes.equals(bytes)).toBe(true);
  });
});

it('a file that was uploaded with metadata is not used again when photos have to go without', async () => {
  const env = { UPSTREAM_KEEP_METADATA: 'on' };
  await using shop = await openShopProcess(env);
  const { id } = await uploadPicture(shop.url, PHOTOS.JPEG);
  const input = { prompt: 'a kite [sim:duration=0]', sourceImageIds: [id], options: { partialImages: 0 } };
  const uploads = () => shop.requests.filter(({ path }) => path.endsWith('/files'));
  for (let again = 0; again < 2; again += 1) expect((await orderToEnd(shop.url, input)).call.status).toBe('COMPLETED');
  expect(uploads()).toHaveLength(1);
  await shop.server.stop();
  await using discreet = await shop.restart({ UPSTREAM_KEEP_METADATA: 'off' });
  for (let again = 0; again < 2; again += 1) {
    expect((await orderToEnd(discreet.url, input)).call.status).toBe('COMPLETED');
  }
  const sent = await Promise.all(
    uploads().map(async ({ body }) => {
      // The fields of a form, of which this one is a file.
      const { file } = body as { readonly file: File };
      return Buffer.from(await file.arrayBuffer());
    }),
  );
  expect(sent.map((bytes) => bytes.includes('Heldenplatz'))).toEqual([true, false]);
});

/** Puts segments before the second scan of a progressive JPEG. */
function betweenScans(jpeg: Buffer, segments: readonly Buffer[]): Buffer {
  const tables = jpeg.indexOf(Buffer.from([0xff, 0xc4]), jpeg.indexOf(Buffer.from([0xff, 0xda])));
  if (tables === -1) throw new Error('it has one scan');
  return Buffer.concat([jpeg.subarray(0, tables), ...segments, jpeg.subarray(tables)]);
}

function behindPixels(png: Buffer, chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([png.subarray(0, -12), ...chunks, png.subarray(-12)]);
}
