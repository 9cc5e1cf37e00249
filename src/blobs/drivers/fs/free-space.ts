/** Whether a disk has room for what is to be stored, asked before it is: a probe of a few bytes finds room on a full one. */
import { statfs } from 'node:fs/promises';

/** A picture of the largest size with its stages, and the rows that name them. */
const LEAST_FREE_BYTES = 8 * 1024 * 1024;

/** @throws {Error} when less is free; the system's error when the disk cannot be asked. */
export async function checkFreeSpace(directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const freeBytes = bavail * bsize;
  if (freeBytes < LEAST_FREE_BYTES) throw new Error(`only ${freeBytes} bytes are left on the disk.`);
}
