/** Source: ITU-T T.81, annex B (compressed data formats); T.871 (JFIF); the ICC and Adobe conventions for APP2 and APP14. */
import { type Extra, MALFORMED, MetadataCount, refused, type Walk, WHOLE } from './walk.ts';

/** Progressive pictures have about ten. The decoder goes through all pixels for each of them. */
const MAX_SCANS = 100;
const MARKER = 0xff;
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const COMMENT = 0xfe;
/** The longest name that says what a segment contains, with the zero behind it: `ICC_PROFILE`. */
const NAME_BYTES = 12;
/** The marker, its length and its name, by which a segment is recognised. */
const LEAD_BYTES = 4;
/** Segments of applications without which the colours are different ones. */
const COLOUR_SEGMENTS: readonly (readonly [type: number, name: string])[] = [
  [0xe0, 'JFIF\0'],
  [0xe2, 'ICC_PROFILE\0'],
  [0xee, 'Adobe'],
];

export function* walkJpeg(): Walk {
  const metadata = new MetadataCount();
  let scans = 0;
  yield { skip: 2 };
  while (true) {
    yield { until: MARKER };
    let [type = 0] = yield { read: 1 };
    while (type === MARKER) [type = 0] = yield { read: 1 };
    if (type === END_OF_IMAGE) return WHOLE;
    // A byte of the pixels, or a marker without a segment.
    if (type <= 0x01 || (type >= 0xd0 && type <= 0xd7)) continue;
    // A picture that breaks off in its pixels goes on with whatever bytes follow: a film, for example.
    if (!isSegment(type, scans > 0)) return MALFORMED;
    const length = (yield { read: 2 }).readUInt16BE(0);
    if (length < 2) return MALFORMED;
    if (type === START_OF_SCAN) {
      scans += 1;
      if (scans > MAX_SCANS) {
        return refused(`must have at most ${MAX_SCANS} scans; it has more. Save it again as a usual JPEG.`);
      }
      yield { skip: length - 2 };
    } else if (isMetadata(type)) {
      const problem = metadata.add(length);
      if (problem !== null) return refused(problem);
      const name = yield { read: Math.min(length - 2, NAME_BYTES) };
      const extra = extraOf(type, name);
      yield { skip: length - 2 - name.length, ...(extra === null ? {} : { extra }) };
    } else yield { skip: length - 2 };
  }
}

/** Behind the first scan there is no other picture, and so no frame. */
function isSegment(type: number, isBehindScan: boolean): boolean {
  const isFrame = type >= 0xc0 && type <= 0xcf && type !== 0xc4 && type !== 0xcc;
  if (isFrame) return !isBehindScan;
  return type === 0xc4 || type === 0xcc || (type >= 0xda && type <= 0xef) || type === COMMENT;
}

function isMetadata(type: number): boolean {
  return (type >= 0xe0 && type <= 0xef) || type === COMMENT;
}

function extraOf(type: number, name: Buffer): Extra | null {
  const text = name.toString('latin1');
  if (COLOUR_SEGMENTS.some(([of, start]) => of === type && text.startsWith(start))) return null;
  return { kind: 'METADATA', leadBytes: LEAD_BYTES + name.length };
}
