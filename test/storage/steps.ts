/** What the tests of storage do again and again: hold the database, fill a disk, look into the folders. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import SQLite from 'better-sqlite3';
import { addSearchFunctions } from '../../src/db/drivers/sqlite/search-functions.ts';
import { openDatabase, sha256, TERMINAL_TYPES } from '../api/steps.ts';

/** Another process takes the write lock; resolves when it has it, with what gives it up. */
export async function holdDatabase(dataDir: string): Promise<() => Promise<void>> {
  const script = join(import.meta.dirname, 'lock-holder.ts');
  const child = spawn(process.execPath, [script, join(dataDir, 'darkroom.sqlite')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.end();
    await closed;
  };
}

/** Changes the database of a server behind its back. */
export function changeDatabase(dataDir: string, sql: string): void {
  const database = new SQLite(join(dataDir, 'darkroom.sqlite'));
  // Triggers call them.
  addSearchFunctions(database);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

/** The database refuses such writes from now on, until what is returned is called. @param what as a trigger names it */
export function refuseWrites(dataDir: string, what: string): () => void {
  const refusal = "select raise(abort, 'database or disk is full')";
  changeDatabase(dataDir, `create trigger refused before ${what} begin ${refusal}; end`);
  return () => changeDatabase(dataDir, 'drop trigger refused');
}

/** The longest answer of a request that is made again and again until `stop`, in milliseconds, and how many there were. */
export function keepAsking(ask: () => Promise<unknown>): { stop(): Promise<{ worstMs: number; count: number }> } {
  let stopped = false;
  const asking = (async () => {
    let worstMs = 0;
    let count = 0;
    while (!stopped) {
      const begun = performance.now();
      await ask();
      worstMs = Math.max(worstMs, performance.now() - begun);
      count += 1;
    }
    return { worstMs, count };
  })();
  return {
    stop: () => {
      stopped = true;
      return asking;
    },
  };
}

/** Why no small disk can be mounted here, or null: it takes Linux and root. In CI this may not be missing. */
export async function whyNoSmallDisk(): Promise<string | null> {
  if (process.env['CI']) return null;
  try {
    await using _ = await mountSmallDisk('1m');
    return null;
  } catch (error) {
    return `no small disk can be mounted here: ${error instanceof Error ? error.message.trim() : error}`;
  }
}

export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** Takes all that is left, or so many megabytes of it. */
  fill(megabytes?: number): Promise<void>;
  /** Gives it back. */
  free(): Promise<void>;
}

/** A disk of its own in memory, of `size` as mount(8) writes it. */
export async function mountSmallDisk(size: string): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), 'darkroom-disk-'));
  const run = promisify(execFile);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'darkroom-test', path]);
  } catch (error) {
    await rm(path, { recursive: true });
    throw error;
  }
  const filler = join(path, 'filler');
  return {
    path,
    async fill(megabytes) {
      const count = megabytes === undefined ? [] : [`count=${megabytes * 256}`];
      // `dd` writes until it cannot, which is what it is asked for, and says so by its exit code.
      await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k', ...count]).catch(() => undefined);
    },
    free: () => rm(filler, { force: true }),
    async [Symbol.asyncDispose]() {
      await run('umount', ['--lazy', path]);
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** The stored files of a data folder or of a backup by their names, each with whether its bytes are those of its name. */
export async function storedFiles(dataDir: string): Promise<ReadonlyMap<string, boolean>> {
  const root = join(dataDir, 'blobs');
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = new Map<string, boolean>();
  for (const entry of entries) {
    if (!entry.isFile() || entry.parentPath === join(root, 'tmp') || entry.name === 'LAYOUT') continue;
    const bytes = await readUnlessGone(join(entry.parentPath, entry.name));
    if (bytes !== null) files.set(entry.name, sha256(bytes) === entry.name);
  }
  return files;
}

/** Null when the server has removed the file since it was listed. */
async function readUnlessGone(file: string): Promise<Buffer | null> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

/** Where the bytes with this hash are: those of a partial image in the folder of what is not synced. */
export function blobPath(dataDir: string, hash: string): string {
  const synced = join(dataDir, 'blobs', hash.slice(0, 2), hash);
  const unsynced = join(dataDir, 'blobs/unsynced', hash.slice(0, 2), hash);
  return existsSync(unsynced) ? unsynced : synced;
}

/** Every file that the rows of a database name. */
export function namedFiles(dataDir: string): ReadonlySet<string> {
  const database = new SQLite(join(dataDir, 'darkroom.sqlite'), { readonly: true });
  try {
    const rows = database.prepare<[], string>('select sha256 from images union select sha256 from partial_images');
    return new Set(rows.pluck().all());
  } finally {
    database.close();
  }
}

export function integrityOf(dataDir: string): unknown {
  const database = new SQLite(join(dataDir, 'darkroom.sqlite'), { readonly: true });
  try {
    return database.pragma('integrity_check', { simple: true });
  } finally {
    database.close();
  }
}

/** What `/health/ready` answers. */
export async function readiness(url: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${url}/health/ready`);
  return { status: response.status, body: await response.json() };
}

/** The most calls that were in progress at one moment, as the log of all calls tells it. */
export function mostAtOnce(dataDir: string): number {
  using database = openDatabase(dataDir);
  const events = database.prepare('select call_id, type from events order by rowid').all();
  const running = new Set<string>();
  let most = 0;
  for (const { call_id: call, type } of events as { call_id: string; type: string }[]) {
    if (type === 'GenerationStarted') running.add(call);
    if (type === 'GenerationRetrying' || TERMINAL_TYPES.includes(type)) running.delete(call);
    most = Math.max(most, running.size);
  }
  return most;
}
