/** Content credentials are found where the C2PA specification puts them in each format, and nowhere else. */
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { hasContentCredentials } from '../../src/images/content-credentials.ts';
import { jpegSegment, pngChunk, withJpegSegments, withPngChunks, withWebpChunks } from '../support/picture-files.ts';

const picture = sharp({ create: { width: 40, height: 30, channels: 4, background: '#246' } });
const png = await picture.clone().png().toBuffer();
const jpeg = await picture.clone().jpeg().toBuffer();
// Metadata gives it the extended header.
const webp = await picture
  .clone()
  .withExif({ IFD0: { Artist: 'c2pa' } })
  .webp()
  .toBuffer();
const gif = await picture.clone().gif().toBuffer();

/** A superbox with the description of a C2PA manifest store. */
const uint32 = (value: number) => Buffer.from([0, 0, value >> 8, value & 255]);
const description = Buffer.concat([
  uint32(30),
  Buffer.from('jumd'),
  Buffer.from('6332706100110010800000aa00389b71', 'hex'),
  Buffer.from([3]),
  Buffer.from('c2pa\0'),
]);
const manifest = Buffer.concat([uint32(8 + description.length), Buffer.from('jumb'), description]);
const jumbfSegment = (box: Buffer) => jpegSegment(0xeb, Buffer.concat([Buffer.from('JP\0\x01\0\0\0\x01'), box]));
const otherBox = Buffer.concat([uint32(24), Buffer.from('jumb'), Buffer.from('jumd360 degrees')]);

function withGifExtension(name: string): Buffer {
  const block = Buffer.concat([Buffer.from([0x21, 0xff, 11]), Buffer.from(name), Buffer.from([3, 1, 2, 3, 0])]);
  return Buffer.concat([gif.subarray(0, -1), block, gif.subarray(-1)]);
}

const svg = (metadata: string) => Buffer.from(`<svg xmlns:c2pa="http://c2pa.org/manifest">${metadata}</svg>`);

it.each([
  ['a PNG', 'PNG', withPngChunks(png, [pngChunk('caBX', manifest)])],
  ['a JPEG', 'JPEG', withJpegSegments(jpeg, [jumbfSegment(manifest)])],
  [
    'a JPEG with another JUMBF box before',
    'JPEG',
    withJpegSegments(jpeg, [jumbfSegment(otherBox), jumbfSegment(manifest)]),
  ],
  ['a WEBP', 'WEBP', withWebpChunks(webp, [['C2PA', manifest]])],
  ['a GIF, behind its frames', 'GIF', withGifExtension('C2PA_GIF\x01\0\0')],
  ['an SVG', 'SVG', svg('<metadata><c2pa:manifest>AAAA</c2pa:manifest></metadata>')],
] as const)('they are found in %s', (_, format, bytes) => {
  expect(hasContentCredentials(format, bytes)).toBe(true);
});

it.each([
  ['a plain PNG', 'PNG', png],
  [
    'a PNG that mentions the chunk in a text',
    'PNG',
    withPngChunks(png, [pngChunk('tEXt', Buffer.from('x\0caBX c2pa'))]),
  ],
  ['a plain JPEG', 'JPEG', jpeg],
  ['a JPEG with JUMBF of another kind', 'JPEG', withJpegSegments(jpeg, [jumbfSegment(otherBox)])],
  ['a JPEG with a comment about it', 'JPEG', withJpegSegments(jpeg, [jpegSegment(0xfe, Buffer.from('JP jumb c2pa'))])],
  ['a plain WEBP', 'WEBP', webp],
  ['a plain GIF', 'GIF', gif],
  ['a GIF with another extension', 'GIF', withGifExtension('NETSCAPE2.0')],
  ['an SVG that only names the namespace', 'SVG', svg('<rect/>')],
] as const)('they are not found in %s', (_, format, bytes) => {
  expect(hasContentCredentials(format, bytes)).toBe(false);
});

it('every file that breaks off, or has a wrong length somewhere, gets an answer', () => {
  const files = [
    ['PNG', withPngChunks(png, [pngChunk('caBX', manifest)])],
    ['JPEG', withJpegSegments(jpeg, [jumbfSegment(manifest)])],
    ['WEBP', withWebpChunks(webp, [['C2PA', manifest]])],
    ['GIF', withGifExtension('C2PA_GIF\x01\0\0')],
  ] as const;
  for (const [format, bytes] of files) {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(typeof hasContentCredentials(format, bytes.subarray(0, length))).toBe('boolean');
      const changed = Buffer.from(bytes);
      changed[length] = 0xff;
      expect(typeof hasContentCredentials(format, changed)).toBe('boolean');
    }
  }
});
