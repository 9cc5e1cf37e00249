/** Size and format are read from a picture's first bytes while the rest arrives; if these do not say, from all of it. */
import { rm } from 'node:fs/promises';
import pino from 'pino';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BlobStore } from '../../src/blobs/blob-store.ts';
import { openFileBlobStore } from '../../src/blobs/drivers/fs/blob-store.ts';
import type { Database } from '../../src/db/database.ts';
import { inspect, NotAPictureError, probeImage, thumbhash, toPng } from '../../src/images/probe.ts';
import { createImageService } from '../../src/images/service.ts';
import { newDataDir } from '../support/server.ts';

const CHUNK_BYTES = 10_000;

let directory: string;
let blobs: BlobStore;
let probed: (string | Uint8Array)[] = [];
beforeEach(async () => {
  directory = await newDataDir();
  blobs = await openFileBlobStore({ directory });
  probed = [];
});
afterEach(() => rm(directory, { recursive: true }));

async function store(bytes: Buffer) {
  const decoder = {
    probe(picture: string | Uint8Array) {
      probed.push(picture);
      return probeImage(picture);
    },
    thumbhash,
    toPng,
    inspect,
    isNotAPicture: (error: unknown) => error instanceof NotAPictureError,
  };
  // The database is not used here.
  const db = {} as Database;
  const logger = pino({ level: 'silent' });
  const sink = createImageService({ db, blobs, decoder, keepsMetadata: false, logger }).openSink();
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) await sink.write(bytes.subarray(at, at + CHUNK_BYTES));
  const picture = await sink.finish();
  if (picture !== null) expect(bytes.equals(await blobs.read(picture.sha256))).toBe(true);
  if (picture !== null) expect(sink.sha256).toBe(picture.sha256);
  return picture;
}

function noise(width: number, height: number) {
  return sharp({
    create: { width, height, channels: 3, background: 'gray', noise: { type: 'gaussian', mean: 128, sigma: 60 } },
  });
}

/** A JPEG whose size comes after the head that is probed first, for example after a long profile. */
async function longHeaded(): Promise<Buffer> {
  const jpeg = await noise(320, 200).jpeg().toBuffer();
  const segment = Buffer.concat([Buffer.from([0xff, 0xef, 0xea, 0x60]), Buffer.alloc(0xea60 - 2)]);
  return Buffer.concat([jpeg.subarray(0, 2), segment, segment, jpeg.subarray(2)]);
}

describe('a picture on its way to the disk', () => {
  it.each(['png', 'jpeg', 'webp'] as const)(
    'of %s says what it is by its head, larger or smaller than that',
    async (format) => {
      for (const side of [64, 640]) {
        const bytes = await noise(side, side / 2)
          .toFormat(format, { quality: 100 })
          .toBuffer();
        expect(await store(bytes)).toMatchObject({ width: side, height: side / 2, byteSize: bytes.length });
      }
    },
  );

  it('is not read again from the disk where its head says enough', async () => {
    await store(await noise(640, 400).png().toBuffer());
    expect(probed.map((picture) => typeof picture)).toEqual(['object']);
  });

  it('is looked at as a whole where its head says too little', async () => {
    expect(await store(await longHeaded())).toMatchObject({ width: 320, height: 200, format: 'JPEG' });
    expect(probed.map((picture) => typeof picture)).toEqual(['object', 'string']);
  });

  it.each(['jpeg', 'png', 'webp'] as const)(
    'of %s is measured upright, larger or smaller than its head',
    async (format) => {
      for (const side of [64, 640]) {
        const bytes = await noise(side, side / 2)
          .withMetadata({ orientation: 6 })
          .toFormat(format)
          .toBuffer();
        expect(await store(bytes)).toMatchObject({ width: side / 2, height: side });
      }
    },
  );

  it('is none when neither says that it is one, be it short or long', async () => {
    expect(await store(Buffer.from('no picture'))).toBeNull();
    expect(await store(Buffer.alloc(200_000, 'no picture'))).toBeNull();
  });
});
