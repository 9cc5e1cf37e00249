/** Directories whose names are on the disk: syncing a file says nothing of the name it is found by (fsync(2)). */
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** `mkdir -p` that returns when the new names are on the disk. */
export async function makeDirectory(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

/** Makes the names in a directory durable. */
export async function syncDirectory(directory: string): Promise<void> {
  // Windows opens no directory for syncing; its file systems log the names by themselves.
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    // Nothing was written through it, and so nothing is lost with it: nobody need wait.
    handle.close().catch(() => undefined);
  }
}
