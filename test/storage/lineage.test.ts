/** The line of ancestors of an image: in one statement, in pages, to its gaps and no further. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import type { Page } from '../../src/db/lists/page.ts';
import { insertCall } from '../../src/db/queries/calls.ts';
import { insertConversation } from '../../src/db/queries/conversations.ts';
import { insertCallSources, insertImpliedSource } from '../../src/db/queries/images/call-sources.ts';
import { insertImage } from '../../src/db/queries/images/images.ts';
import {
  countAncestors,
  findDeletedSourcesOfCalls,
  findLineages,
  pageOfAncestors,
} from '../../src/db/queries/images/lineage.ts';
import { callOf, conversationOf, imageOf, PRINCIPAL } from '../contract/database-rows.ts';
import { newDataDir } from '../support/server.ts';

const LENGTH = 60;
const NEAREST_FIRST = { inverted: false, direction: 'DESC' } as const;

let dataDir: string;
let db: Database;
/** From the oldest to the youngest; each was made from the one before, in another conversation every ten. */
const line: string[] = [];

const idOf = (kind: string, number: number) => `0198${kind}00-0000-7000-8000-${String(number).padStart(12, '0')}`;
const conversationAt = (number: number) => `conversation ${Math.floor(number / 10)}`;

async function make(number: number, source: string | null, options: { implied?: boolean; image?: string } = {}) {
  const { implied = false, image: id = idOf('aaaa', number) } = options;
  const callId = idOf('bbbb', number);
  const conversationId = conversationAt(number);
  await insertCall(db, callOf(callId, { conversationId }));
  if (source !== null && implied) await insertImpliedSource(db, PRINCIPAL, callId, source);
  else if (source !== null) await insertCallSources(db, PRINCIPAL, callId, [imageOf(source)]);
  await insertImage(db, imageOf(id, { callId, conversationId, origin: 'GENERATED' }));
  return id;
}

beforeAll(async () => {
  dataDir = await newDataDir();
  db = await openSqlite(join(dataDir, 'darkroom.sqlite'), { patienceMs: 1_000 });
  for (let number = 0; number < LENGTH; number += 10)
    await insertConversation(db, conversationOf(conversationAt(number)));
  for (let number = 0; number < LENGTH; number += 1) {
    line.push(await make(number, line.at(-1) ?? null, { implied: number % 2 === 1 }));
  }
});
afterAll(async () => {
  await db.destroy();
  await rm(dataDir, { recursive: true, force: true });
});

async function ancestors(id: string, page: Partial<Page>, within?: { readonly conversationId: string }) {
  const window = { ...NEAREST_FIRST, limit: 100, ...page };
  return (await pageOfAncestors(db, PRINCIPAL, id, window, within)).map((image) => image.id);
}

const youngest = () => line.at(-1) ?? '';
const nearestFirst = () => line.slice(0, -1).toReversed();

describe('the ancestors of an image', () => {
  it.each([1, 7, 59, 100])('come in pages of %i, forwards and backwards, each once', async (limit) => {
    const forwards: string[] = [];
    for (let after: string | undefined; ; after = forwards.at(-1)) {
      const page = await ancestors(youngest(), { limit, after });
      if (page.length === 0) break;
      forwards.push(...page);
    }
    expect(forwards).toEqual(nearestFirst());
    const backwards: string[] = [];
    for (let before: string | undefined; ; before = backwards.at(-1)) {
      const page = await ancestors(youngest(), { limit, before, inverted: true });
      if (page.length === 0) break;
      backwards.push(...page);
    }
    expect(backwards.toReversed()).toEqual(nearestFirst());
  });

  it('can be read between two cursors', async () => {
    const [, , after, third, fourth, before] = nearestFirst();
    const range = { ...(after === undefined ? {} : { after }), ...(before === undefined ? {} : { before }) };
    expect(await ancestors(youngest(), range)).toEqual([third, fourth]);
    expect(await ancestors(youngest(), { ...range, inverted: true })).toEqual([fourth, third]);
  });

  it('end at the border of a conversation for credentials that are limited to it', async () => {
    const within = { conversationId: conversationAt(LENGTH - 1) };
    expect(await ancestors(youngest(), {}, within)).toEqual(nearestFirst().slice(0, 9));
    expect(await countAncestors(db, PRINCIPAL, [youngest()], within)).toEqual(new Map([[youngest(), 9]]));
  });

  it('of another principal are not found', async () => {
    expect(await pageOfAncestors(db, 'somebody else', youngest(), { ...NEAREST_FIRST, limit: 9 })).toEqual([]);
    expect(await findLineages(db, 'somebody else', [youngest()])).toEqual([]);
  });
});

it('the lineages of many images are one statement, each from its oldest image to itself', async () => {
  const asked: string[] = [];
  const executor = db.getExecutor();
  const executeQuery = executor.executeQuery.bind(executor);
  executor.executeQuery = (query) => {
    asked.push(query.sql);
    return executeQuery(query);
  };
  const found = await findLineages(db, PRINCIPAL, line);
  expect(asked).toHaveLength(1);
  for (const [index, id] of line.entries())
    expect(found.filter(({ of }) => of === id).map(({ image }) => image.id)).toEqual(line.slice(0, index + 1));
});

it('the ancestors of many images are counted together', async () => {
  expect(await countAncestors(db, PRINCIPAL, line)).toEqual(new Map(line.map((id, index) => [id, index])));
  expect(await countAncestors(db, 'somebody else', line)).toEqual(new Map());
});

it('a line ends at a first source that was deleted for good, even when a second one is there', async () => {
  await insertConversation(db, conversationOf(conversationAt(100_000)));
  const [root, other] = [await make(100_000, null), await make(100_001, null)];
  const callId = idOf('bbbb', 100_002);
  await insertCall(db, callOf(callId, { conversationId: conversationAt(0) }));
  await insertCallSources(db, PRINCIPAL, callId, [imageOf(root), imageOf(other)]);
  const child = idOf('aaaa', 100_002);
  await insertImage(db, imageOf(child, { callId, conversationId: conversationAt(0), origin: 'GENERATED' }));
  expect(await ancestors(child, {})).toEqual([root]);
  await sql`
    update call_sources set image_id = null, deleted_image_id = ${root} where image_id = ${root}
  `.execute(db);
  expect(await ancestors(child, {})).toEqual([]);
  expect((await findLineages(db, PRINCIPAL, [child])).map(({ image }) => image.id)).toEqual([child]);
  expect(await findDeletedSourcesOfCalls(db, PRINCIPAL, [callId])).toEqual([{ callId, imageId: root }]);
});
