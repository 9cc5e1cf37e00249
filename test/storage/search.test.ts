/** SQLite keeps the contract of search, leaves nothing of what was removed in its index, and fills it for rows from before. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { connectSqlite } from '../../src/db/drivers/sqlite/connect.ts';
import { isBehind, migrateToLatest } from '../../src/db/drivers/sqlite/migrate.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { countCallsOfPrincipal, insertCall } from '../../src/db/queries/calls.ts';
import { countConversations, insertConversation, pageOfConversations } from '../../src/db/queries/conversations.ts';
import { countImages, insertImage, pageOfImages } from '../../src/db/queries/images/images.ts';
import { callOf, conversationOf, imageOf, PRINCIPAL, requestOf } from '../contract/database-rows.ts';
import { describeSearch } from '../contract/search.ts';
import { newDataDir } from '../support/server.ts';

let dataDir: string;
let file: string;
beforeEach(async () => {
  dataDir = await newDataDir();
  file = join(dataDir, 'darkroom.sqlite');
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const open = () => openSqlite(file, { patienceMs: 1_000 });

describeSearch('SQLite', async () => {
  const db = await open();
  return { db, close: () => db.destroy() };
});

async function fill(db: Database): Promise<void> {
  await insertConversation(db, conversationOf('conversation', { title: 'Zebrafinken' }));
  await insertCall(db, callOf('call', { request: requestOf({ prompt: 'a zebrafinch' }) }));
  await insertImage(db, imageOf('image', { prompt: 'zebrafinches, 斑胸草雀', revisedPrompt: 'two zebrafinches' }));
  await insertImage(db, imageOf('kept', { prompt: 'a boat' }));
  await db.insertInto('image_tags').values({ principal: PRINCIPAL, image_id: 'image', tag: 'zebratag' }).execute();
}

/** The same rows, and one in the trash, with the columns that there were before. */
function fillFromBefore(): void {
  const database = new SQLite(file);
  const at = '2026-11-28T12:00:00.000Z';
  database
    .prepare(
      `insert into conversations (id, principal, title, last_position, created_at, updated_at)
       values ('conversation', ?, 'Zebrafinken', 0, ?, ?)`,
    )
    .run(PRINCIPAL, at, at);
  database
    .prepare(
      `insert into calls (id, principal, conversation_id, kind, status, prompt, requested, attempts, last_sequence,
         last_position, created_at) values ('call', ?, 'conversation', 'GENERATE', 'QUEUED', 'a zebrafinch', '{}', 0, 0, 0, ?)`,
    )
    .run(PRINCIPAL, at);
  const image = database.prepare(
    `insert into images (id, principal, conversation_id, image_index, origin, sha256, byte_size, width, height, format,
       prompt, deleted_at, created_at) values (?, ?, 'conversation', 0, 'GENERATED', '', 1, 1, 1, 'PNG', ?, ?, ?)`,
  );
  image.run('image', PRINCIPAL, 'zebrafinches, 斑胸草雀', null, at);
  image.run('kept', PRINCIPAL, 'a boat', null, at);
  image.run('trashed', PRINCIPAL, 'zebrafinches', at, at);
  database.prepare("insert into image_tags (principal, image_id, tag) values (?, 'image', 'zebratag')").run(PRINCIPAL);
  database.close();
}

/** The tables of the index, and how many of their rows contain a text. */
function placesOf(text: string) {
  const database = new SQLite(file, { readonly: true });
  try {
    const count = (table: string, column: string) =>
      database
        .prepare<[string], number>(`select count(*) from ${table} where instr(${column}, cast(? as blob)) > 0`)
        .pluck()
        .get(text) ?? 0;
    return {
      index: count('search_index_data', 'block'),
      documents: count('search_documents', 'cast(words as blob)'),
      vocabulary: count('search_vocabulary', 'cast(word as blob)'),
    };
  } finally {
    database.close();
  }
}

