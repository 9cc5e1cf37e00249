/** Source: the PNG specification, third edition, section 5 (datastream structure). */
import { type Extra, MALFORMED, MetadataCount, refused, type Walk, WHOLE } from './walk.ts';

const SIGNATURE_BYTES = 8;
const HEAD_BYTES = 8;
const CHECKSUM_BYTES = 4;
/** Of the last chunk, which is empty. */
const END_CHECKSUM = 0xae426082;
const CHUNK_TYPE = /^[A-Za-z]{4}$/u;
/** Chunks that make up the first picture. */
const PIXEL_CHUNKS: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'IDAT', 'tRNS']);
/** Chunks of an animation, of which only the first picture is used. */
const ANIMATION_CHUNKS: ReadonlySet<string> = new Set(['fdAT', 'fcTL', 'acTL']);
/** How the numbers become colours, and the shape of a pixel: without them, the picture looks different. */
const COLOUR_CHUNKS: ReadonlySet<string> = new Set(
  'cHRM cICP cLLI cLLi gAMA iCCP mDCV mDCv pHYs sBIT sRGB bKGD'.split(' '),
);

export function* walkPng(): Walk {
  const metadata = new MetadataCount();
  yield { skip: SIGNATURE_BYTES };
  while (true) {
    const head = yield { read: HEAD_BYTES };
    const byteLength = head.readUInt32BE(0);
    const type = head.toString('latin1', 4);
    if (!CHUNK_TYPE.test(type)) return MALFORMED;
    if (type === 'IEND') {
      const checksum = yield { read: CHECKSUM_BYTES };
      return checksum.readUInt32BE(0) === END_CHECKSUM ? WHOLE : MALFORMED;
    }
    const isMetadata = !PIXEL_CHUNKS.has(type) && !ANIMATION_CHUNKS.has(type);
    const problem = isMetadata ? metadata.addChunk(byteLength) : null;
    if (problem !== null) return refused(problem);
    const extra = extraOf(type);
    yield { skip: byteLength + CHECKSUM_BYTES, ...(extra === null ? {} : { extra }) };
  }
}

function extraOf(type: string): Extra | null {
  if (PIXEL_CHUNKS.has(type) || COLOUR_CHUNKS.has(type)) return null;
  return { kind: ANIMATION_CHUNKS.has(type) ? 'ANIMATION' : 'METADATA', leadBytes: HEAD_BYTES };
}
