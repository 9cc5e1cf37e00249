/** Source: the WebP container specification (RFC 9649, section 2). */
import { type Extra, FrameCount, MALFORMED, MetadataCount, refused, type Walk, WHOLE } from './walk.ts';

const HEADER_BYTES = 12;
/** What the size in the header does not count: its first eight bytes. */
const UNCOUNTED_BYTES = 8;
const HEAD_BYTES = 8;
const FRAME_HEAD_BYTES = 16;
const PIXEL_CHUNKS: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM']);
const COLOUR_PROFILE = 'ICCP';
const CHUNK_TYPE = /^[ -~]{4}$/u;

export function* walkWebp(): Walk {
  const frames = new FrameCount();
  const metadata = new MetadataCount();
  const header = yield { read: HEADER_BYTES };
  let left = header.readUInt32LE(4) + UNCOUNTED_BYTES - HEADER_BYTES;
  while (left >= HEAD_BYTES) {
    const head = yield { read: HEAD_BYTES };
    const type = head.toString('latin1', 0, 4);
    if (!CHUNK_TYPE.test(type)) return MALFORMED;
    const byteLength = head.readUInt32LE(4);
    left -= HEAD_BYTES + byteLength;
    // The metadata is counted first: a chunk may claim more than the file has.
    let rest = byteLength;
    let problem: string | null = null;
    if (type === 'ANMF' && rest >= FRAME_HEAD_BYTES) {
      const frame = yield { read: FRAME_HEAD_BYTES };
      problem = frames.add(frame.readUIntLE(6, 3) + 1, frame.readUIntLE(9, 3) + 1);
      rest -= FRAME_HEAD_BYTES;
    } else if (!PIXEL_CHUNKS.has(type)) problem = metadata.addChunk(byteLength);
    if (problem !== null) return refused(problem);
    if (left < 0) return MALFORMED;
    // Chunks have an even length. Some programs leave out the last byte of the last one.
    const padding = Math.min(byteLength % 2, left);
    left -= padding;
    const extra = extraOf(type);
    yield { skip: rest + padding, ...(extra === null ? {} : { extra }) };
  }
  yield { skip: Math.max(0, left) };
  return left < 0 ? MALFORMED : WHOLE;
}

/** Null for what the picture needs. Frames are needed: there is no other picture in an animation. */
function extraOf(type: string): Extra | null {
  if (PIXEL_CHUNKS.has(type) || type === COLOUR_PROFILE || type === 'ANMF') return null;
  return { kind: 'METADATA', leadBytes: HEAD_BYTES };
}