describe('the search index', () => {
  it('has no text of rows that were removed or changed', async () => {
    const db = await open();
    await fill(db);
    expect(placesOf('zebra')).toEqual({ index: expect.any(Number), documents: 3, vocabulary: 4 });
    expect(placesOf('zebra').index).toBeGreaterThan(0);
    await db.deleteFrom('image_tags').execute();
    await db.deleteFrom('images').where('id', '=', 'image').execute();
    await db.deleteFrom('calls').execute();
    await db.updateTable('conversations').set({ title: 'a boat' }).execute();
    expect(placesOf('zebra')).toEqual({ index: 0, documents: 0, vocabulary: 0 });
    expect(placesOf('雀')).toEqual({ index: 0, documents: 0, vocabulary: 0 });
    expect(placesOf('boat')).toMatchObject({ documents: 2, vocabulary: 1 });
    await db.destroy();
    const database = new SQLite(file);
    database.exec("insert into search_index (search_index, rank) values ('integrity-check', 1)");
    database.close();
  });

  it('is filled with the rows of a database from before, as are the counts', async () => {
    const before = connectSqlite(file, { patienceMs: 1_000 });
    if (await isBehind(before)) await migrateToLatest(before, '0011-archive');
    await before.destroy();
    fillFromBefore();
    const db = await open();
    const window = { limit: 10, inverted: false, direction: 'ASC' } as const;
    const found = await pageOfImages(db, PRINCIPAL, { search: '草雀 zebratag' }, { ...window, sortedBy: 'found' });
    expect(found).toMatchObject([{ id: 'image' }]);
    expect(await countImages(db, PRINCIPAL, { search: 'zebra' })).toBe(1);
    expect(await countImages(db, PRINCIPAL, { search: 'zebra', deleted: true })).toBe(1);
    expect(await countImages(db, PRINCIPAL, {})).toBe(2);
    expect(await countCallsOfPrincipal(db, PRINCIPAL, { search: 'zebra' })).toBe(1);
    expect(await countCallsOfPrincipal(db, PRINCIPAL, {})).toBe(1);
    expect(await countConversations(db, PRINCIPAL, {})).toBe(1);
    expect(await countConversations(db, PRINCIPAL, { search: 'zebrafinken' })).toBe(1);
    await db.destroy();
  });

  it('finds every page in the middle of many texts, of common and of rare words', { timeout: 60_000 }, async () => {
    const db = await open();
    const count = 9_500;
    const names = ['boat', 'whale', 'heron'].map((word, index) => ({ word, every: [2, 700, 15][index] ?? 1 }));
    await db.transaction().execute(async (transaction) => {
      for (let number = 0; number < count; number += 1) {
        const words = names.filter(({ every }) => number % every === 0).map(({ word }) => word);
        const createdAt = new Date(Date.UTC(2026, 0, 1) + number * 1_000).toISOString();
        await insertImage(transaction, imageOf(`i${number}`, { prompt: words.join(' '), createdAt }));
      }
    });
    for (const { word, every } of names) {
      // The whole word, and its beginning, which is looked for in another way.
      for (const search of [`${word} ${word}`, word.slice(0, -1)]) {
        for (const direction of ['ASC', 'DESC'] as const) {
          const expected = Array.from({ length: Math.ceil(count / every) }, (_, index) => `i${index * every}`);
          const found: string[] = [];
          for (let after: string | undefined; ; ) {
            const window = { inverted: false, direction, sortedBy: 'found', after, limit: 90 } as const;
            const page = await pageOfImages(db, PRINCIPAL, { search }, window);
            if (page.length === 0) break;
            found.push(...page.map(({ id }) => id));
            after = page.at(-1)?.place;
          }
          expect(found).toEqual(direction === 'ASC' ? expected : expected.toReversed());
        }
      }
      expect(await countImages(db, PRINCIPAL, { search: word })).toBe(Math.ceil(count / every));
    }
    await db.destroy();
  });

  it('finds the last changed of so many conversations that not all of them are sorted', async () => {
    const db = await open();
    const count = 1_300;
    await db.transaction().execute(async (transaction) => {
      for (let number = 0; number < count; number += 1) {
        const updatedAt = new Date(Date.UTC(2026, 0, 1) + ((number * 7) % count) * 1_000).toISOString();
        const title = number % 13 === 0 ? 'a whale' : `a boat ${number}`;
        await insertConversation(transaction, conversationOf(`c${number}`, { title, updatedAt }));
      }
    });
    const all = await pageOfConversations(db, PRINCIPAL, {}, { ...BY_UPDATE, limit: count });
    const boats = all.filter(({ title }) => title !== 'a whale').map(({ id }) => id);
    const found: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await pageOfConversations(db, PRINCIPAL, { search: 'boat' }, { ...BY_UPDATE, after, limit: 100 });
      if (page.length === 0) break;
      found.push(...page.map(({ id }) => id));
      after = page.at(-1)?.place;
    }
    expect(found).toEqual(boats);
    await db.destroy();
  });
});

const BY_UPDATE = { inverted: false, direction: 'DESC', sortedBy: 'time' } as const;
