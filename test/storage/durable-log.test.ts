/** Promise 4: what is told as stored is on the disk, and one sync is enough for all who wait for it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { OneWriterDialect } from '../../src/db/drivers/sqlite/dialect.ts';
import { createDurableLog, openDurableLog } from '../../src/db/drivers/sqlite/durable-log.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { findConversations, insertConversation } from '../../src/db/queries/conversations.ts';
import { callDetails, generateToEnd } from '../api/steps.ts';
import { conversationOf, PRINCIPAL } from '../contract/database-rows.ts';
import { newDataDir, startServer } from '../support/server.ts';

/** Syncs that end when the test says so. */
function steered() {
  const syncs: PromiseWithResolvers<void>[] = [];
  const log = createDurableLog(() => {
    const sync = Promise.withResolvers<void>();
    syncs.push(sync);
    return sync.promise;
  });
  return { log, syncs };
}

/** Notes what has settled. */
function noted(done: string[], name: string, work: Promise<unknown>): void {
  work.then(
    () => done.push(name),
    () => done.push(`${name} failed`),
  );
}

describe('a durable log', () => {
  it('syncs once for all who committed before the sync began, and again for those behind', async () => {
    const { log, syncs } = steered();
    const done: string[] = [];
    noted(done, 'a', log.committed());
    noted(done, 'b', log.committed());
    await turn();
    expect(syncs).toHaveLength(1);
    noted(done, 'c', log.committed());
    syncs[0]?.resolve();
    await turn();
    expect(done).toEqual(['a']);
    expect(syncs).toHaveLength(2);
    syncs[1]?.resolve();
    await turn();
    expect(done).toEqual(['a', 'b', 'c']);
    expect(syncs).toHaveLength(2);
  });

  it('does not wait for commits that need not survive a power cut, and syncs them with the next one', async () => {
    const { log, syncs } = steered();
    await log.committed('UNSYNCED');
    await log.settled();
    expect(syncs).toHaveLength(0);
    const done: string[] = [];
    noted(done, 'synced', log.committed());
    await log.committed('UNSYNCED');
    noted(done, 'read', log.settled());
    await turn();
    expect(done).toEqual([]);
    syncs[0]?.resolve();
    await turn();
    expect(done.toSorted()).toEqual(['read', 'synced']);
    expect(syncs).toHaveLength(1);
    noted(done, 'closed', log.close());
    await turn();
    expect(syncs).toHaveLength(2);
    syncs[1]?.resolve();
    await turn();
    expect(done).toContain('closed');
  });

  it('fails commits of every kind once a sync has failed', async () => {
    const { log, syncs } = steered();
    const first = log.committed();
    syncs[0]?.reject(new Error('EIO: i/o error, fdatasync'));
    await expect(first).rejects.toThrow('could not be made durable');
    await expect(log.committed('UNSYNCED')).rejects.toThrow('could not be made durable');
  });

  it('has nothing to wait for when nothing was committed', async () => {
    const { log, syncs } = steered();
    await log.settled();
    expect(syncs).toHaveLength(0);
  });

  it('never tells anything as stored again when a sync has failed', async () => {
    const { log, syncs } = steered();
    const first = log.committed();
    syncs[0]?.reject(new Error('EIO: i/o error, fdatasync'));
    await expect(first).rejects.toThrow('could not be made durable');
    await expect(log.committed()).rejects.toThrow('could not be made durable');
    await expect(log.settled()).rejects.toThrow('could not be made durable');
    expect(syncs).toHaveLength(1);
  });
});

describe('a database whose disk takes its time', () => {
  it('tells of a commit when it is on the disk, and writes and reads on meanwhile', async () => {
    const dataDir = await newDataDir();
    const file = join(dataDir, 'd.sqlite');
    const writer = new SQLite(file);
    writer.pragma('journal_mode = WAL');
    writer.pragma('synchronous = NORMAL');
    writer.exec('create table t (name text)');
    const reader = new SQLite(file, { readonly: true });
    const { log, syncs } = steered();
    const dialect = new OneWriterDialect({ writer, reader, log, patienceMs: 1_000 });
    const db = new Kysely<{ t: { name: string } }>({ dialect });
    const done: string[] = [];
    const insert = (name: string) => db.insertInto('t').values({ name }).execute();
    noted(
      done,
      'transaction',
      db.transaction().execute((within) => within.insertInto('t').values({ name: 'a' }).execute()),
    );
    while (syncs.length === 0) await turn();
    noted(done, 'write', insert('b'));
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect(await db.selectFrom('t').select('name').execute()).toEqual([{ name: 'a' }, { name: 'b' }]);
    noted(done, 'all', log.settled());
    await turn();
    expect(done).toEqual([]);
    syncs[0]?.resolve();
    while (syncs.length === 1) await turn();
    syncs[1]?.resolve();
    while (done.length < 3) await turn();
    expect(done.toSorted()).toEqual(['all', 'transaction', 'write']);
    expect(syncs).toHaveLength(2);
    await db.destroy();
    await rm(dataDir, { recursive: true });
  });
});

describe('SQLITE_SYNC', () => {
  it.each([
    { sync: 'beside', synchronous: 1, who: 'the server syncs its log' },
    { sync: 'full', synchronous: 2, who: 'SQLite syncs each commit' },
  ] as const)('$sync: $who, and what was written is there after the next start', async ({ sync, synchronous }) => {
    const dataDir = await newDataDir();
    const file = join(dataDir, 'd.sqlite');
    const open = () => openSqlite(file, { patienceMs: 1_000, log: openDurableLog(file, sync) });
    const first = await open();
    // Not a select, so the writing connection answers: 1 is NORMAL, 2 is FULL.
    expect((await sql`pragma synchronous`.execute(first)).rows).toEqual([{ synchronous }]);
    await insertConversation(first, conversationOf('a'));
    await first.transaction().execute((transaction) => insertConversation(transaction, conversationOf('b')));
    await first.destroy();
    const second = await open();
    expect(await findConversations(second, PRINCIPAL, ['a', 'b'])).toHaveLength(2);
    await second.destroy();
    await rm(dataDir, { recursive: true });
  });

  it('full: a server that is killed has its finished calls after a restart', async () => {
    const env = { SQLITE_SYNC: 'full' };
    await using server = await startServer({ env });
    const { id } = await generateToEnd(server.url, { prompt: 'a kite [sim:duration=0]' });
    await server.stop('SIGKILL');
    await using again = await startServer({ env, dataDir: server.dataDir });
    expect(await callDetails(again.url, id)).toMatchObject({ status: 'COMPLETED' });
  });
});
