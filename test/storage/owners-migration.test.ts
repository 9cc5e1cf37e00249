/** Migration 0008: foreign keys that carry the owner. Databases of earlier versions keep every row. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectSqlite } from '../../src/db/drivers/sqlite/connect.ts';
import * as initial from '../../src/db/drivers/sqlite/migrations/0001-initial.ts';
import * as durability from '../../src/db/drivers/sqlite/migrations/0002-durability.ts';
import * as severalPictures from '../../src/db/drivers/sqlite/migrations/0003-several-pictures.ts';
import * as costLines from '../../src/db/drivers/sqlite/migrations/0004-cost-lines.ts';
import * as lookups from '../../src/db/drivers/sqlite/migrations/0005-lookups.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { addSearchFunctions } from '../../src/db/drivers/sqlite/search-functions.ts';
import { newDataDir } from '../support/server.ts';

const EARLIER = {
  '0001-initial': initial,
  '0002-durability': durability,
  '0003-several-pictures': severalPictures,
  '0004-cost-lines': costLines,
  '0005-lookups': lookups,
};

let dataDir: string;
let file: string;
beforeEach(async () => {
  dataDir = await newDataDir();
  file = join(dataDir, 'darkroom.sqlite');
  const db = connectSqlite(file, { patienceMs: 1_000 });
  const migrator = new Migrator({ db: db as Kysely<unknown>, provider: { getMigrations: async () => EARLIER } });
  expect((await migrator.migrateToLatest()).error).toBeUndefined();
  await db.destroy();
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** Rows of a principal in every table, each referring to all that it can. */
function rowsOf(principal: string, name: string): string {
  const [at, sha] = ["'2026-11-28T12:00:00.000Z'", "'abc'"];
  const [p, conversation, first, call, image] = [principal, `c-${name}`, `k1-${name}`, `k2-${name}`, `i-${name}`].map(
    (value) => `'${value}'`,
  );
  const event = (sequence: number) =>
    `insert into events (call_id, sequence, conversation_id, position, principal, type, at, payload)
     values (${call}, ${sequence}, ${conversation}, ${sequence}, ${p}, 'GenerationQueued', ${at}, '{}');`;
  return `
    insert into conversations (id, principal, title, last_position, created_at, updated_at)
      values (${conversation}, ${p}, 'a kite', 2, ${at}, ${at});
    insert into calls (id, principal, conversation_id, kind, status, prompt, requested, created_at)
      values (${first}, ${p}, ${conversation}, 'GENERATE', 'FAILED', 'x', '{}', ${at});
    insert into images (id, principal, conversation_id, call_id, image_index, origin, sha256, byte_size, width, height,
      format, created_at) values (${image}, ${p}, ${conversation}, ${first}, 0, 'GENERATED', ${sha}, 1, 1, 1, 'PNG', ${at});
    insert into calls (id, principal, conversation_id, kind, status, prompt, requested, created_at, retry_of,
      mask_image_id, context_image_id, verbatim)
      values (${call}, ${p}, ${conversation}, 'REFINE', 'QUEUED', 'x', '{}', ${at}, ${first}, ${image}, ${image}, 1);
    insert into call_sources values (${call}, 0, ${image}, ${p});
    insert into attempts (call_id, attempt, principal, started_at) values (${call}, 1, ${p}, ${at});
    insert into partial_images (id, principal, call_id, image_index, partial_index, sha256, byte_size, width, height,
      format, created_at) values ('p-${name}', ${p}, ${call}, 0, 0, ${sha}, 1, 1, 1, 'PNG', ${at});
    ${event(2)} ${event(1)}
    insert into idempotency_keys values (${p}, 'key', 'hash', ${call}, ${at});
    insert into cost_lines values (${call}, 1, 0, 0, ${p}, ${conversation}, 'REPORTED', 1, 'IMAGE_OUTPUT', 'm', 5, '1', 5);
    insert into upstream_files values ('u-${name}', ${sha}, 'file-${name}', null, ${at});`;
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

/** Every row of every table but those of the migrations, in the order in which they were stored. */
function everything(): Readonly<Record<string, readonly unknown[]>> {
  return onFile((database) => {
    const tables = database
      .prepare<[], string>(
        "select name from sqlite_master where type = 'table' and name not like 'kysely%' and name not like 'search%'",
      )
      .pluck()
      .all();
    return Object.fromEntries(
      tables.sort().map((table) => [table, database.prepare(`select * from "${table}" order by rowid`).all()]),
    );
  });
}

function definitions(type: 'index' | 'trigger'): Readonly<Record<string, string>> {
  return onFile((database) => {
    const sql = 'select name, sql from sqlite_master where type = ? and sql is not null order by name';
    const rows = database.prepare<[string], { name: string; sql: string }>(sql).all(type);
    return Object.fromEntries(rows.map((row) => [row.name, row.sql]));
  });
}

/** A row of a request or of its cost, with the names of columns that migration 0016 gives. */
function renamed(row: unknown): object {
  const { lane: task, pictures: image_count, ...others } = row as Readonly<Record<string, unknown>>;
  return { ...others, task, ...(image_count === undefined ? {} : { image_count }) };
}

async function migrate(): Promise<void> {
  await (await openSqlite(file, { patienceMs: 1_000 })).destroy();
}

describe('a database of an earlier version', () => {
  it('keeps all rows in their order, its indexes and its triggers', async () => {
    onFile((database) => {
      database.exec(rowsOf('local', 'one'));
      database.exec("create trigger planted after delete on images begin select raise(fail, 'no'); end");
    });
    const [before, indexes] = [everything(), definitions('index')];
    await migrate();
    const after = everything();
    const { upstream_files: files, attempts = [], cost_lines: costLines = [], ...rest } = before;
    expect(after).toMatchObject({ ...rest, attempts: attempts.map(renamed), cost_lines: costLines.map(renamed) });
    expect(after['upstream_files']).toEqual(files?.map((row) => ({ principal: 'local', ...(row as object) })));
    const kept = definitions('index');
    // Migration 0017 drops one.
    const { images_by_conversation: _, ...others } = indexes;
    for (const [name, sql] of Object.entries(others)) {
      const isParent = /^(conversations|calls|images)_by_principal$/u.test(name);
      const expected = isParent ? sql.replace(/^create index/iu, 'create unique index') : sql;
      expect(kept[name]?.toLowerCase()).toBe(expected.toLowerCase());
    }
    expect(definitions('trigger')).toHaveProperty('planted');
    expect(onFile((database) => database.pragma('foreign_key_check'))).toEqual([]);
  });

  it('promise 10: refuses rows of mixed owners from then on, and lets foreign keys work for the server too', async () => {
    onFile((database) => database.exec(rowsOf('anna', 'one') + rowsOf('bert', 'two')));
    await migrate();
    const mixed = [
      "update calls set conversation_id = 'c-two' where id = 'k1-one'",
      "update calls set mask_image_id = 'i-two' where id = 'k2-one'",
      "update calls set context_image_id = 'i-two' where id = 'k2-one'",
      "update calls set retry_of = 'k1-two' where id = 'k2-one'",
      "update images set conversation_id = 'c-two' where id = 'i-one'",
      "update images set call_id = 'k2-two' where id = 'i-one'",
      "update call_sources set image_id = 'i-two' where call_id = 'k2-one'",
      "update call_sources set call_id = 'k1-two' where call_id = 'k2-one'",
      "update attempts set call_id = 'k1-two' where call_id = 'k2-one'",
      "update partial_images set call_id = 'k1-two' where call_id = 'k2-one'",
      "update events set call_id = 'k1-two' where call_id = 'k2-one'",
      "update cost_lines set call_id = 'k1-two' where call_id = 'k2-one'",
      "update idempotency_keys set call_id = 'k1-two' where principal = 'anna'",
      "update images set principal = 'bert' where id = 'i-one'",
    ];
    onFile((database) => {
      for (const sql of mixed) expect(() => database.exec(sql), sql).toThrow(/FOREIGN KEY/u);
    });
    const db = await openSqlite(file, { patienceMs: 1_000 });
    const change = db.updateTable('calls').set({ conversation_id: 'c-two' }).where('id', '=', 'k1-one').execute();
    await expect(change).rejects.toThrow(/FOREIGN KEY/u);
    await db.destroy();
  });

  it('drops the files at the upstream when they could be anybody’s', async () => {
    onFile((database) => database.exec(rowsOf('anna', 'one') + rowsOf('bert', 'two')));
    await migrate();
    expect(everything()['upstream_files']).toEqual([]);
  });

  it('with rows of mixed owners names them, changes nothing, and does not open', async () => {
    onFile((database) => {
      database.exec(rowsOf('anna', 'one') + rowsOf('bert', 'two'));
      database.exec("update call_sources set image_id = 'i-two' where call_id = 'k2-one'");
      database.exec("update images set conversation_id = 'c-one' where id = 'i-two'");
    });
    const before = everything();
    const refused = /cannot migrate the database .*: 2 rows refer to rows of another principal: .*Nothing was changed/u;
    await expect(migrate()).rejects.toThrow(refused);
    await expect(migrate()).rejects.toThrow(
      'call_sources k2-one/0 of "anna" refers by image_id to images i-two of "bert"',
    );
    await expect(migrate()).rejects.toThrow('images i-two of "bert" refers by conversation_id to conversations c-one');
    expect(everything()).toEqual(before);
    // Once the operator has decided whose they are, it opens.
    onFile((database) => {
      database.exec("update call_sources set image_id = 'i-one' where call_id = 'k2-one'");
      database.exec("update images set conversation_id = 'c-two' where id = 'i-two'");
    });
    await migrate();
  });

  it('stays as it was when a table has a clause that would be lost', async () => {
    onFile((database) =>
      database.exec('create table notes (principal text, call_id text references calls (id), n check (n > 0))'),
    );
    const before = everything();
    await expect(migrate()).rejects.toThrow('the table notes has a clause that would be lost: check');
    expect(everything()).toEqual(before);
  });
});
