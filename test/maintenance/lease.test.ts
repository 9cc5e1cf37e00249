/** Only one server at a time works on a database, whatever the clocks say. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { acquireLease, DataInUseError } from '../../src/maintenance/lease.ts';
import { newDataDir } from '../support/server.ts';

const NOON_MS = Date.UTC(2026, 10, 25, 12);
const LEASE_MS = 10_000;
const MINUTE_MS = 60_000;

let dataDir: string;
let db: Database;

beforeEach(async () => {
  dataDir = await newDataDir();
  db = await openSqlite(join(dataDir, 'darkroom.sqlite'), { patienceMs: 1_000 });
});
afterEach(async () => {
  await db.destroy();
  await rm(dataDir, { recursive: true, force: true });
});

function open(pid: number, clockMs: number) {
  return acquireLease({
    db,
    // Sorted by this clock, like the ids of a server.
    newId: () => `${clockMs.toString(16).padStart(12, '0')}${uuidv7().slice(12)}`,
    nowMs: () => clockMs,
    leaseMs: LEASE_MS,
    hostname: 'here',
    pid,
    isAlive: () => true,
    logger: pino({ level: 'silent' }),
  });
}

it.each([
  ['by the same clock', 0],
  ['when the clock was set back', -MINUTE_MS],
  ['when the clock is a little ahead', LEASE_MS - 1],
])('promise 7: a second server is refused %s', async (_, aheadMs) => {
  const first = await open(1, NOON_MS);
  await expect(open(2, NOON_MS + aheadMs)).rejects.toThrow(DataInUseError);
  await first.release();
  await (await open(2, NOON_MS + aheadMs)).release();
});

it('promise 7: of several that start together, one begins', async () => {
  const started = await Promise.allSettled([1, 2, 3, 4].map((pid) => open(pid, NOON_MS - pid)));
  const begun = started.filter(({ status }) => status === 'fulfilled');
  expect(begun).toHaveLength(1);
  for (const one of begun) if (one.status === 'fulfilled') await one.value.release();
});

it('promise 7: takes the place of one that has given no sign of life for a lease', async () => {
  const first = await open(1, NOON_MS);
  const second = await open(2, NOON_MS + LEASE_MS + 1);
  await first.release();
  await second.release();
});
