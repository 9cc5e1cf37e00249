/**
 * Buffers for looking at the bytes of a blob for a moment, used again and again: each of its own would be a megabyte for
 * the garbage collector every time that a picture is sent as text (docs/decisions).
 */

/** What is larger has a buffer of its own. */
export const MOST_LENT_BYTES = 4 * 1024 * 1024;
/** As many as are filled at once by a thread pool of the usual size, together 16 MiB at most. */
const MOST_KEPT = 4;
const SMALLEST_BYTES = 256 * 1024;

const free: Buffer[] = [];

/** Holds anything, and has room for that many bytes at least. To be given back when nobody looks at it any more. */
export function borrowBuffer(byteSize: number): Buffer {
  const fitting = free.findIndex(({ length }) => length >= byteSize);
  const [found] = fitting === -1 ? [] : free.splice(fitting, 1);
  if (found !== undefined) return found;
  let room = SMALLEST_BYTES;
  while (room < byteSize) room *= 2;
  return Buffer.allocUnsafeSlow(room);
}

export function returnBuffer(buffer: Buffer): void {
  free.push(buffer);
  // The larger ones serve everybody.
  free.sort((one, other) => one.length - other.length);
  if (free.length > MOST_KEPT) free.shift();
}
