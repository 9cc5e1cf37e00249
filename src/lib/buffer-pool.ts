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
const MOST_KEPT_BYTES = 32 * 1024 * 1024;

/** Of every size, in the order in which they were given back: what was needed once makes room for what is needed now. */
const free: Buffer[] = [];
let keptBytes = 0;

/** Holds anything, and has room for that many bytes at least. To be given back when nobody looks at it any more. */
export function borrowBuffer(byteSize: number): Buffer {
  let room = SMALLEST_BUFFER_BYTES;
  while (room < byteSize) room *= 2;
  const index = free.findLastIndex(({ length }) => length === room);
  const [kept] = index === -1 ? [] : free.splice(index, 1);
  if (kept === undefined) return Buffer.allocUnsafeSlow(room);
  keptBytes -= room;
  return kept;
}

export function returnBuffer(buffer: Buffer): void {
  if (buffer.length > LARGEST_BUFFER_BYTES) return;
  free.push(buffer);
  keptBytes += buffer.length;
  while (keptBytes > MOST_KEPT_BYTES) {
    const oldest = free.shift();
    if (oldest === undefined) return;
    keptBytes -= oldest.length;
  }
}
