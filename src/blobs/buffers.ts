/**
 * Memory for the bytes of pictures on their way, used again and again. A buffer of its own for each would be several megabytes
 * a picture that V8 counts as garbage: its collections stopped the process for some 50 ms every few pictures
 * (docs/decisions); and to get one from the system costs as much as to fill it.
 */

/** What of a picture of the usual size is written at once. */
export const SMALLEST_BUFFER_BYTES = 256 * 1024;
/** Larger ones are nobody's but the borrower's. */
export const LARGEST_BUFFER_BYTES = 4 * 1024 * 1024;
/** As much as many pictures at once need; what more is needed at times is left to the collector. */
const MOST_KEPT_BYTES = 16 * 1024 * 1024;

/** By their size, each twice the one before. */
const free = new Map<number, Buffer[]>();
let keptBytes = 0;

/** Holds anything, and has room for that many bytes at least. To be given back when nobody looks at it any more. */
export function borrowBuffer(byteSize: number): Buffer {
  let room = SMALLEST_BUFFER_BYTES;
  while (room < byteSize) room *= 2;
  const kept = free.get(room)?.pop();
  if (kept === undefined) return Buffer.allocUnsafeSlow(room);
  keptBytes -= room;
  return kept;
}

export function returnBuffer(buffer: Buffer): void {
  const { length } = buffer;
  if (length > LARGEST_BUFFER_BYTES || keptBytes + length > MOST_KEPT_BYTES) return;
  keptBytes += length;
  const alike = free.get(length) ?? [];
  free.set(length, alike);
  alike.push(buffer);
}
