/** Promise 4: what is told as stored is on the disk, and one sync is enough for all who wait for it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { Kysely } from 'kysely';
import { describe, expect, it } from 'vitest';
import { OneWriterDialect } from '../../src/db/drivers/sqlite/dialect.ts';
import { createDurableLog } from '../../src/db/drivers/sqlite/durable-log.ts';
import { newDataDir } from '../support/server.ts';

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
