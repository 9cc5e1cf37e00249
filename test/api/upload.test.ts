/** Pictures that clients send: kept as they are when they are pictures, refused without a trace when they are not. */
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { storedFiles } from '../storage/steps.ts';
import { startServerHere } from '../support/app.ts';
import { data } from '../support/client.ts';
import { CallDetails, RefineImage } from '../support/documents.ts';
import type { RunningServer } from '../support/server.ts';
import { Family, upload, uploadPicture } from '../support/upload.ts';
import {
  countRows,
  fetchBytes,
  firstOf,
  generateToEnd,
  makeImage,
  picture,
  sha256,
  unknownId,
  watchToEnd,
} from './steps.ts';

const MAX_BYTES = 3_000_000;

let server: RunningServer;
let url: string;
beforeAll(async () => {
  server = await startServerHere({ env: { MAX_UPLOAD_BYTES: String(MAX_BYTES) } });
  ({ url } = server);
});
afterAll(() => server?.[Symbol.asyncDispose]());

/** All that a refused upload must leave as it was. */
async function state() {
  const files = await storedFiles(server.dataDir);
  return {
    rows: countRows(server.dataDir),
    files: [...files.keys()].toSorted(),
    unfinished: await readdir(join(server.dataDir, 'blobs', 'tmp')),
  };
}

const noise = (width = 90, height = 60) =>
  sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } });
const frames = { width: 30, height: 90, channels: 3, pageHeight: 30 } as const;

const pictures = {
  PNG: await noise().png().toBuffer(),
  'interlaced PNG': await noise().png({ progressive: true }).toBuffer(),
  'PNG of 16 bits': await noise().toColourspace('rgb16').png().toBuffer(),
  WEBP: await noise().webp().toBuffer(),
  JPEG: await noise().jpeg().toBuffer(),
  'JPEG in CMYK': await noise().toColourspace('cmyk').jpeg().toBuffer(),
  GIF: await noise().gif().toBuffer(),
};
const animations = {
  GIF: await sharp(randomBytes(30 * 90 * 3), { raw: frames })
    .gif()
    .toBuffer(),
  WEBP: await sharp(randomBytes(30 * 90 * 3), { raw: frames })
    .webp()
    .toBuffer(),
};

describe('uploadImage', () => {
  it.each(Object.entries(pictures))('keeps a %s exactly as it was sent', async (what, bytes) => {
    const image = await uploadPicture(url, bytes);
    const format = what.match(/PNG|WEBP|JPEG|GIF/u)?.[0];
    expect(image).toMatchObject({ width: 90, height: 60, format, byteSize: bytes.byteLength, sha256: sha256(bytes) });
    expect(bytes.equals(await fetchBytes(image.url))).toBe(true);
    expect(image.thumbhash).toMatch(/^[\w+/]+=*$/u);
  });

  it.each(Object.entries(animations))('keeps an animated %s with the size of a frame', async (format, bytes) => {
    expect(await uploadPicture(url, bytes)).toMatchObject({ width: 30, height: 30, format, sha256: sha256(bytes) });
  });

  it('tells the format by the bytes, whatever the name and the type say', async () => {
    const image = await uploadPicture(url, pictures.WEBP, { name: '../../evil.svg', type: 'image/svg+xml' });
    expect(image.format).toBe('WEBP');
    expect(image.url).toMatch(/\.webp$/u);
  });

  it('says that it was uploaded, and knows of no prompt, settings, call or parents', async () => {
    const image = await uploadPicture(url, await picture('#123456'));
    expect(image).toMatchObject({
      origin: 'UPLOADED',
      prompt: null,
      revisedPrompt: null,
      requested: null,
      actual: null,
      call: null,
      conversation: null,
      sources: [],
      refinements: { edges: [] },
      lineage: [{ id: image.id }],
    });
  });

  it('takes the same bytes twice as two images of one file', async () => {
    const bytes = await picture('#654321');
    const [one, two] = await Promise.all([uploadPicture(url, bytes), uploadPicture(url, bytes)]);
    expect(one.id).not.toBe(two.id);
    expect(one.sha256).toBe(two.sha256);
    expect(bytes.equals(await fetchBytes(one.url))).toBe(true);
    expect(bytes.equals(await fetchBytes(two.url))).toBe(true);
  });

  it('takes a picture of as many bytes as are allowed', async () => {
    const base = await picture('#ababab');
    const bytes = Buffer.concat([base.subarray(0, -12), filler(MAX_BYTES - base.byteLength), base.subarray(-12)]);
    expect(bytes.byteLength).toBe(MAX_BYTES);
    expect(await uploadPicture(url, bytes)).toMatchObject({ byteSize: MAX_BYTES });
  });

  it('can be refined: the child has it for its parent, and both are one lineage', async () => {
    const image = await uploadPicture(url, await picture('#00aa00'));
    const { refineImage } = await data(url, RefineImage, { input: { imageId: image.id, prompt: 'add a boat' } });
    if (refineImage.__typename !== 'RefineImageSuccess') throw new Error(JSON.stringify(refineImage));
    const events = await watchToEnd(url, refineImage.call.id);
    const { id } = firstOf(events, 'ImageCompleted').image;
    const { generationCall } = await data(url, CallDetails, { id: refineImage.call.id });
    expect(generationCall).toMatchObject({ sources: [{ id: image.id }], route: 'IMAGE_BYTES' });
    const lineage = [{ id: image.id }, { id }];
    expect(await data(url, Family, { parent: image.id, child: id })).toEqual({
      parent: { refinements: { edges: [{ node: { id } }] }, conversation: null },
      child: { sources: [{ id: image.id }], lineage, conversation: { id: expect.any(String) } },
    });
  });
});

