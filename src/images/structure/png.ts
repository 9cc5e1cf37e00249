/** Source: the PNG specification, third edition, section 5 (datastream structure). */
import { MetadataCount, type Walk } from './walk.ts';

const SIGNATURE_BYTES = 8;
const CHECKSUM_BYTES = 4;
const CHUNK_TYPE = /^[A-Za-z]{4}$/u;
/** Editors write some dozens. A decoder has to look at each. */
const MAX_METADATA_CHUNKS = 1_000;
/** Chunks that make up the pixels, also those of an animation, of which only the first picture is used. */
const PIXEL_CHUNKS: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'IDAT', 'fdAT', 'fcTL', 'acTL', 'tRNS']);

export function* walkPng(): Walk {
  const metadata = new MetadataCount();
  let chunks = 0;
  yield { skip: SIGNATURE_BYTES };
  while (true) {
    const head = yield { read: 8 };
    const byteLength = head.readUInt32BE(0);
    const type = head.toString('latin1', 4);
    if (type === 'IEND' || !CHUNK_TYPE.test(type)) return null;
    if (!PIXEL_CHUNKS.has(type)) {
      chunks += 1;
      if (chunks > MAX_METADATA_CHUNKS) {
        return `must have at most ${MAX_METADATA_CHUNKS} blocks of metadata; it has more. Save it without metadata.`;
      }
      const problem = metadata.add(byteLength);
      if (problem !== null) return problem;
    }
    yield { skip: byteLength + CHECKSUM_BYTES };
  }
}
