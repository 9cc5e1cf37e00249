/** Copies of an embedded database as files: taken whole while a server writes, checked, and put in a place at once. */
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import SQLite from 'better-sqlite3';
import { DatabaseOpenError } from '../../database.ts';
import { OPEN_TIMEOUT_MS, reasonOf } from './connect.ts';

/** More than any database has. */
const ALL_PAGES = 0x7fff_ffff;

/**
 * Copies the database in `from`, as it stands at one moment, to the file `to`: one file that needs no other beside it.
 * @throws {DatabaseOpenError} when it cannot be read, or what was read is damaged
 */
export async function copySqlite(from: string, to: string): Promise<void> {
  try {
    const source = new SQLite(from, { readonly: true, fileMustExist: true, timeout: OPEN_TIMEOUT_MS });
    try {
      // In one step: between two, the server may write, and then SQLite begins anew. Nobody waits for a reader.
      await source.backup(to, { progress: () => ALL_PAGES });
    } finally {
      source.close();
    }
    const copy = new SQLite(to, { fileMustExist: true });
    try {
      copy.pragma('journal_mode = DELETE');
      // Who is at work on the original is not at work on the copy: a server there would wait for its lease.
      const has = copy.prepare("select 1 from sqlite_master where name = 'instances'").get();
      if (has !== undefined) copy.exec('delete from instances');
    } finally {
      copy.close();
    }
  } catch (cause) {
    throw new DatabaseOpenError(`cannot copy the database ${from}: ${reasonOf(cause)}`, { cause });
  }
  checkSqlite(to);
}

/** @throws {DatabaseOpenError} when the database is damaged */
export function checkSqlite(file: string): void {
  let found: unknown;
  try {
    const db = new SQLite(file, { readonly: true, fileMustExist: true });
    try {
      found = db.pragma('integrity_check', { simple: true });
    } finally {
      db.close();
    }
  } catch (cause) {
    found = reasonOf(cause);
  }
  if (found !== 'ok') throw new DatabaseOpenError(`the database ${file} is damaged: ${found}`);
}

/**
 * Puts the database in the file `from` in the place of `to`, in the same folder: whatever happens, there is the one or
 * the other. Nobody may have either of them open.
 */
export async function placeSqlite(from: string, to: string): Promise<void> {
  await sync(from);
  // A log without its database would be taken for the log of the new one.
  await rm(`${to}-wal`, { force: true });
  await rm(`${to}-shm`, { force: true });
  await rename(from, to);
  await sync(dirname(to));
}

async function sync(path: string): Promise<void> {
  // Windows opens no directory for syncing.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
