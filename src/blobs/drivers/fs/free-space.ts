/** Checks that a disk has room for an image. Writing a few bytes as a test succeeds even on a disk that is almost full. */
import { statfs } from 'node:fs/promises';

/** Room for an image of the largest size with its partial images, and for their rows. */
const MIN_FREE_BYTES = 8 * 1024 * 1024;

/** @throws {Error} when less is free; the system's error when the free space cannot be read. */
export async function checkFreeSpace(directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const freeBytes = bavail * bsize;
  if (freeBytes < MIN_FREE_BYTES) throw new Error(`only ${freeBytes} bytes are free on the disk.`);
}
