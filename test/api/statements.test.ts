/** How many statements a query runs: as many for fifty images as for one, and none for what it does not select. */
import SQLite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { insertCall } from '../../src/db/queries/calls.ts';
import { insertConversation } from '../../src/db/queries/conversations.ts';
import { insertCallSources } from '../../src/db/queries/images/call-sources.ts';
import { replaceTags } from '../../src/db/queries/images/image-tags.ts';
import { insertImage } from '../../src/db/queries/images/images.ts';
import { callOf, conversationOf, imageOf } from '../contract/database-rows.ts';
import { startServerHere } from '../support/app.ts';
import { newDataDir, type RunningServer } from '../support/server.ts';
import { clientWith, type KeyedClient } from './keyed-client.ts';

/** Of a page. There are a few more. */
const IMAGES = 50;
const STORED = 60;
const principal = 'local';
const uuidOf = (kind: string, number: number) => `019a0000-0000-7000-8000-${kind}${String(number).padStart(11, '0')}`;

let server: RunningServer;
let client: KeyedClient;
beforeAll(async () => {
  const dataDir = await newDataDir();
  const db = await openSqlite(`${dataDir}/darkroom.sqlite`, { patienceMs: 1_000 });
  const source = imageOf(uuidOf('a', 0), { principal, prompt: 'a source' });
  await insertImage(db, source);
  for (let number = 1; number <= STORED; number += 1) {
    const conversationId = uuidOf('b', number);
    const callId = uuidOf('c', number);
    await insertConversation(db, conversationOf(conversationId, { principal }));
    await insertCall(db, callOf(callId, { principal, conversationId, status: 'COMPLETED' }));
    await insertCallSources(db, principal, callId, [source]);
    const id = uuidOf('a', number);
    await insertImage(db, imageOf(id, { principal, conversationId, callId, origin: 'GENERATED', prompt: 'a boat' }));
    await replaceTags(db, principal, id, ['sea', `number ${number}`]);
  }
  await db.destroy();
  server = await startServerHere({ dataDir });
  client = clientWith(server.url, '');
});
afterAll(() => server?.[Symbol.asyncDispose]());

/** Tables that only lists and their items read. */
const ABOUT = /\b(?:images|calls|conversations|image_tags|call_sources|list_counts|search_index|search_documents)\b/u;

let statements: string[] = [];
let restore: () => void;
beforeEach(() => {
  const connection = new SQLite(':memory:');
  // All statements of all connections have this prototype.
  const prototype = Object.getPrototypeOf(connection.prepare('select 1'));
  connection.close();
  const { all } = prototype;
  prototype.all = function (this: SQLite.Statement, ...values: unknown[]) {
    if (ABOUT.test(this.source)) statements.push(this.source);
    return all.apply(this, values);
  };
  restore = () => {
    prototype.all = all;
  };
  statements = [];
});
afterEach(() => restore());

/** Of several runs the fewest: an operation that takes longer than 15 ms lets others in between, which can part a batch. */
async function statementsOf(query: string): Promise<number> {
  let fewest: string[] | undefined;
  for (let run = 0; run < 5; run += 1) {
    statements = [];
    await client.data(query);
    if (fewest === undefined || statements.length < fewest.length) fewest = statements;
  }
  statements = fewest ?? [];
  return statements.length;
}

const ALL_OF_AN_IMAGE = `id url prompt favorite tags
  call { id status kind images { id } }
  conversation { id title cover { id } images { totalCount } calls { totalCount } }
  sources { id url }
  refinements { totalCount }`;

const LISTS: Readonly<Record<string, string>> = {
  'all images': '',
  'images of an origin': ', filter: { origin: GENERATED }',
  'images with tags': ', filter: { tags: ["sea"] }',
  'a search': ', filter: { search: "boat" }',
  'a search by relevance': ', filter: { search: "boat" }, orderBy: { field: RELEVANCE }',
};

it.each(Object.entries(LISTS))(
  '%s with calls, conversations, sources, tags and counts: a fixed number',
  async (_, args) => {
    const read = (first: number) => `{ images(first: ${first}${args}) { nodes { ${ALL_OF_AN_IMAGE} } totalCount } }`;
    const { images } = await client.data(read(IMAGES));
    expect(images.nodes).toHaveLength(IMAGES);
    expect(images.nodes[0]).toMatchObject({
      tags: expect.arrayContaining(['sea']),
      conversation: { images: { totalCount: 1 }, calls: { totalCount: 1 } },
      sources: [{ id: expect.any(String) }],
    });
    const few = await statementsOf(read(2));
    expect(await statementsOf(read(IMAGES))).toBe(few);
    // The page and its count, and one each for calls and their images, conversations and their covers and two counts, sources,
    // tags and refinements. A search has more for its words.
    expect(few).toBeLessThanOrEqual(14);
  },
);

it('conversations with their covers and counts: a fixed number', async () => {
  const read = (first: number) =>
    `{ conversations(first: ${first}) { nodes { title cover { url } images { totalCount } calls { totalCount } } totalCount } }`;
  expect(await statementsOf(read(IMAGES))).toBe(await statementsOf(read(2)));
  expect(statements).toHaveLength(5);
});

it('neither the page nor the count is read when it is not selected', async () => {
  expect(await statementsOf('{ images { totalCount } }')).toBe(1);
  expect(statements).toEqual([expect.stringContaining('list_counts')]);
  expect(await statementsOf('{ images { nodes { id } } }')).toBe(1);
  expect(await statementsOf('{ images { nodes { id } edges { cursor } pageInfo { hasNextPage } } }')).toBe(1);
  expect(statements.join()).not.toContain('list_counts');
  expect(
    await statementsOf('{ images { __typename } generationCalls { __typename } conversations { __typename } }'),
  ).toBe(0);
});
