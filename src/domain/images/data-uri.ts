/** `data:<media type>;base64,…` (RFC 2397). */

/**
 * The number of bytes encoded at a time, a multiple of three. Node stores a string of a megabyte outside V8's heap,
 * with a handle in the old generation that only a major garbage collection frees. Short strings, and strings
 * concatenated from them, are freed early.
 */
const PIECE_BYTES = 48 * 1024;

/** The data URI of some bytes, as a string. */
export function dataUriOf(mediaType: string, bytes: Buffer): string {
  let text = `data:${mediaType};base64,`;
  for (const piece of base64Pieces(bytes)) text += piece;
  return text;
}

/** The number of base64 characters for a number of bytes. */
export function base64Length(byteLength: number): number {
  return Math.ceil(byteLength / 3) * 4;
}

/** Writes base64 as ASCII bytes, in a third of the time of encoding to a string and then to bytes. */
export function writeBase64(bytes: Buffer, into: Buffer): void {
  let at = 0;
  for (const piece of base64Pieces(bytes)) at += into.write(piece, at, 'latin1');
}

function* base64Pieces(bytes: Buffer): Generator<string, void, void> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    yield bytes.toString('base64', from, from + PIECE_BYTES);
  }
}
