/**
 * A pool of buffers for image bytes in transit. New buffers for each image would be several megabytes that V8 counts as
 * garbage: its major collections stopped the process for some 50 ms every few images
 * (docs/decisions/2026-11-26-memory-used-again.md). Getting memory from the system also takes as long as filling it.
 */

/** Size of a normal write of an image. */
export const SMALLEST_BUFFER_BYTES = 256 * 1024;
/** Larger buffers are not pooled. */
export const LARGEST_BUFFER_BYTES = 4 * 1024 * 1024;
/** Enough for many images at once. What exceeds it is left to the garbage collector. */
const MAX_POOLED_BYTES = 32 * 1024 * 1024;

/** Of every size, in the order in which they were returned: the oldest are removed first. */
const free: Buffer[] = [];
let pooledBytes = 0;

/** @returns a buffer with any content and room for at least `byteSize` bytes. Return it when nobody reads it any more. */
export function borrowBuffer(byteSize: number): Buffer {
  let length = SMALLEST_BUFFER_BYTES;
  while (length < byteSize) length *= 2;
  const index = free.findLastIndex((buffer) => buffer.length === length);
  const [pooled] = index === -1 ? [] : free.splice(index, 1);
  if (pooled === undefined) return Buffer.allocUnsafeSlow(length);
  pooledBytes -= length;
  return pooled;
}

export function returnBuffer(buffer: Buffer): void {
  if (buffer.length > LARGEST_BUFFER_BYTES) return;
  free.push(buffer);
  pooledBytes += buffer.length;
  while (pooledBytes > MAX_POOLED_BYTES) {
    const oldest = free.shift();
    if (oldest === undefined) return;
    pooledBytes -= oldest.length;
  }
}
