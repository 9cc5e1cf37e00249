/** The walk through the parts of a file: however its bytes are cut, and past every usual picture. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { formatFromSignature } from '../../src/images/signature.ts';
import { StructureCheck } from '../../src/images/structure/structure-check.ts';
import { commentedGif, gif, jpeg, png, pngChunk, webp } from '../hostile/upload-files.ts';

function check(bytes: Buffer, chunkBytes: number): string | null {
  const format = formatFromSignature(bytes);
  if (format === null) throw new Error('it has no signature');
  const structure = new StructureCheck(format);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const problem = structure.push(bytes.subarray(at, at + chunkBytes));
    if (problem !== null) return problem;
  }
  return null;
}

const HOSTILE: Readonly<Record<string, Buffer>> = {
  'a GIF of many frames': gif(1_001),
  'a GIF with a long comment': commentedGif(16_200_000),
  'a WEBP of many frames': webp(1_001),
  'a PNG with many texts': png(
    8,
    8,
    Array.from({ length: 1_001 }, () => pngChunk('tEXt', Buffer.from('a\0b'))),
  ),
  'a JPEG of many scans': jpeg(101),
};

describe('the structure of a file', () => {
  it.each(Object.entries(HOSTILE))('of %s is seen in whatever chunks it comes', (_, bytes) => {
    const problem = check(bytes, bytes.length);
    expect(problem).toMatch(/^must have at most/u);
    for (const chunkBytes of [1, 7, 4096]) expect(check(bytes, chunkBytes)).toBe(problem);
  });

  it('of what is allowed just so is no problem', () => {
    for (const bytes of [gif(1_000), webp(1_000), jpeg(100), commentedGif(15_900_000)]) {
      expect(check(bytes, 65_536)).toBeNull();
    }
  });

  it.each(['png', 'jpeg', 'webp', 'gif'] as const)(
    'of a usual %s is no problem, with all its metadata',
    async (format) => {
      const noise = { type: 'gaussian', mean: 128, sigma: 90 } as const;
      const image = sharp({ create: { width: 900, height: 700, channels: 3, background: 'red', noise } });
      const options = format === 'jpeg' ? { progressive: true } : {};
      const bytes = await image
        .withExif({ IFD0: { Copyright: 'x'.repeat(50_000) } })
        [format](options)
        .toBuffer();
      for (const chunkBytes of [1, 65_536]) expect(check(bytes, chunkBytes)).toBeNull();
    },
  );

  it('of random bytes behind a signature ends without a mistake of its own', () => {
    for (const head of ['GIF89a', '\x89PNG\r\n\x1a\n', '\xff\xd8\xff\xe0', 'RIFF\0\0\0\0WEBP']) {
      for (let seed = 1; seed < 200; seed += 1) {
        const bytes = Buffer.from(Array.from({ length: 400 }, (_, at) => (seed * 7919 * (at + 1) ** 2) >> (at % 13)));
        expect(() => check(Buffer.concat([Buffer.from(head, 'latin1'), bytes]), 1 + (seed % 9))).not.toThrow();
      }
    }
  });
});
