/**
 * What is looked up does not cost more the more a principal has. SQLite tells what it would read; a scan of everything that
 * one principal has shows in an index by the principal alone.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { callsAwaitingSince, pageOfApprovalRequests } from '../../src/db/queries/approvals.ts';
import { countOpenCalls, findOpenRetry, findRetriesOfCalls, pageOfCalls } from '../../src/db/queries/calls.ts';
import { chargedDays } from '../../src/db/queries/charged-days.ts';
import { pageOfConversationItems } from '../../src/db/queries/conversation-items.ts';
import { findConversations, insertConversation } from '../../src/db/queries/conversations.ts';
import { costOfCalls, costOfConversations } from '../../src/db/queries/cost-lines.ts';
import { findBudgets } from '../../src/db/queries/engine/budgets.ts';
import { findSpending } from '../../src/db/queries/engine/spending.ts';
import {
  eventIdAt,
  eventIdOf,
  eventsOfCall,
  eventsOfConversation,
  eventsOfPrincipal,
  positionAt,
  sequenceAt,
} from '../../src/db/queries/events.ts';
import { findSourcesOfCalls } from '../../src/db/queries/images/call-sources.ts';
import { findPicture } from '../../src/db/queries/images/image-files.ts';
import { findTagsOfImages } from '../../src/db/queries/images/image-tags.ts';
import {
  findImagesOfCalls,
  findShownImagesOfCalls,
  newestImage,
  pageOfImages,
} from '../../src/db/queries/images/images.ts';
import {
  countAncestors,
  findDeletedSourcesOfCalls,
  findLineages,
  pageOfAncestors,
} from '../../src/db/queries/images/lineage.ts';
import { findPartialImagesOfCalls } from '../../src/db/queries/images/partial-images.ts';
import { pageOfRefinements } from '../../src/db/queries/images/refinements.ts';
import { tagsInUse, tagsWithin } from '../../src/db/queries/images/tags-in-use.ts';
import { findUploadKey } from '../../src/db/queries/images/upload-keys.ts';
import { countUploadsOfConversations, pageOfUploads } from '../../src/db/queries/images/uploads.ts';
import { newestDeletion } from '../../src/db/queries/trash.ts';
import { newDataDir } from '../support/server.ts';

const PRINCIPAL = 'somebody';
const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];
const WINDOW = { limit: 21, inverted: false, direction: 'DESC' } as const;
const BEHIND = { ...WINDOW, after: 'k' };

let dataDir: string;
let db: Database;
let plans: SQLite.Database;
let asked: string[] = [];

beforeAll(async () => {
  dataDir = await newDataDir();
  const file = join(dataDir, 'darkroom.sqlite');
  db = await openSqlite(file, { patienceMs: 1_000 });
  plans = new SQLite(file, { readonly: true });
  const executor = db.getExecutor();
  const executeQuery = executor.executeQuery.bind(executor);
  executor.executeQuery = (query) => {
    asked.push(query.sql);
    return executeQuery(query);
  };
});
afterAll(async () => {
  plans.close();
  await db.destroy();
  await rm(dataDir, { recursive: true, force: true });
});

const LOOKUPS: Readonly<Record<string, () => Promise<unknown>>> = {
  'a picture by its id': () => findPicture(db, PRINCIPAL, 'a'),
  'the images of calls': () => findImagesOfCalls(db, PRINCIPAL, IDS),
  'the shown images of calls': () => findShownImagesOfCalls(db, PRINCIPAL, IDS),
  'the newest image of a conversation': () => newestImage(db, PRINCIPAL, 'a'),
  'the tags of images': () => findTagsOfImages(db, PRINCIPAL, IDS),
  'the newest deletion in a conversation': () => newestDeletion(db, PRINCIPAL, 'a'),
  'the sources of calls': () => findSourcesOfCalls(db, PRINCIPAL, IDS),
  'the deleted sources of calls': () => findDeletedSourcesOfCalls(db, PRINCIPAL, IDS),
  'the lineages of images': () => findLineages(db, PRINCIPAL, IDS),
  'the numbers of ancestors': () => countAncestors(db, PRINCIPAL, IDS),
  'the ancestors of an image': () => pageOfAncestors(db, PRINCIPAL, 'a', BEHIND),
  'the upload of a key': () => findUploadKey(db, PRINCIPAL, 'a'),
  'the partial images of calls': () => findPartialImagesOfCalls(db, PRINCIPAL, IDS),
  'the open retry of a call': () => findOpenRetry(db, PRINCIPAL, 'a'),
  'the retries of calls': () => findRetriesOfCalls(db, PRINCIPAL, IDS),
  'the cost of calls': () => costOfCalls(db, PRINCIPAL, IDS),
  'the cost of conversations': () => costOfConversations(db, PRINCIPAL, IDS),
  'the images of a conversation': () => pageOfImages(db, PRINCIPAL, { conversationId: 'a' }, BEHIND),
  'the refinements of an image': () => pageOfRefinements(db, PRINCIPAL, 'a', BEHIND),
  'the uploads of a conversation': () => pageOfUploads(db, PRINCIPAL, 'a', BEHIND),
  'the number of uploads of conversations': () => countUploadsOfConversations(db, PRINCIPAL, IDS),
  'the items of a conversation': () => pageOfConversationItems(db, PRINCIPAL, 'a', BEHIND),
  'the events of everything': () => eventsOfPrincipal(db, PRINCIPAL, 10, 10),
  'the events of a conversation': () => eventsOfConversation(db, PRINCIPAL, 'a', 10, 10),
  'the events of a call': () => eventsOfCall(db, PRINCIPAL, 'a', 10, 10),
  'the place of a position': () => eventIdAt(db, PRINCIPAL, 'a', 10),
  'the place of a sequence': () => eventIdOf(db, PRINCIPAL, 'a', 10),
  'the position at a place': () => positionAt(db, PRINCIPAL, 'a', 10),
  'the sequence at a place': () => sequenceAt(db, PRINCIPAL, 'a', { id: 10 }),
  'the sequence at a position': () => sequenceAt(db, PRINCIPAL, 'a', { position: 10 }),
  'the calls of a conversation': () => pageOfCalls(db, PRINCIPAL, { conversationId: 'a' }, BEHIND),
  'the open calls': () => countOpenCalls(db, PRINCIPAL),
  'the budgets of a principal': () => findBudgets(db, ['principal:a', 'key:a']),
  'the spending of a principal': () => findSpending(db, ['principal:a', 'key:a'], ['2026-11-28', '2026-11']),
  'the tags in use': () => tagsInUse(db, PRINCIPAL, { prefix: 'a', order: 'USE', limit: 10 }),
  'the tags of a conversation': () =>
    tagsWithin(db, PRINCIPAL, { conversationId: 'a' }, { prefix: '', order: 'NAME', limit: 10 }),
  'what a principal was charged day by day': () => chargedDays(db, PRINCIPAL, { from: '2026-11-01', to: '2026-11-28' }),
  'the calls that wait for approval': () => pageOfApprovalRequests(db, BEHIND),
  'the calls that have waited too long': () => callsAwaitingSince(db, 'a', 10),
  'the calls under way': () => pageOfCalls(db, PRINCIPAL, { statuses: ['QUEUED', 'IN_PROGRESS'] }, BEHIND),
  'the failed calls of a conversation': () =>
    pageOfCalls(db, PRINCIPAL, { conversationId: 'a', statuses: ['FAILED', 'CANCELLED'] }, BEHIND),
};

/** What SQLite would do for each query that is asked meanwhile. */
async function stepsOf(ask: () => Promise<unknown>): Promise<readonly string[]> {
  asked = [];
  await ask();
  expect(asked).not.toEqual([]);
  return asked.flatMap((sql) => {
    const values = Array.from(sql.matchAll(/\?/gu), () => 'a');
    const steps = plans.prepare<unknown[], { readonly detail: string }>(`explain query plan ${sql}`).all(...values);
    return steps.map(({ detail }) => detail);
  });
}

