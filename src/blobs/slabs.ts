/**
 * Memory for bytes on their way to the disk, used again and again. A buffer of its own for each chunk, and one more for
 * what is written in one piece, are several megabytes a picture that V8 counts as garbage: its collections stopped the
 * process for some 50 ms every few pictures (docs/decisions).
 */

/** What of a picture of the usual size is written at once. */
export const SLAB_BYTES = 256 * 1024;
/** As much as many pictures at once need, together 8 MiB; what more is needed at times is left to the collector. */
const MOST_KEPT = 32;

const free: Buffer[] = [];

/** Holds anything. To be given back when nobody reads it any more. */
export function takeSlab(): Buffer {
  return free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
}

export function giveBackSlab(slab: Buffer): void {
  if (free.length < MOST_KEPT) free.push(slab);
}
