/** Source: the GIF89a specification, sections 18 (screen) to 27 (trailer). */
import { FrameCount, MALFORMED, MetadataCount, refused, type Walk, WHOLE } from './walk.ts';

const HEADER_BYTES = 13;
const IMAGE = 0x2c;
const EXTENSION = 0x21;
const TRAILER = 0x3b;
/** Some programs write zeros between blocks. */
const MAX_PADDING_BYTES = 64;

export function* walkGif(): Walk {
  const frames = new FrameCount();
  const metadata = new MetadataCount();
  let padding = 0;
  const header = yield { read: HEADER_BYTES };
  yield { skip: colourTableBytes(header[10] ?? 0) };
  while (true) {
    const [tag] = yield { read: 1 };
    if (tag === IMAGE) {
      const frame = yield { read: 9 };
      const problem = frames.add(frame.readUInt16LE(4), frame.readUInt16LE(6));
      if (problem !== null) return refused(problem);
      // The colours of the frame, and the size of its first code.
      yield { skip: colourTableBytes(frame[8] ?? 0) + 1 };
      for (let size = yield* readByte(); size > 0; size = yield* readByte()) yield { skip: size };
    } else if (tag === EXTENSION) {
      yield { skip: 1 };
      for (let size = yield* readByte(); size > 0; size = yield* readByte()) {
        const problem = metadata.add(size);
        if (problem !== null) return refused(problem);
        yield { skip: size };
      }
    } else if (tag === TRAILER) return WHOLE;
    else if (tag === 0 && padding < MAX_PADDING_BYTES) padding += 1;
    else return MALFORMED;
  }
}

function* readByte(): Generator<{ read: number }, number, Buffer> {
  const [byte = 0] = yield { read: 1 };
  return byte;
}

function colourTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1);
}