it.each(Object.entries(LOOKUPS))('%s are found by what they belong to', async (_, look) => {
  for (const step of await stepsOf(look)) {
    expect(step).not.toMatch(
      /\(principal=\?\)$|^SCAN (?:images|calls|events|cost_lines|call_sources|partial_images|reservations|spending|budgets)/u,
    );
  }
});

it.each(Object.entries(LOOKUPS))('%s are not planned anew for each value that is looked for', async (_, look) => {
  asked = [];
  await look();
  for (const sql of asked) expect(sql).not.toMatch(/[(=<>,] *\?/u);
});

it('lists of ids of many lengths find what they name, and a very long one does not hold up the server', async () => {
  const at = new Date(0).toISOString();
  const mine = { id: 'mine', principal: PRINCIPAL, title: '', createdAt: at, updatedAt: at, deletedAt: null };
  await insertConversation(db, mine);
  const ids = Array.from({ length: 100 }, (_, index) => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`);
  for (let count = 0; count <= ids.length; count += 1) {
    const found = await findConversations(db, PRINCIPAL, ['mine', ...ids.slice(0, count)]);
    expect(found.map(({ id }) => id)).toEqual(['mine']);
  }
  expect(await findConversations(db, PRINCIPAL, [])).toEqual([]);
  const many = Array.from({ length: 20_000 }, (_, index) => String(index));
  const begun = performance.now();
  expect(await findConversations(db, PRINCIPAL, many)).toEqual([]);
  expect(performance.now() - begun).toBeLessThan(2_000);
});

it.each([WINDOW, BEHIND])('a page of everything is read in the order of its index', async (window) => {
  for (const list of [() => pageOfImages(db, PRINCIPAL, {}, window), () => pageOfCalls(db, PRINCIPAL, {}, window)]) {
    expect((await stepsOf(list)).join()).not.toContain('TEMP B-TREE');
  }
});
