/** `data:<media type>;base64,…` (RFC 2397). */

/**
 * So much is encoded at once, a multiple of three. Node keeps a text of a megabyte outside of V8's heap, with a handle
 * among what is old, where only a long collection removes it; short ones die young, and so does what is put together from
 * them.
 */
const PIECE_BYTES = 48 * 1024;

export function dataUriOf(mediaType: string, bytes: Buffer): string {
  let text = `data:${mediaType};base64,`;
  for (const piece of base64Pieces(bytes)) text += piece;
  return text;
}

/** How many characters the base64 of so many bytes has. */
export function base64Length(byteLength: number): number {
  return Math.ceil(byteLength / 3) * 4;
}

/** Writes base64 as the bytes of its characters: in a third of the time that a text and its bytes take. */
export function writeBase64(bytes: Buffer, into: Buffer): void {
  let at = 0;
  for (const piece of base64Pieces(bytes)) at += into.write(piece, at, 'latin1');
}

function* base64Pieces(bytes: Buffer): Generator<string, void, void> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    yield bytes.toString('base64', from, from + PIECE_BYTES);
  }
}
