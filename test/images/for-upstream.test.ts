/** An image as the upstream gets it, where its file is not built as its format requires: drawn again, as far as it goes. */
import { rm } from 'node:fs/promises';
import pino from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlobStore } from '../../src/blobs/blob-store.ts';
import { openFileBlobStore } from '../../src/blobs/drivers/fs/blob-store.ts';
import type { Database } from '../../src/db/database.ts';
import type { Image } from '../../src/domain/images/image.ts';
import { inspect, NotAPictureError, probeImage, thumbhash, toPng } from '../../src/images/probe.ts';
import { createImageService } from '../../src/images/service.ts';
import { newDataDir } from '../support/server.ts';

const noise = { type: 'gaussian', mean: 128, sigma: 50 } as const;
const photo = () =>
  sharp({ create: { width: 90, height: 60, channels: 3, background: 'gray', noise } })
    .withMetadata({ orientation: 6 })
    .withExif({ IFD0: { ImageDescription: 'Heldenplatz' } });
const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);

let directory: string;
let blobs: BlobStore;
beforeAll(async () => {
  directory = await newDataDir();
  blobs = await openFileBlobStore({ directory });
});
afterAll(() => rm(directory, { recursive: true }));

async function sent(bytes: Buffer, keepsMetadata = false) {
  const owners: string[] = [];
  const decoder = {
    probe: probeImage,
    thumbhash,
    inspect,
    toPng: (path: string, principal: string) => {
      owners.push(principal);
      return toPng(path);
    },
    isNotAPicture: (error: unknown) => error instanceof NotAPictureError,
  };
  // The database is not used here.
  const db = {} as Database;
  const service = createImageService({ db, blobs, decoder, keepsMetadata, logger: pino({ level: 'silent' }) });
  const sink = service.openSink();
  await sink.write(bytes);
  const picture = await sink.finish();
  if (picture === null) throw new Error('it is no picture');
  // Of an image, only these fields decide how it is sent.
  const image = { ...picture, principal: 'somebody' } as Image;
  const { read, key } = service.forUpstream(image);
  return { ...(await read()), key, owners, picture };
}

describe('an image of the upstream that breaks off', () => {
  it.each(['jpeg', 'png'] as const)('is sent as a PNG without metadata: a %s', async (format) => {
    const { bytes, mediaType, owners, picture } = await sent(half(await photo()[format]().toBuffer()));
    expect(picture).toMatchObject({ width: 60, height: 90 });
    expect(mediaType).toBe('image/png');
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 60, height: 90 });
    expect(Buffer.from(bytes).includes('Heldenplatz')).toBe(false);
    // Decoded in turns of the owners.
    expect(owners).toEqual(['somebody']);
  });
});

it('whole images are not decoded, and have another key where metadata is kept', async () => {
  const bytes = await photo().jpeg().toBuffer();
  const [bare, kept] = [await sent(bytes), await sent(bytes, true)];
  expect([bare.owners, kept.owners]).toEqual([[], []]);
  expect(bare.key).not.toBe(kept.key);
  expect(bare.key).not.toBe(bare.picture.sha256);
  expect(Buffer.from(kept.bytes).equals(bytes)).toBe(true);
  expect(Buffer.from(bare.bytes).includes('Heldenplatz')).toBe(false);
});
