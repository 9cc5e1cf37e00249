/**
 * The contract of full-text search as tests, for every database (src/db/search.ts). A driver's own test file calls
 * `describeSearch` with a function that opens an empty, migrated database.
 */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import type { CallFilter } from '../../src/db/lists/call-filter.ts';
import type { ImageFilter } from '../../src/db/lists/image-filter.ts';
import type { Page } from '../../src/db/lists/page.ts';
import { countCallsOfPrincipal, insertCall, pageOfCalls } from '../../src/db/queries/calls.ts';
import { countConversations, insertConversation, pageOfConversations } from '../../src/db/queries/conversations.ts';
import { updateCall } from '../../src/db/queries/engine/calls.ts';
import { countImages, insertImage, pageOfImages } from '../../src/db/queries/images/images.ts';
import { GENERATION_STATUSES, OPEN_STATUSES } from '../../src/domain/generation/generation-call.ts';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import type { Image } from '../../src/domain/images/image.ts';
import { searchTerms } from '../../src/domain/search-words.ts';
import type { OpenedDatabase } from './database.ts';
import { AT, callOf, conversationOf, imageOf, LATER, PRINCIPAL, requestOf } from './database-rows.ts';

const WINDOW: Page = { limit: 100, inverted: false, direction: 'ASC', sortedBy: 'found' };
const SOMEBODY_ELSE = 'somebody else';

export function describeSearch(name: string, open: () => Promise<OpenedDatabase>): void {
  describe(`search with ${name}`, () => {
    let opened: OpenedDatabase;
    const db = () => opened.db;
    beforeEach(async () => {
      opened = await open();
      await insertConversation(db(), conversationOf('conversation'));
    });
    afterEach(() => opened.close());

    describeWords(db);
    describeRows(db);
    describeFilters(db);
    describeOrders(db);
  });
}

async function find(db: Database, search: string, filter: ImageFilter = {}): Promise<readonly string[]> {
  const images = await pageOfImages(db, PRINCIPAL, { ...filter, search }, WINDOW);
  const ids = images.map(({ id }) => id);
  expect(await countImages(db, PRINCIPAL, { ...filter, search })).toBe(ids.length);
  return ids;
}

/** Of the query languages of databases. */
const SYNTAX = [
  ...[
    '"',
    "'",
    '""',
    '*',
    '-',
    '+',
    '^',
    ':',
    '(',
    ')',
    '{',
    '}',
    '\\',
    '%',
    '_',
    '&',
    '|',
    '!',
    '<->',
    ';',
    '--',
    '\0',
  ],
  ...[
    'AND',
    'OR',
    'NOT',
    'NEAR',
    'NEAR(',
    'words :',
    'facts : "§v"',
    '§x',
    'rank',
    '- {words}',
    "'); drop table images",
  ],
] as const;

