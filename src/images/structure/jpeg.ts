/** Source: ITU-T T.81, annex B (compressed data formats). */
import { MetadataCount, type Walk } from './walk.ts';

/** Progressive pictures have about ten. The decoder goes through all pixels for each of them. */
const MAX_SCANS = 100;
const MARKER = 0xff;
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const COMMENT = 0xfe;

export function* walkJpeg(): Walk {
  const metadata = new MetadataCount();
  let scans = 0;
  yield { skip: 2 };
  while (true) {
    yield { until: MARKER };
    let [type = 0] = yield { read: 1 };
    while (type === MARKER) [type = 0] = yield { read: 1 };
    if (type === END_OF_IMAGE) return null;
    // A byte of the pixels, or a marker without a segment.
    if (type <= 0x01 || (type >= 0xd0 && type <= 0xd8)) continue;
    const length = (yield { read: 2 }).readUInt16BE(0);
    if (length < 2) return null;
    if (type === START_OF_SCAN) {
      scans += 1;
      if (scans > MAX_SCANS) return `must have at most ${MAX_SCANS} scans; it has more. Save it again as a usual JPEG.`;
    } else if ((type >= 0xe0 && type <= 0xef) || type === COMMENT) {
      const problem = metadata.add(length);
      if (problem !== null) return problem;
    }
    yield { skip: length - 2 };
  }
}
