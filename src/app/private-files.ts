/**
 * Files that only the user of this process may read: prompts, pictures and keys. What exists is never changed, because its
 * owner may share it on purpose; too wide rights are reported with the command that narrows them.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;
const RIGHTS_OF_OTHERS = 0o077;

const DIRECTORY_PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  EEXIST: 'it is a file and not a folder',
  ENOTDIR: 'a part of its path is a file and not a folder',
};

/**
 * Creates the directory of the data, with those above it, for this user alone; their names are durable. An existing one stays
 * as it is.
 * @throws {Error} which names DATA_DIR, when it cannot be created
 */
export function makePrivateDirectory(path: string): void {
  const directory = resolve(path);
  const first = createDirectory(directory);
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = dirname(made)) syncDirectoryNow(dirname(made));
}

function createDirectory(path: string): string | undefined {
  try {
    return mkdirSync(path, { recursive: true, mode: PRIVATE_DIRECTORY });
  } catch (error) {
    // Node's file functions throw errors with a code.
    const { code = '', message } = error as NodeJS.ErrnoException;
    const problem = DIRECTORY_PROBLEMS[code] ?? message;
    throw new Error(`cannot create the folder ${path}: ${problem}. Set DATA_DIR to another folder.`, { cause: error });
  }
}

/** Makes the names in a directory durable. Blocks: for the start. */
export function syncDirectoryNow(directory: string): void {
  // Windows cannot open a directory to sync it; its file systems log the names themselves.
  if (process.platform === 'win32') return;
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Creates an empty file for this user alone. An existing one stays as it is. SQLite's other files get the same rights. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', PRIVATE_FILE));
}

/** What is wrong with the rights of a directory, in one line for the operator; null when only its owner has any. */
export function rightsProblem(name: string, path: string): string | null {
  // Windows has other rights, which these numbers do not show.
  if (process.platform === 'win32') return null;
  const mode = statSync(path).mode & 0o777;
  if ((mode & RIGHTS_OF_OTHERS) === 0) return null;
  return `other users of this machine can reach ${name} (mode ${mode.toString(8)}). Run: chmod 700 '${path}'`;
}
