/** Source: the WebP container specification (RFC 9649, section 2). */
import { FrameCount, MetadataCount, type Walk } from './walk.ts';

const HEADER_BYTES = 12;
const FRAME_HEAD_BYTES = 16;
const PIXEL_CHUNKS: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM']);
const CHUNK_TYPE = /^[ -~]{4}$/u;
const MAX_METADATA_CHUNKS = 1_000;

export function* walkWebp(): Walk {
  const frames = new FrameCount();
  const metadata = new MetadataCount();
  let chunks = 0;
  yield { skip: HEADER_BYTES };
  while (true) {
    const head = yield { read: 8 };
    const type = head.toString('latin1', 0, 4);
    if (!CHUNK_TYPE.test(type)) return null;
    const byteLength = head.readUInt32LE(4);
    // Chunks have an even length.
    let rest = byteLength + (byteLength % 2);
    let problem: string | null = null;
    if (type === 'ANMF' && rest >= FRAME_HEAD_BYTES) {
      const frame = yield { read: FRAME_HEAD_BYTES };
      problem = frames.add(frame.readUIntLE(6, 3) + 1, frame.readUIntLE(9, 3) + 1);
      rest -= FRAME_HEAD_BYTES;
    } else if (!PIXEL_CHUNKS.has(type)) {
      chunks += 1;
      problem = metadata.add(byteLength);
      if (chunks > MAX_METADATA_CHUNKS) {
        problem = `must have at most ${MAX_METADATA_CHUNKS} blocks of metadata; it has more. Save it without metadata.`;
      }
    }
    if (problem !== null) return problem;
    yield { skip: rest };
  }
}