describe('an upload into a conversation', () => {
  it('is its newest picture: its cover, and what the next prompt builds upon', async () => {
    const { imageId, callId } = await makeImage(url, { prompt: 'a boat [sim:duration=0]' });
    const { generationCall } = await data(url, CallDetails, { id: callId });
    const conversationId = generationCall?.conversation.id ?? '';
    const image = await uploadPicture(url, await picture('#0000aa'), { conversationId });
    expect(image.conversation).toEqual({ id: conversationId, updatedAt: image.createdAt, cover: { id: image.id } });
    expect(image.id).not.toBe(imageId);
    const next = await generateToEnd(url, { prompt: 'now with a cat [sim:duration=0]', conversationId });
    expect((await data(url, CallDetails, { id: next.id })).generationCall).toMatchObject({ route: 'IMAGE_BYTES' });
  });
});

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
const large = await sharp({ create: { width: 9000, height: 8000, channels: 3, background: '#fff' } })
  .png()
  .toBuffer();
const long = await sharp({ create: { width: 16_384, height: 1, channels: 3, background: '#fff' } })
  .png()
  .toBuffer();
const manyFrames = { width: 3000, height: 24_000, channels: 3, pageHeight: 3000, background: '#fff' } as const;
const frameful = await sharp({ create: manyFrames }).gif({ keepDuplicateFrames: true }).toBuffer();
const tiff = await noise().tiff().toBuffer();
const avif = await noise().avif().toBuffer();

const REFUSED: readonly (readonly [string, Uint8Array, string])[] = [
  ['an empty file', Buffer.alloc(0), 'is empty'],
  ['a text named .png', Buffer.from('This is no picture at all.'), 'is not a PNG, WEBP, JPEG or GIF'],
  ['a few bytes', Buffer.from('\x89PNG', 'latin1'), 'is not a PNG, WEBP, JPEG or GIF'],
  ['an SVG', Buffer.from(SVG), 'is an SVG'],
  ['an SVG with a declaration', Buffer.from(`\ufeff<?xml version="1.0"?>\n${SVG}`), 'is an SVG'],
  ['an AVIF', avif, 'is a HEIC or AVIF picture. Send it as PNG'],
  ['a TIFF', tiff, 'is a TIFF picture. Send it as PNG'],
  ['a picture behind other bytes', Buffer.concat([Buffer.from('x'), pictures.PNG]), 'is not a PNG'],
  ['nothing but a signature', pictures.PNG.subarray(0, 12), 'is damaged or breaks off'],
  ['an SVG behind the signature of a PNG', Buffer.from(`\x89PNG\r\n\x1a\n${SVG}`, 'latin1'), 'is damaged'],
  ['too many pixels', large, 'must have at most 64000000 pixels in all; it has 9000x8000.'],
  ['too many pixels in all frames', frameful, 'it has 3000x3000 in 8 frames.'],
  ['too long an edge', long, 'must have no edge longer than 16383 pixels; it has 16384x1.'],
  [
    'a byte too many',
    Buffer.concat([pictures.PNG, Buffer.alloc(MAX_BYTES + 1 - pictures.PNG.byteLength)]),
    `${MAX_BYTES} bytes`,
  ],
  ['twice the bytes', Buffer.concat([pictures.PNG, Buffer.alloc(2 * MAX_BYTES)]), `at most ${MAX_BYTES} bytes`],
  ...Object.entries({ ...pictures, 'animated GIF': animations.GIF, 'animated WEBP': animations.WEBP }).flatMap(
    ([what, bytes]) => [
      [`a ${what} without its last byte`, bytes.subarray(0, -1), 'is damaged or breaks off'] as const,
      [`half a ${what}`, bytes.subarray(0, bytes.byteLength / 2), 'is damaged or breaks off'] as const,
    ],
  ),
  ['a damaged PNG', damaged(pictures.PNG), 'is damaged or breaks off'],
];

describe('a refused upload names the field, says what would be right, and leaves nothing behind', () => {
  let before: object;
  beforeEach(async () => {
    before = await state();
  });

  it.each(REFUSED)('%s', async (_, bytes, right) => {
    expect(await upload(url, bytes, { name: 'picture.png', type: 'image/png' })).toMatchObject({
      __typename: 'InvalidInputError',
      code: 'INVALID_INPUT',
      fields: [{ field: 'file', message: expect.stringContaining(right) }],
    });
    expect(await state()).toEqual(before);
  });

  it('an unknown conversation', async () => {
    const refused = await upload(url, pictures.PNG, { conversationId: unknownId('Conversation') });
    expect(refused).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND', field: 'conversationId' });
    expect(await state()).toEqual(before);
  });

  it('an id that is none', async () => {
    expect(await upload(url, pictures.PNG, { conversationId: 'nonsense' })).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ field: 'conversationId', message: expect.stringContaining('is not an id') }],
    });
    expect(await state()).toEqual(before);
  });
});

/** A chunk that decoders skip, of `length` bytes in all. */
function filler(length: number): Buffer {
  const chunk = Buffer.alloc(length);
  chunk.writeUInt32BE(length - 12, 0);
  chunk.write('skIp', 4, 'latin1');
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), length - 4);
  return chunk;
}

/** With some bytes in its middle replaced. */
function damaged(bytes: Buffer): Buffer {
  const middle = bytes.byteLength >> 1;
  return Buffer.from(bytes).fill(0x55, middle, middle + 50);
}