function describeWords(db: () => Database): void {
  const FOUND: readonly (readonly [prompt: string, search: string])[] = [
    ['A River made of owl feathers', 'river'],
    ['A River made of owl feathers', 'FEATHERS owl'],
    ['A River made of owl feathers', 'feath'],
    ['A River made of owl feathers', 'of fe'],
    ['A River made of owl feathers', 'r'],
    ['a café in São Paulo', 'cafe sao'],
    ['a cafe in Sao Paulo', 'CAFÉ SÃO'],
    ['Straße und Æther', 'strasse aether'],
    ['Ελλάδα, ο Σίσυφος', 'ελλαδα σισυφος'],
    ['Тёплый свет', 'теплый'],
    ['a lamp NEAR the door', 'near lamp'],
    ['to be or not to be', 'not or'],
    ['a t-shirt', 't-shirt'],
    ['a t-shirt', 'shirt'],
    ['it’s "quoted" (twice)', '"quoted twice'],
    ['width: 100%', '100'],
    ['the file a_b.png', 'a_b.png'],
    ['夕暮れの川辺に立つ城', '城'],
    ['夕暮れの川辺に立つ城', '川辺'],
    ['夕暮れの川辺に立つ城', '川辺 夕暮れ'],
    ['がっこうの庭', 'がっこう'],
    ['一座古老的城堡', '城堡'],
    ['성을 짓는 아이', '성'],
    ['성을 짓는 아이', '아이'],
    ['iPhone手机的照片', 'iphone 手机'],
    ['ปราสาทริมน้ำ', 'ปราสาท'],
    ['एक पुराना किला', 'किला'],
    ['a kite 🪁 in the wind', '🪁'],
    ['a kite', '  kite,  '],
    ['ｆｕｌｌ ｗｉｄｔｈ', 'full width'],
  ];
  it.each(FOUND)('finds %j by %j', async (prompt, search) => {
    await insertImage(db(), imageOf('other', { prompt: 'something else entirely' }));
    await insertImage(db(), imageOf('image', { prompt }));
    expect(await find(db(), search)).toEqual(['image']);
  });

  const NOT_FOUND: readonly (readonly [prompt: string, search: string])[] = [
    ['a river of owl feathers', 'river zebra'],
    ['a river of owl feathers', 'riv owl'],
    ['a river of owl feathers', 'iver'],
    ['a river', 'rivers'],
    ['a lamp', 'lamp OR door'],
    ['a lamp', 'lamp NOT door'],
    ['a lamp', 'NEAR(lamp, 3)'],
    ['a lamp', '-door'],
    ['a lamp', 'prompt:lamp'],
    ['a lamp', 'words : lamp'],
    ['川の辺', '川辺'],
    ['がっこう', 'かっこう'],
  ];
  it.each(NOT_FOUND)('does not find %j by %j', async (prompt, search) => {
    await insertImage(db(), imageOf('image', { prompt }));
    expect(await find(db(), search)).toEqual([]);
  });

  it.each(['"', '""', "'", '*', 'river*', '-river', '(river', 'river)', '^river', '{river}', 'river:', 'river + owl'])(
    'takes nothing in %j as syntax',
    async (search) => {
      await insertImage(db(), imageOf('image', { prompt: 'a river with an owl' }));
      expect(await find(db(), search)).toEqual(['image']);
    },
  );

  it('finds any text by itself, and takes nothing in any text as syntax', { timeout: 60_000 }, async () => {
    const piece = fc.oneof(
      fc.constantFrom(...SYNTAX),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.constantFrom('river', 'OWL', 'été', '城', '川辺', 'が', '성', 'प', '1', 'a'.repeat(70)),
    );
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const text = pieces.join(' ');
        number += 1;
        await insertImage(db(), imageOf(`${number}`, { prompt: text }));
        if (searchTerms(text).length > 0) expect(await find(db(), text)).toContain(`${number}`);
        await db().deleteFrom('images').execute();
      }),
      { numRuns: 300 },
    );
  });

  it.each(['', '   ', '"*"', '?!'])('does not restrict a list by %j, which has no words', async (search) => {
    await insertImage(db(), imageOf('image', { prompt: 'a river' }));
    const images = await pageOfImages(db(), PRINCIPAL, { search }, { ...WINDOW, sortedBy: 'id' });
    expect(images.map(({ id }) => id)).toEqual(['image']);
    expect(await countImages(db(), PRINCIPAL, { search })).toBe(1);
  });

  it('finds a word of which very many others are the continuation', async () => {
    const words = Array.from({ length: 100 }, (_, index) => `prefix${index}`);
    for (const word of words) await insertImage(db(), imageOf(word, { prompt: word }));
    expect(await find(db(), 'prefix')).toHaveLength(100);
    expect(await find(db(), 'prefix9')).toHaveLength(11);
  });

  it('finds long texts and long words', async () => {
    const prompt = `${'many words of a long prompt '.repeat(1_000)} needle ${'x'.repeat(5_000)}`;
    await insertImage(db(), imageOf('image', { prompt }));
    expect(await find(db(), 'needle')).toEqual(['image']);
    expect(await find(db(), `${'x'.repeat(900)}`)).toEqual(['image']);
  });
}

