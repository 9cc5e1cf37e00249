/** The tags in use: whatever is tagged, deleted and restored in whatever order, the counts are those of the rows. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { insertConversation } from '../../src/db/queries/conversations.ts';
import { replaceTags } from '../../src/db/queries/images/image-tags.ts';
import { insertImage } from '../../src/db/queries/images/images.ts';
import { tagsInUse, tagsWithin } from '../../src/db/queries/images/tags-in-use.ts';
import { AT, conversationOf, imageOf, PRINCIPAL } from '../contract/database-rows.ts';
import { newDataDir } from '../support/server.ts';

let dataDir: string;
let db: Database;
beforeAll(async () => {
  dataDir = await newDataDir();
  db = await openSqlite(join(dataDir, 'darkroom.sqlite'), { patienceMs: 1_000 });
  await insertConversation(db, conversationOf('c'));
  for (const id of ['i1', 'i2', 'i3']) {
    await insertImage(db, imageOf(id, { conversationId: id === 'i1' ? 'c' : null }));
  }
  await insertImage(db, imageOf('theirs', { principal: 'somebody else' }));
  await replaceTags(db, 'somebody else', 'theirs', ['poster', 'secret']);
});
afterAll(async () => {
  await db.destroy();
  await rm(dataDir, { recursive: true });
});

const ALL = { prefix: '', order: 'USE', limit: 100 } as const;
const setDeleted = (id: string, isDeleted: boolean) =>
  db
    .updateTable('images')
    .set({ deleted_at: isDeleted ? AT : null })
    .where('id', '=', id)
    .execute();

const step = fc.record({
  id: fc.constantFrom('i1', 'i2', 'i3'),
  tags: fc.option(fc.uniqueArray(fc.constantFrom('a', 'b', 'night sky', 'ж', '日本'), { maxLength: 4 })),
  isDeleted: fc.boolean(),
});

it('counts what the images outside the trash have', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
      const images = new Map(['i1', 'i2', 'i3'].map((id) => [id, { tags: [] as readonly string[], isDeleted: false }]));
      for (const id of images.keys()) {
        await setDeleted(id, false);
        await replaceTags(db, PRINCIPAL, id, []);
      }
      for (const { id, tags, isDeleted } of steps) {
        const before = images.get(id);
        if (before === undefined) continue;
        if (tags !== null) await replaceTags(db, PRINCIPAL, id, tags);
        else await setDeleted(id, isDeleted);
        images.set(id, tags === null ? { ...before, isDeleted } : { ...before, tags });
      }
      const counted = (live: readonly { readonly tags: readonly string[] }[]) => {
        const counts = new Map<string, number>();
        for (const tag of live.flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
        return [...counts]
          .map(([name, imageCount]) => ({ name, imageCount }))
          .sort((one, other) => other.imageCount - one.imageCount || (one.name < other.name ? -1 : 1));
      };
      const live = [...images].filter(([, { isDeleted }]) => !isDeleted);
      expect(await tagsInUse(db, PRINCIPAL, ALL)).toEqual(counted(live.map(([, image]) => image)));
      const within = live.filter(([id]) => id === 'i1').map(([, image]) => image);
      expect(await tagsWithin(db, PRINCIPAL, { conversationId: 'c' }, ALL)).toEqual(counted(within));
    }),
    { numRuns: 60 },
  );
});

it('finds tags by what they begin with, in either order, and none of another principal', async () => {
  for (const id of ['i1', 'i2', 'i3']) await setDeleted(id, false);
  await replaceTags(db, PRINCIPAL, 'i1', ['poster', 'portrait', 'night']);
  await replaceTags(db, PRINCIPAL, 'i2', ['poster', '100%', 'po_st']);
  await replaceTags(db, PRINCIPAL, 'i3', ['🌙 moon']);
  const names = async (page: object) => (await tagsInUse(db, PRINCIPAL, { ...ALL, ...page })).map(({ name }) => name);
  expect(await names({ prefix: 'po' })).toEqual(['poster', 'po_st', 'portrait']);
  expect(await names({ prefix: 'po', order: 'NAME', limit: 2 })).toEqual(['po_st', 'portrait']);
  expect(await names({ prefix: '%' })).toEqual([]);
  expect(await names({ prefix: '🌙' })).toEqual(['🌙 moon']);
  expect(await names({ prefix: 'secret' })).toEqual([]);
  expect(await names({ limit: 0 })).toEqual([]);
  expect(await tagsInUse(db, 'somebody else', { ...ALL, prefix: 'poster' })).toEqual([
    { name: 'poster', imageCount: 1 },
  ]);
});
