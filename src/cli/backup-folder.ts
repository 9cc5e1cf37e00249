/** What backup and restore agree upon: how a folder is known as a backup, and how they tell what they did. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CopiedBlobs } from '../blobs/copy-blobs.ts';

const MARK = 'darkroom-backup.json';
const FORMAT = 1;
const PARTIAL = '.partial';
/** No backup stops for so long in the middle. */
const PARTIAL_GRACE_MS = 24 * 60 * 60 * 1000;

/** Makes the folder a backup's, if it is new or empty. @throws when it is somebody else's */
export async function claimBackupFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = await readdir(folder);
  if (names.includes(MARK)) return checkBackupFolder(folder);
  if (names.length > 0) throw new Error(`${folder} is not empty and not a backup: name a new folder, or a backup`);
  await writeFile(join(folder, `${MARK}.new`), `${JSON.stringify({ format: FORMAT })}\n`, { flush: true });
  await rename(join(folder, `${MARK}.new`), join(folder, MARK));
}

/** @throws when the folder is no backup, or of a format that is not known here */
export async function checkBackupFolder(folder: string): Promise<void> {
  let mark: unknown;
  try {
    mark = JSON.parse(await readFile(join(folder, MARK), 'utf8'));
  } catch {
    throw new Error(`${folder} is not a backup: there is no ${MARK} in it that can be read`);
  }
  if (typeof mark === 'object' && mark !== null && 'format' in mark && mark.format === FORMAT) return;
  throw new Error(`${folder} is a backup of another version of Darkroom`);
}

/** Where to write what becomes `file` when it is complete; what was broken off there long ago is removed. */
export async function partialOf(file: string): Promise<string> {
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(basename(file)) || !name.endsWith(PARTIAL)) continue;
    const left = join(dirname(file), name);
    const { mtimeMs } = await stat(left);
    if (mtimeMs < Date.now() - PARTIAL_GRACE_MS) await rm(left, { force: true });
  }
  return `${file}.${randomUUID()}${PARTIAL}`;
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

export function filesText({ copied, copiedBytes, there, lost }: CopiedBlobs): string {
  const megabytes = (copiedBytes / 1_000_000).toFixed(1);
  return `${copied + there + lost.length} files (${copied} copied, ${megabytes} MB; ${there} were there)`;
}

/** The files that cannot be had any more, in a line for the operator. */
export function lostText({ lost }: CopiedBlobs): string {
  const [first] = lost;
  const many = lost.length === 1 ? 'one file that the database names' : `${lost.length} files that the database names`;
  return `${many} cannot be had any more: ${first?.message}`;
}
