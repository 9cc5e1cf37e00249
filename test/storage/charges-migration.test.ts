/** Migration 0018: what was charged. Sums that exist get what their calls cost for certain, also those that are gone. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, expect, it } from 'vitest';
import { connectSqlite } from '../../src/db/drivers/sqlite/connect.ts';
import { isBehind, migrateToLatest } from '../../src/db/drivers/sqlite/migrate.ts';
import { chargedDays } from '../../src/db/queries/charged-days.ts';
import { newDataDir } from '../support/server.ts';

let dataDir: string;
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const AT = '2026-11-28T12:00:00.000Z';
const ROWS = `
  insert into conversations (id, principal, title, last_position, created_at, updated_at)
    values ('c', 'anna', 'a kite', 0, '${AT}', '${AT}');
  insert into calls (id, principal, conversation_id, kind, status, prompt, requested, created_at)
    select 'k' || value, 'anna', 'c', 'GENERATE', 'COMPLETED', 'x', '{}', '${AT}' from json_each('[1, 2, 3]');
  insert into reservations (call_id, principal, credential, at, reserved, cost, is_open) values
    ('k1', 'anna', 'key:abc', '2026-11-27T12:00:00.000Z', 90, 50, 0),
    ('k2', 'anna', null, '2026-11-28T12:00:00.000Z', 90, 90, 0),
    ('k3', 'anna', null, '2026-11-28T12:00:00.000Z', 90, 0, 1);
  insert into cost_lines (call_id, attempt, task, line, principal, conversation_id, basis, is_counted, kind, tokens, amount)
    values ('k1', 1, 0, 0, 'anna', 'c', 'REPORTED', 1, 'IMAGE_OUTPUT', 1, 20),
      ('k1', 2, 0, 0, 'anna', 'c', 'ESTIMATED', 1, 'IMAGE_OUTPUT', 1, 30),
      ('k2', 1, 0, 0, 'anna', 'c', 'REPORTED', 1, 'IMAGE_OUTPUT', 1, 7),
      ('k2', 1, 0, 1, 'anna', 'c', 'REPORTED', 1, 'IMAGE_OUTPUT', 1, null);
  insert into spending (subject, period, spent, reserved) values
    ('principal:anna', '2026-11-26', 1000, 0), ('principal:anna', '2026-11-27', 50, 0),
    ('principal:anna', '2026-11-28', 590, 90), ('principal:anna', '2026-11', 1640, 90),
    ('key:abc', '2026-11-27', 50, 0), ('key:abc', '2026-11', 50, 0)`;

it('what was charged is added to every sum, and what is only reserved is not', async () => {
  dataDir = await newDataDir();
  const db = connectSqlite(join(dataDir, 'darkroom.sqlite'), { patienceMs: 1_000 });
  try {
    if (await isBehind(db)) await migrateToLatest(db, '0017-indexes');
    for (const statement of ROWS.split(';')) await sql.raw(statement).execute(db);
    await migrateToLatest(db);
    const nothing = { estimatedCalls: 0, incompleteCalls: 0 };
    expect(await chargedDays(db, 'anna', { from: '2026-11-01', to: '2026-11-30' })).toEqual([
      // Of a call that was deleted for good: its costs are known, and the number of such calls is not.
      { date: '2026-11-26', charged: 1000n, chargedCalls: 0, ...nothing },
      { date: '2026-11-27', charged: 50n, chargedCalls: 1, estimatedCalls: 1, incompleteCalls: 0 },
      { date: '2026-11-28', charged: 507n, chargedCalls: 1, estimatedCalls: 0, incompleteCalls: 1 },
    ]);
    const sums = await sql`select subject, charged, charged_calls from spending
      where period = '2026-11' order by subject`.execute(db);
    expect(sums.rows).toEqual([
      { subject: 'key:abc', charged: 50, charged_calls: 1 },
      { subject: 'principal:anna', charged: 1557, charged_calls: 2 },
    ]);
  } finally {
    await db.destroy();
  }
});
