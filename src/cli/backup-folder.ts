/** The format of a backup folder, and the messages that backup and restore share. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { rightsProblem } from '../app/private-files.ts';
import type { CopiedBlobs } from '../blobs/copy-blobs.ts';

const MARK = 'darkroom-backup.json';
const FORMAT = 1;
const PARTIAL = '.partial';
/** A partial file that is older than this was left by an interrupted run. */
const PARTIAL_GRACE_MS = 24 * 60 * 60 * 1000;

/** Marks a new or empty folder as a backup folder. @throws {Error} when it contains anything else */
export async function claimBackupFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = await readdir(folder);
  if (names.includes(MARK)) return checkBackupFolder(folder);
  if (names.length > 0)
    throw new Error(`${folder} is not empty and not a backup: use a new folder or an existing backup`);
  await writeFile(join(folder, `${MARK}.new`), `${JSON.stringify({ format: FORMAT })}\n`, { flush: true });
  await rename(join(folder, `${MARK}.new`), join(folder, MARK));
}

/** @throws {Error} when the folder is not a backup, or has an unknown format */
export async function checkBackupFolder(folder: string): Promise<void> {
  let mark: unknown;
  try {
    mark = JSON.parse(await readFile(join(folder, MARK), 'utf8'));
  } catch {
    throw new Error(`${folder} is not a backup: it has no readable ${MARK}`);
  }
  if (typeof mark === 'object' && mark !== null && 'format' in mark && mark.format === FORMAT) return;
  throw new Error(`${folder} was made by another version of Darkroom`);
}

/** A temporary path to write `file` to before it is renamed. Removes temporary files that interrupted runs left. */
export async function temporaryPathFor(file: string): Promise<string> {
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(basename(file)) || !name.endsWith(PARTIAL)) continue;
    const left = join(dirname(file), name);
    const { mtimeMs } = await stat(left);
    if (mtimeMs < Date.now() - PARTIAL_GRACE_MS) await rm(left, { force: true });
  }
  return `${file}.${randomUUID()}${PARTIAL}`;
}

/** Prints how to narrow the rights of a folder that other users can reach. */
export function warnOfRights(name: string, folder: string): void {
  const problem = rightsProblem(name, folder);
  if (problem !== null) console.error(`darkroom: ${problem}`);
}

/** Whether the path is an existing file. */
export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

/** The number of files and copied megabytes, for the final message. */
export function filesText({ copied, copiedBytes, there, lost }: CopiedBlobs): string {
  const megabytes = (copiedBytes / 1_000_000).toFixed(1);
  return `${copied + there + lost.length} files (${copied} copied, ${megabytes} MB; ${there} already there)`;
}

/** The lost files, in a line for the operator. */
export function lostText({ lost }: CopiedBlobs): string {
  const [first] = lost;
  const many = lost.length === 1 ? 'One file is lost' : `${lost.length} files are lost`;
  return `${many}, although the database refers to it: ${first?.message}`;
}
