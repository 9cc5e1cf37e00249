/** Which image can be the mask of which, and how it is sent to the upstream. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Image } from '../../src/domain/images/image.ts';
import { toAlphaMask } from '../../src/images/mask.ts';
import { createMaskService } from '../../src/images/mask-service.ts';
import { NotAPictureError } from '../../src/images/probe.ts';
import { createFairLimiter } from '../../src/lib/fair-limiter.ts';
import { ALPHA, BLACK_AND_WHITE, HEIGHT, NONE, pixelsOf, WIDTH } from './mask-pictures.ts';

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

describe('a mask for a picture', () => {
  const masks = createMaskService({
    blobs: { withLocalFile: (_, use) => use(join(directory, 'mask')) },
    decoder: { convert: toAlphaMask, isNotAPicture: (error) => error instanceof NotAPictureError },
    decodeLimiter: createFairLimiter(),
    keepsMetadata: false,
  });
  const image = (facts: Partial<Image> = {}): Image => ({
    id: 'image',
    principal: 'local',
    conversationId: null,
    callId: null,
    imageIndex: 0,
    origin: 'UPLOADED',
    purpose: 'SOURCE',
    sha256: 'a'.repeat(64),
    byteSize: 1,
    width: WIDTH,
    height: HEIGHT,
    format: 'PNG',
    thumbhash: null,
    hasContentCredentials: null,
    favorite: false,
    deletedAt: null,
    responseId: null,
    verbatim: null,
    prompt: null,
    revisedPrompt: null,
    requested: null,
    actual: null,
    itemId: null,
    createdAt: '2026-11-23T15:04:05.678Z',
    ...facts,
  });
  const messagesOf = async (mask: Image, source: Image) => {
    const errors = await masks.checkMask(mask, source);
    expect(errors.every(({ field }) => field === 'maskImageId')).toBe(true);
    return errors.map(({ message }) => message);
  };

  it.each(['PNG', 'WEBP', 'JPEG'] as const)('is right when it has the size of a %s', async (format) => {
    for (const bytes of [ALPHA['PNG'], BLACK_AND_WHITE['PNG']]) {
      await fileOf(bytes ?? Buffer.alloc(0));
      expect(await masks.checkMask(image(), image({ format }))).toEqual([]);
    }
  });

  it('must have the same size, and both are named', async () => {
    const [message, ...more] = await messagesOf(image({ width: 48 }), image());
    expect(message).toContain('64x48; it has 48x48');
    expect(more).toEqual([]);
  });

  it.each(['JPEG', 'SVG'] as const)('is no %s', async (format) => {
    expect(await messagesOf(image({ format }), image())).toEqual([`must be a PNG, WEBP or GIF, not ${format}.`]);
  });

  it.each(['GIF', 'SVG'] as const)('is none for a %s', async (format) => {
    expect(await messagesOf(image(), image({ format }))).toEqual([
      `cannot be used with ${format}: the image to edit must be a PNG, WEBP or JPEG.`,
    ]);
  });

  it('tells everything that is wrong at once', async () => {
    expect(await messagesOf(image({ format: 'JPEG', width: 1 }), image({ format: 'GIF' }))).toHaveLength(3);
  });

  it.each(Object.entries(NONE))('is not %s', async (_, bytes) => {
    await fileOf(bytes);
    expect(await messagesOf(image(), image())).toEqual([expect.stringContaining('is not a mask')]);
  });

  it('is not what cannot be decoded', async () => {
    await fileOf(Buffer.from('hello'));
    expect(await messagesOf(image(), image())).toEqual([expect.stringContaining('is not a mask')]);
  });

  it('has less than 4 MB as the PNG that is uploaded', async () => {
    const noise = randomBytes(1200 * 1200 * 4).map((value, at) => (at === 3 ? 0 : at % 4 === 3 ? 255 : value));
    const raw = { width: 1200, height: 1200, channels: 4 } as const;
    await fileOf(await sharp(noise, { raw }).webp({ lossless: true }).toBuffer());
    const size = { width: 1200, height: 1200 };
    expect(await messagesOf(image({ ...size, format: 'WEBP' }), image(size))).toEqual([
      expect.stringMatching(/^must be smaller than 4194304 bytes after conversion to a PNG .+; it has \d{7} bytes\.$/u),
    ]);
  });

  it('is decoded alone, as it is checked and as it goes up', async () => {
    await fileOf(BLACK_AND_WHITE['PNG'] ?? Buffer.alloc(0));
    let decoding = 0;
    let most = 0;
    const decodeLimiter = createFairLimiter();
    const watched = createMaskService({
      blobs: { withLocalFile: (_, use) => use(join(directory, 'mask')) },
      decoder: {
        async convert(path) {
          decoding += 1;
          most = Math.max(most, decoding);
          const made = await toAlphaMask(path);
          decoding -= 1;
          return made;
        },
        isNotAPicture: () => false,
      },
      decodeLimiter,
      keepsMetadata: false,
    });
    await Promise.all([
      watched.checkMask(image(), image()),
      watched.checkMask(image(), image()),
      watched.forUpstream(image()).read(),
    ]);
    expect(most).toBe(1);
  });

  it('goes to the upstream as a PNG, under a key that is that of its bytes', async () => {
    await fileOf(BLACK_AND_WHITE['GIF'] ?? Buffer.alloc(0));
    const { read, ...mask } = masks.forUpstream(image({ format: 'GIF' }));
    expect(mask).toEqual({ key: `mask:bare:${'a'.repeat(64)}`, fileId: null });
    const { bytes, mediaType } = await read();
    expect(mediaType).toBe('image/png');
    const { at } = await pixelsOf({ png: Buffer.from(bytes), problem: null });
    expect(at(20, 20)).toEqual([0, 0, 0, 0]);
  });
});
