/** Copies an embedded database while a server writes to it, checks copies, and replaces a database by a copy atomically. */
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import SQLite from 'better-sqlite3';
import { DatabaseOpenError } from '../../database.ts';
import { OPEN_TIMEOUT_MS, reasonOf } from './connect.ts';

/** More pages than any database has. */
const ALL_PAGES = 0x7fff_ffff;

/**
 * Copies the database in `from`, as it is at one moment, to the single file `to`, which needs no log beside it.
 * @throws {DatabaseOpenError} when the database cannot be read, or the copy is damaged
 */
export async function copySqlite(from: string, to: string): Promise<void> {
  try {
    const source = new SQLite(from, { readonly: true, fileMustExist: true, timeout: OPEN_TIMEOUT_MS });
    try {
      // All pages in one step: SQLite starts again when the server writes between two steps. Readers block nobody.
      await source.backup(to, { progress: () => ALL_PAGES });
    } finally {
      source.close();
    }
    const copy = new SQLite(to, { fileMustExist: true });
    try {
      copy.pragma('journal_mode = DELETE');
      // The servers of the original do not run on the copy. A server on the copy would wait for their leases.
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
 * Replaces the database `to` by `from`, in the same folder. After a crash, `to` is either the old or the new one.
 * Neither may be open.
 */
export async function placeSqlite(from: string, to: string): Promise<void> {
  await sync(from);
  // SQLite would apply the old log to the new database.
  await rm(`${to}-wal`, { force: true });
  await rm(`${to}-shm`, { force: true });
  await rename(from, to);
  await sync(dirname(to));
}

async function sync(path: string): Promise<void> {
  // Windows cannot open a directory to sync it.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
