/** The embedded database: one writer at a time, readers beside it, and all of a change or nothing of it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Database, DatabaseOpenError } from '../../src/db/database.ts';
import { DatabaseBusyError } from '../../src/db/drivers/sqlite/busy.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { insertConversation } from '../../src/db/queries/conversations.ts';
import { newDataDir } from '../support/server.ts';

const AT = '2026-11-23T12:00:00.000Z';

let dataDir: string;
let file: string;
let db: Database;
beforeEach(async () => {
  dataDir = await newDataDir();
  file = join(dataDir, 'darkroom.sqlite');
  db = await openSqlite(file, { patienceMs: 300 });
});
afterEach(async () => {
  await db.destroy();
  await rm(dataDir, { recursive: true });
});

function write(to: Database, id: string): Promise<void> {
  return insertConversation(to, { id, principal: 'local', title: id, createdAt: AT, updatedAt: AT, deletedAt: null });
}

async function titles(): Promise<string[]> {
  const rows = await db.selectFrom('conversations').select('title').orderBy('id').execute();
  return rows.map(({ title }) => title);
}

it('shows readers nothing of a transaction before it is committed, and does not make them wait', async () => {
  const committing = Promise.withResolvers<void>();
  const transaction = db.transaction().execute(async (within) => {
    await write(within, 'a');
    await committing.promise;
  });
  await turn();
  expect(await titles()).toEqual([]);
  committing.resolve();
  await transaction;
  expect(await titles()).toEqual(['a']);
});

it('lets transactions and single writes take turns, in the order in which they came', async () => {
  const transact = (id: string) =>
    db.transaction().execute(async (within) => {
      await turn();
      await write(within, id);
    });
  await Promise.all([transact('d'), write(db, 'c'), transact('b'), write(db, 'a')]);
  const raw = new SQLite(file, { readonly: true });
  expect(raw.prepare('select title from conversations order by rowid').pluck().all()).toEqual(['d', 'c', 'b', 'a']);
  raw.close();
});

it('undoes a transaction that fails, and goes on with the next', async () => {
  const failing = db.transaction().execute(async (within) => {
    await write(within, 'a');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await write(db, 'b');
  expect(await titles()).toEqual(['b']);
});

it('gives up after its patience, storing nothing, and never stops the process meanwhile', async () => {
  const other = new SQLite(file);
  other.exec('begin immediate');
  const writes = Promise.allSettled([
    write(db, 'a'),
    db.transaction().execute((within) => write(within, 'b')),
    write(db, 'c'),
  ]);
  let longestMs = 0;
  let settled = false;
  void writes.then(() => {
    settled = true;
  });
  for (let last = performance.now(); !settled; ) {
    await turn();
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
  }
  for (const write of await writes) expect(write).toMatchObject({ reason: expect.any(DatabaseBusyError) });
  expect(longestMs).toBeLessThan(200);
  other.exec('rollback');
  other.close();
  await write(db, 'd');
  expect(await titles()).toEqual(['d']);
});

it('leaves a database as it was when a migration fails in the middle', async () => {
  const half = join(dataDir, 'half.sqlite');
  const prepared = new SQLite(half);
  // The first migration makes this table after another one.
  prepared.exec('create table calls (id text)');
  prepared.close();
  await expect(openSqlite(half, { patienceMs: 100 })).rejects.toThrow(DatabaseOpenError);
  const left = new SQLite(half);
  const tables = left
    .prepare("select name from sqlite_master where type = 'table' and name not like 'kysely%'")
    .pluck();
  expect(tables.all()).toEqual(['calls']);
  left.close();
});
