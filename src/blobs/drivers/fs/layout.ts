/**
 * The directories that blobs lie in: 256, by the first two digits of their hashes, all made and synced before the first is
 * stored in any. Made when first needed, they cost the blobs that needed them as much as their bytes did (docs/decisions).
 */
import { access, mkdir, readdir, rename, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from './directories.ts';

const TWO_DIGITS = /^[0-9a-f]{2}$/;
/** What all of them are called. */
export const SHELVES = Array.from({ length: 256 }, (_, number) => number.toString(16).padStart(2, '0'));

/** Says that a root is laid out. */
const MARKER = 'LAYOUT';
const MARKER_TEXT = 'Each file lies in the directory that is named for the first two digits of its SHA-256.\n';

/** Makes what is missing, and brings what lies one level deeper, as it did until November 2026, to where it belongs. */
export async function layOut(root: string): Promise<void> {
  const marker = join(root, MARKER);
  if (await isThere(marker)) return;
  await Promise.all(
    SHELVES.map(async (name) => {
      const shelf = join(root, name);
      const made = await mkdir(shelf, { recursive: true });
      if (made === undefined) await raise(shelf);
    }),
  );
  await syncDirectory(root);
  await writeFile(marker, MARKER_TEXT);
  await syncDirectory(root);
}

/** Whether blobs lie in the root that may have to be brought up before they are found. */
export async function isOfOldLayout(root: string): Promise<boolean> {
  if (await isThere(join(root, MARKER))) return false;
  return (await readdir(root)).some((name) => TWO_DIGITS.test(name));
}

/** Broken off at any point, it goes on where it was the next time. */
async function raise(shelf: string): Promise<void> {
  const deeper = (await readdir(shelf)).filter((name) => TWO_DIGITS.test(name));
  if (deeper.length === 0) return;
  for (const name of deeper) {
    for (const file of await readdir(join(shelf, name))) await rename(join(shelf, name, file), join(shelf, file));
    await rmdir(join(shelf, name));
  }
  await syncDirectory(shelf);
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
