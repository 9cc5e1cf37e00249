/** `keys -- adopt`: what was stored without authentication becomes a principal's, all of it or nothing. */
import { rm } from 'node:fs/promises';
import type SQLite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OWNED_TABLES } from '../../src/db/drivers/sqlite/change-owner.ts';
import { generateToEnd, openDatabase, picture } from '../api/steps.ts';
import { startServerHere } from '../support/app.ts';
import { runCommandHere } from '../support/command.ts';
import { newDataDir, runMain, startServer } from '../support/server.ts';
import { upload } from '../support/upload.ts';

const PROMPT = 'a heron';

let dataDir: string;
beforeEach(async () => {
  dataDir = await newDataDir();
  await using server = await startServerHere({ dataDir });
  await generateToEnd(server.url, { prompt: PROMPT, idempotencyKey: 'key', options: { partialImages: 1 } });
  await upload(server.url, await picture('#336699'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

function adopt(principal: string) {
  return runCommandHere(['keys', 'adopt', '--principal', principal], { DATA_DIR: dataDir });
}

/** The owners of each table, with how many rows each has. */
function owners(): Readonly<Record<string, Readonly<Record<string, number>>>> {
  using database = openDatabase(dataDir);
  return Object.fromEntries(
    Object.entries(columns(database)).flatMap(([table, column]) => {
      const sql = `select ${column} as owner, count(*) as count from ${table} group by 1`;
      const rows = database.prepare<[], { owner: string; count: number }>(sql).all();
      return rows.length === 0 ? [] : [[table, Object.fromEntries(rows.map(({ owner, count }) => [owner, count]))]];
    }),
  );
}

/** The column that names the owner, of each table that has one. */
function columns(database: SQLite.Database): Readonly<Record<string, string>> {
  const sql = `select tables.name as "table", columns.name as column from sqlite_master as tables
    join pragma_table_info(tables.name) as columns
    where tables.type = 'table' and columns.name in ('principal', 'subject')`;
  const rows = database.prepare<[], { table: string; column: string }>(sql).all();
  return Object.fromEntries(rows.map(({ table, column }) => [table, column]));
}

describe('adopt', () => {
  it('knows every table that has owners', () => {
    using database = openDatabase(dataDir);
    expect(Object.values(OWNED_TABLES).flat().sort()).toEqual(Object.keys(columns(database)).sort());
  });

  it('gives everything of `local` to a principal, once, and says what it gave', async () => {
    const before = owners();
    expect(before['calls']).toEqual({ local: 1 });
    // As an operator does it, in a process of its own.
    const first = await runMain(['keys', 'adopt', '--principal', 'anna'], { DATA_DIR: dataDir });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('1 conversations, 1 calls and 2 images of local now belong to anna.');
    const renamed = JSON.stringify(before)
      .replaceAll('"principal:local"', '"principal:anna"')
      .replaceAll('"local"', '"anna"');
    expect(owners()).toEqual(JSON.parse(renamed));
    expect(await adopt('anna')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing belongs to local') });
    expect(owners()).toEqual(JSON.parse(renamed));
  });

  it('adds to what the principal has: its own keys and budgets are kept, sums are added up', async () => {
    await adopt('anna');
    {
      await using server = await startServerHere({ dataDir });
      await generateToEnd(server.url, { prompt: PROMPT, idempotencyKey: 'key', options: { partialImages: 1 } });
    }
    const annas = keyOf('anna');
    const spent = spending();
    expect(await adopt('anna')).toMatchObject({ code: 0 });
    expect(owners()).toMatchObject({ calls: { anna: 2 }, conversations: { anna: 2 }, idempotency_keys: { anna: 1 } });
    expect(keyOf('anna')).toEqual(annas);
    const sum = (all: typeof spent) => all.reduce((total, { spent: each, charged }) => total + each + charged, 0);
    expect(spending().every(({ subject }) => subject === 'principal:anna')).toBe(true);
    expect(sum(spending())).toBe(sum(spent));
    using database = openDatabase(dataDir);
    expect(database.pragma('foreign_key_check')).toEqual([]);
    // The cursor of each call is still that of its newest event, in the log where it is now.
    const newest = 'select max(id) from events where events.principal = calls.principal and call_id = calls.id';
    const places = `select last_event_id as stored, (${newest}) as newest from calls`;
    const found = database.prepare<[], { stored: number; newest: number }>(places).all();
    expect(found.map(({ stored }) => stored)).toEqual(found.map((row) => row.newest));
    expect(new Set(found.map(({ stored }) => stored)).size).toBe(2);
  });

  it('refuses while a server is running, and changes nothing', async () => {
    await using server = await startServer({ dataDir });
    const refused = await adopt('anna');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('another server');
    await server.stop();
    expect(owners()['calls']).toEqual({ local: 1 });
  });

  it.each([
    ['no principal', ['keys', 'adopt'], 'adopt requires the new owner'],
    ['an empty principal', ['keys', 'adopt', '--principal', ''], '--principal must have 1 to 255 characters'],
    ['`local` itself', ['keys', 'adopt', '--principal', 'local'], '--principal must be another principal than local'],
  ])('refuses %s', async (_, args, message) => {
    const refused = await runCommandHere(args, { DATA_DIR: dataDir });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(message);
  });
});

function keyOf(principal: string): unknown {
  using database = openDatabase(dataDir);
  return database.prepare('select * from idempotency_keys where principal = ?').get(principal);
}

function spending(): readonly { readonly subject: string; readonly spent: number; readonly charged: number }[] {
  using database = openDatabase(dataDir);
  const query = 'select subject, spent, charged from spending';
  return database.prepare<[], { subject: string; spent: number; charged: number }>(query).all();
}
