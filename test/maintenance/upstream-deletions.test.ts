/** What is to be deleted at the upstream is sent once; what fails waits for the next run, and not for ever. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { insertUpstreamDeletions } from '../../src/db/queries/engine/upstream-deletions.ts';
import type { UpstreamDeletionOutcome } from '../../src/domain/upstream-deletion.ts';
import { deleteAtUpstream } from '../../src/maintenance/upstream-deletions.ts';
import { PRINCIPAL } from '../contract/database-rows.ts';
import { newDataDir } from '../support/server.ts';

const NOW_MS = Date.UTC(2026, 10, 28, 12);
const DAY_MS = 86_400_000;

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

async function queue(upstreamIds: readonly string[], { upstream = 'here', daysAgo = 0 } = {}): Promise<void> {
  const deletions = upstreamIds.map(
    (upstreamId) => ({ principal: PRINCIPAL, upstream, kind: 'FILE', upstreamId }) as const,
  );
  await insertUpstreamDeletions(db, deletions, new Date(NOW_MS - daysAgo * DAY_MS).toISOString());
}

/** @returns the ids that the upstream was asked to delete */
async function run(outcomeOf: (upstreamId: string) => UpstreamDeletionOutcome): Promise<readonly string[]> {
  const asked: string[] = [];
  await deleteAtUpstream({
    db,
    upstream: 'here',
    async deleteAtUpstream({ upstreamId }) {
      asked.push(upstreamId);
      return outcomeOf(upstreamId);
    },
    nowMs: () => NOW_MS,
    signal: new AbortController().signal,
    logger: pino({ level: 'silent' }),
  });
  return asked;
}

async function waiting(): Promise<readonly string[]> {
  const rows = await db.selectFrom('upstream_deletions').select('upstream_id').orderBy('upstream_id').execute();
  return rows.map((row) => row.upstream_id);
}

it('sends everything of this upstream once, and keeps only what failed', async () => {
  const ids = Array.from({ length: 250 }, (_, index) => `file-${String(index).padStart(3, '0')}`);
  await queue(ids);
  await queue(['elsewhere'], { upstream: 'there' });
  const outcomes: Readonly<Record<string, UpstreamDeletionOutcome>> = { 'file-007': 'REFUSED', 'file-100': 'FAILED' };
  expect(await run((id) => outcomes[id] ?? 'DELETED')).toEqual(ids);
  expect(await waiting()).toEqual(['elsewhere', 'file-100']);
  expect(await run(() => 'DELETED')).toEqual(['file-100']);
  expect(await waiting()).toEqual(['elsewhere']);
});

it('asks an upstream that is down three times in a row, and goes on with the next run', async () => {
  await queue(['a', 'b', 'c', 'd', 'e']);
  expect(await run((id) => (id === 'b' ? 'DELETED' : 'FAILED'))).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(await run(() => 'FAILED')).toEqual(['a', 'c', 'd']);
  expect(await waiting()).toEqual(['a', 'c', 'd', 'e']);
});

it('gives up what has waited for more than 30 days', async () => {
  await queue(['old'], { daysAgo: 30.1 });
  await queue(['young'], { daysAgo: 29.9 });
  expect(await run(() => 'FAILED')).toEqual(['young']);
  expect(await waiting()).toEqual(['young']);
});