function describeRows(db: () => Database): void {
  it('finds images by the revised prompt and tags, and no longer by a tag that was removed', async () => {
    await insertImage(db(), imageOf('image', { prompt: 'a boat', revisedPrompt: 'a schooner at dawn' }));
    expect(await find(db(), 'schooner boat')).toEqual(['image']);
    await db().insertInto('image_tags').values({ principal: PRINCIPAL, image_id: 'image', tag: 'Été 2026' }).execute();
    expect(await find(db(), 'ete boat')).toEqual(['image']);
    await db().deleteFrom('image_tags').where('tag', '=', 'Été 2026').execute();
    expect(await find(db(), 'ete')).toEqual([]);
  });

  it('finds a row from the transaction on that stores it, and not when that is rolled back', async () => {
    const stored = db()
      .transaction()
      .execute(async (transaction) => {
        await insertImage(transaction, imageOf('image', { prompt: 'a heron' }));
        throw new Error('no');
      });
    await expect(stored).rejects.toThrow('no');
    expect(await find(db(), 'heron')).toEqual([]);
    await insertImage(db(), imageOf('image', { prompt: 'a heron' }));
    expect(await find(db(), 'heron')).toEqual(['image']);
    await db().deleteFrom('images').where('id', '=', 'image').execute();
    expect(await find(db(), 'heron')).toEqual([]);
  });

  it('finds calls by their prompt and their newest revised prompt', async () => {
    await insertCall(db(), callOf('call', { request: requestOf({ prompt: 'a boat' }) }));
    const found = (search: string) => pageOfCalls(db(), PRINCIPAL, { search }, WINDOW);
    expect(await found('boat')).toMatchObject([{ id: 'call' }]);
    expect(await found('schooner')).toEqual([]);
    await updateCall(db(), 'call', { revised_prompt: 'a schooner' });
    expect(await found('schooner')).toMatchObject([{ id: 'call' }]);
    expect(await countCallsOfPrincipal(db(), PRINCIPAL, { search: 'schooner' })).toBe(1);
  });

  it('finds conversations by their newest title, in both orders', async () => {
    await insertConversation(db(), conversationOf('older', { title: 'two birds', updatedAt: LATER }));
    await insertConversation(db(), conversationOf('newer', { title: 'three birds', createdAt: LATER }));
    const found = async (search: string, sortedBy: Page['sortedBy']) => {
      const window = { ...WINDOW, direction: 'DESC', sortedBy } as const;
      const rows = await pageOfConversations(db(), PRINCIPAL, { search }, window);
      expect(await countConversations(db(), PRINCIPAL, { search })).toBe(rows.length);
      return rows.map(({ id }) => id);
    };
    expect(await found('birds', 'time')).toEqual(['older', 'newer']);
    expect(await found('birds', 'found')).toEqual(['newer', 'older']);
    await db().updateTable('conversations').set({ title: 'a whale' }).where('id', '=', 'older').execute();
    expect(await found('birds', 'time')).toEqual(['newer']);
    expect(await found('whale', 'time')).toEqual(['older']);
  });

  it('promise 10: finds no words and no tags of another principal', async () => {
    const other = { principal: SOMEBODY_ELSE } as const;
    await insertConversation(db(), conversationOf('theirs', { ...other, title: 'a kingfisher' }));
    await insertImage(db(), imageOf('image', { ...other, prompt: 'a kingfisher' }));
    await insertCall(
      db(),
      callOf('call', { ...other, conversationId: 'theirs', request: requestOf({ prompt: 'a kingfisher' }) }),
    );
    await db()
      .insertInto('image_tags')
      .values({ ...other, image_id: 'image', tag: 'blue' })
      .execute();
    for (const search of ['kingfisher', 'king', 'kin', 'blue']) {
      expect(await find(db(), search)).toEqual([]);
      expect(await pageOfCalls(db(), PRINCIPAL, { search }, WINDOW)).toEqual([]);
      expect(await countCallsOfPrincipal(db(), PRINCIPAL, { search })).toBe(0);
      expect(await pageOfConversations(db(), PRINCIPAL, { search }, { ...WINDOW, sortedBy: 'time' })).toEqual([]);
      expect(await countConversations(db(), PRINCIPAL, { search })).toBe(0);
    }
    expect(await find(db(), '', { tags: ['blue'] })).toEqual([]);
  });
}

