/** `data:<media type>;base64,…` (RFC 2397). */

/**
 * So much is encoded at once, a multiple of three. Node keeps a text of a megabyte outside of V8's heap, with a handle
 * among what is old, where only a long collection removes it; one that is put together from short ones dies young.
 */
const PIECE_BYTES = 48 * 1024;

export function dataUriOf(mediaType: string, bytes: Buffer): string {
  let text = `data:${mediaType};base64,`;
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    text += bytes.toString('base64', from, from + PIECE_BYTES);
  }
  return text;
}
