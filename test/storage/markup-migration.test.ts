/** Migration 0009: markups. Databases of the version before keep every row, and gain a foreign key with the owner. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectSqlite } from '../../src/db/drivers/sqlite/connect.ts';
import * as initial from '../../src/db/drivers/sqlite/migrations/0001-initial.ts';
import * as durability from '../../src/db/drivers/sqlite/migrations/0002-durability.ts';
import * as severalPictures from '../../src/db/drivers/sqlite/migrations/0003-several-pictures.ts';
import * as costLines from '../../src/db/drivers/sqlite/migrations/0004-cost-lines.ts';
import * as lookups from '../../src/db/drivers/sqlite/migrations/0005-lookups.ts';
import * as apiKeys from '../../src/db/drivers/sqlite/migrations/0006-api-keys.ts';
import * as budgets from '../../src/db/drivers/sqlite/migrations/0007-budgets.ts';
import * as owners from '../../src/db/drivers/sqlite/migrations/0008-owners.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { addSearchFunctions } from '../../src/db/drivers/sqlite/search-functions.ts';
import { newDataDir } from '../support/server.ts';

const EARLIER = {
  '0001-initial': initial,
  '0002-durability': durability,
  '0003-several-pictures': severalPictures,
  '0004-cost-lines': costLines,
  '0005-lookups': lookups,
  '0006-api-keys': apiKeys,
  '0007-budgets': budgets,
  '0008-owners': owners,
};

const AT = "'2026-11-28T12:00:00.000Z'";

let dataDir: string;
let file: string;
beforeEach(async () => {
  dataDir = await newDataDir();
  file = join(dataDir, 'darkroom.sqlite');
  const db = connectSqlite(file, { patienceMs: 1_000 });
  const migrator = new Migrator({ db: db as Kysely<unknown>, provider: { getMigrations: async () => EARLIER } });
  expect((await migrator.migrateTo('0007-budgets')).error).toBeUndefined();
  // The next one rebuilds tables that refer to each other.
  await sql`pragma foreign_keys = off`.execute(db);
  expect((await migrator.migrateToLatest()).error).toBeUndefined();
  await db.destroy();
  onFile((database) => database.exec(rowsOf('anna') + rowsOf('bert')));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** A call that refers to all that it can, and rows that refer to it. */
function rowsOf(principal: string): string {
  const [p, conversation, first, call, image] = ['', 'c-', 'k1-', 'k2-', 'i-'].map((kind) => `'${kind}${principal}'`);
  return `
    insert into conversations (id, principal, title, last_position, created_at, updated_at)
      values (${conversation}, ${p}, 'a kite', 2, ${AT}, ${AT});
    insert into calls (id, principal, conversation_id, kind, status, prompt, requested, created_at)
      values (${first}, ${p}, ${conversation}, 'GENERATE', 'FAILED', 'x', '{}', ${AT});
    insert into images (id, principal, conversation_id, call_id, image_index, origin, sha256, byte_size, width, height,
      format, created_at) values (${image}, ${p}, ${conversation}, ${first}, 0, 'UPLOADED', 'abc', 1, 1, 1, 'PNG', ${AT});
    insert into calls (id, principal, conversation_id, kind, status, prompt, requested, created_at, retry_of,
      mask_image_id, context_image_id, verbatim, count, attempts, claimed_by)
      values (${call}, ${p}, ${conversation}, 'REFINE', 'QUEUED', 'a "kite" (red)', '{}', ${AT}, ${first}, ${image},
        ${image}, 1, 3, 2, 'server');
    insert into call_sources values (${call}, 0, ${image}, ${p});
    insert into attempts (call_id, attempt, principal, started_at) values (${call}, 1, ${p}, ${AT});`;
}

function onFile<T>(use: (database: SQLite.Database) => T): T {
  const database = new SQLite(file);
  try {
    database.pragma('foreign_keys = on');
    addSearchFunctions(database);
    return use(database);
  } finally {
    database.close();
  }
}

function rows(table: string): readonly unknown[] {
  return onFile((database) => database.prepare(`select * from "${table}" order by rowid`).all());
}

function indexes(): readonly unknown[] {
  // But the ones that migration 0017 drops.
  const query = `
    select name, lower(sql) from sqlite_master
    where type = 'index' and sql is not null and name not in ('images_by_conversation', 'images_by_content')
    order by name`;
  return onFile((database) => database.prepare(query).all());
}

async function migrate(): Promise<void> {
  await (await openSqlite(file, { patienceMs: 1_000 })).destroy();
}

describe('a database of the version before markups', () => {
  it('keeps its rows in their order, its indexes and its references', async () => {
    const before = { calls: rows('calls'), images: rows('images'), sources: rows('call_sources'), indexes: indexes() };
    await migrate();
    // Later migrations have added more columns.
    expect(rows('calls')).toMatchObject(before.calls.map((row) => ({ ...(row as object), markup_image_id: null })));
    // What was uploaded before was for anything, as SOURCE is.
    expect(rows('images')).toMatchObject(before.images.map((row) => ({ ...(row as object), purpose: 'SOURCE' })));
    expect(rows('call_sources')).toMatchObject(before.sources);
    expect(indexes()).toEqual(expect.arrayContaining([...before.indexes]));
    expect(onFile((database) => database.pragma('foreign_key_check'))).toEqual([]);
  });

  it('promise 10: takes a markup of the same principal alone, and keeps its other foreign keys', async () => {
    await migrate();
    onFile((database) => {
      database.exec("update calls set markup_image_id = 'i-anna' where id = 'k2-anna'");
      for (const change of [
        "markup_image_id = 'i-bert'",
        "markup_image_id = 'nothing'",
        "mask_image_id = 'i-bert'",
        "context_image_id = 'i-bert'",
        "conversation_id = 'c-bert'",
        "retry_of = 'k1-bert'",
      ]) {
        const statement = `update calls set ${change} where id = 'k2-anna'`;
        expect(() => database.exec(statement), statement).toThrow(/FOREIGN KEY/u);
      }
      const orphan = "update attempts set call_id = 'k1-bert' where principal = 'anna'";
      expect(() => database.exec(orphan)).toThrow(/FOREIGN KEY/u);
      expect(() => database.exec("delete from calls where id = 'k2-anna'")).toThrow(/FOREIGN KEY/u);
    });
  });
});