const PROPERTIES: readonly (readonly [filter: ImageFilter, changes: Partial<Image>])[] = [
  [{ origin: 'GENERATED' }, { origin: 'GENERATED' }],
  [{ favorite: true }, { favorite: true }],
  [{ formats: ['WEBP', 'JPEG'] }, { format: 'JPEG' }],
  [{ models: ['other', 'gpt-image-2'] }, { actual: { ...NO_SETTINGS, model: 'gpt-image-2' } }],
  [{ conversationId: 'conversation' }, { conversationId: 'conversation' }],
  [{ deleted: true }, { deletedAt: AT }],
  [{ createdAfter: AT }, { createdAt: LATER }],
];

function describeFilters(db: () => Database): void {
  it.each(PROPERTIES)('finds, and lists, only images with %j', async (filter, changes) => {
    const [first, second] = ['01a00000-0000-7000-8000-000000000001', '01a00000-0000-7000-8000-000000000002'];
    // The ids are of the times, as those of the server are.
    const idAt = (at: string, id: string) =>
      `${Date.parse(at).toString(16).padStart(12, '0').replace(/^.{8}/u, '$&-')}${id.slice(13)}`;
    const image = imageOf(idAt(changes.createdAt ?? AT, first), { prompt: 'a boat', ...changes });
    await insertImage(db(), image);
    await insertImage(db(), imageOf(idAt(AT, second), { prompt: 'a boat' }));
    expect(await find(db(), 'boat', filter)).toEqual([image.id]);
    expect(await find(db(), 'whale', filter)).toEqual([]);
    const listed = await pageOfImages(db(), PRINCIPAL, filter, { ...WINDOW, sortedBy: 'id' });
    expect(listed.map(({ id }) => id)).toEqual([image.id]);
    expect(await countImages(db(), PRINCIPAL, filter)).toBe(1);
  });

  it('finds, lists and counts nothing for one of no values, and everything without tags', async () => {
    await insertImage(db(), imageOf('image', { prompt: 'a boat' }));
    for (const filter of [{ formats: [] }, { models: [] }]) {
      expect(await find(db(), 'boat', filter)).toEqual([]);
      expect(await pageOfImages(db(), PRINCIPAL, filter, { ...WINDOW, sortedBy: 'id' })).toEqual([]);
      expect(await countImages(db(), PRINCIPAL, filter)).toBe(0);
    }
    expect(await find(db(), 'boat', { tags: [] })).toEqual(['image']);
    expect(await countImages(db(), PRINCIPAL, { tags: [] })).toBe(1);
    await insertCall(db(), callOf('call', { request: requestOf({ prompt: 'a boat' }) }));
    for (const search of ['', 'boat']) {
      const window = { ...WINDOW, sortedBy: search === '' ? 'id' : 'found' } as const;
      expect(await pageOfCalls(db(), PRINCIPAL, { search, statuses: [] }, window)).toEqual([]);
      expect(await countCallsOfPrincipal(db(), PRINCIPAL, { search, statuses: [] })).toBe(0);
    }
  });

  it('finds, and lists, only images with all of the tags', async () => {
    for (const [id, tags] of Object.entries({ one: ['red'], both: ['red', 'blue ✓'], none: [] })) {
      await insertImage(db(), imageOf(id, { prompt: 'a boat' }));
      for (const tag of tags) {
        await db().insertInto('image_tags').values({ principal: PRINCIPAL, image_id: id, tag }).execute();
      }
    }
    for (const [tags, ids] of [
      [['red'], ['both', 'one']],
      [['blue ✓', 'red'], ['both']],
      [['blue'], []],
    ] as const) {
      expect((await find(db(), 'boat', { tags })).toSorted()).toEqual(ids);
      const listed = await pageOfImages(db(), PRINCIPAL, { tags }, { ...WINDOW, sortedBy: 'id' });
      expect(listed.map(({ id }) => id)).toEqual(ids);
      expect(await countImages(db(), PRINCIPAL, { tags })).toBe(ids.length);
    }
  });

  it('follows changes of what a filter is about', async () => {
    await insertImage(db(), imageOf('image', { prompt: 'a boat' }));
    const set = (changes: { readonly favorite?: boolean; readonly deleted_at?: string | null }) =>
      db().updateTable('images').set(changes).where('id', '=', 'image').execute();
    await set({ favorite: true });
    expect(await find(db(), 'boat', { favorite: true })).toEqual(['image']);
    await set({ deleted_at: AT });
    expect(await find(db(), 'boat', { favorite: true })).toEqual([]);
    expect(await find(db(), 'boat', { deleted: true })).toEqual(['image']);
    expect(await countImages(db(), PRINCIPAL, {})).toBe(0);
    await set({ favorite: false, deleted_at: null });
    expect(await find(db(), 'boat', { favorite: true })).toEqual([]);
    expect(await find(db(), 'boat', { favorite: false })).toEqual(['image']);
    expect(await countImages(db(), PRINCIPAL, {})).toBe(1);
  });

  it('finds calls by how they ended, of their kind', async () => {
    await insertCall(db(), callOf('call', { request: requestOf({ prompt: 'a boat', kind: 'REFINE' }) }));
    const found = async (status: 'QUEUED' | 'IN_PROGRESS' | 'FAILED') => {
      const filter = { search: 'boat', statuses: [status], kind: 'REFINE' } as const;
      return (await pageOfCalls(db(), PRINCIPAL, filter, WINDOW)).map(({ id }) => id);
    };
    expect(await found('QUEUED')).toEqual(['call']);
    expect(await found('FAILED')).toEqual([]);
    await updateCall(db(), 'call', { status: 'IN_PROGRESS' });
    expect(await found('IN_PROGRESS')).toEqual(['call']);
    await updateCall(db(), 'call', { status: 'FAILED' });
    expect(await found('FAILED')).toEqual(['call']);
    expect(await countCallsOfPrincipal(db(), PRINCIPAL, { statuses: ['FAILED'] })).toBe(1);
    expect(await countCallsOfPrincipal(db(), PRINCIPAL, { statuses: ['QUEUED', 'IN_PROGRESS'] })).toBe(0);
  });

  it('counts calls that have ended together with some of those under way', async () => {
    for (const status of GENERATION_STATUSES) {
      await insertCall(db(), callOf(status, { status, request: requestOf({ prompt: 'a boat', kind: 'REFINE' }) }));
    }
    const lists = [
      ['FAILED', 'QUEUED'],
      ['COMPLETED', 'FAILED', 'IN_PROGRESS', 'AWAITING_APPROVAL'],
      ['IN_PROGRESS'],
      [...OPEN_STATUSES, 'CANCELLED'],
    ] as const;
    const inConversation = { search: 'boat', conversationId: 'conversation' };
    const filters: readonly CallFilter[] = [{ search: 'boat' }, { kind: 'REFINE' }, inConversation];
    for (const filter of filters) {
      for (const statuses of lists) {
        const count = await countCallsOfPrincipal(db(), PRINCIPAL, { ...filter, statuses });
        expect([filter, statuses, count]).toEqual([filter, statuses, statuses.length]);
      }
    }
  });
}

function describeOrders(db: () => Database): void {
  it('returns what it found in the order of creation, whatever the order of the ids', async () => {
    for (const [id, createdAt] of [
      ['c', AT],
      ['a', LATER],
      ['b', '2026-11-28T12:30:00.000Z'],
    ] as const) {
      await insertImage(db(), imageOf(id, { prompt: 'a boat', createdAt }));
    }
    expect(await find(db(), 'boat')).toEqual(['c', 'b', 'a']);
  });

  it('returns the best first: texts that are about little else', async () => {
    const prompts = { long: 'a boat on a river in the last light of the day', short: 'boat', middle: 'a red boat' };
    for (const [id, prompt] of Object.entries(prompts)) await insertImage(db(), imageOf(id, { prompt }));
    const byRelevance = (direction: Page['direction']) =>
      pageOfImages(db(), PRINCIPAL, { search: 'boat' }, { ...WINDOW, direction, sortedBy: 'relevance' });
    expect((await byRelevance('DESC')).map(({ id }) => id)).toEqual(['short', 'middle', 'long']);
    expect((await byRelevance('ASC')).map(({ id }) => id)).toEqual(['long', 'middle', 'short']);
  });
}
