/** Pages of lists that change while they are read, in both directions: nothing that stayed is left out or shown twice. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectionArguments, connection, type ListRow } from '../../schema/relay/connection.ts';
import type { List } from '../../schema/relay/list-cursor.ts';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import type { Page, SortedBy } from '../../src/db/lists/page.ts';
import { insertConversation, pageOfConversations } from '../../src/db/queries/conversations.ts';
import { replaceTags } from '../../src/db/queries/images/image-tags.ts';
import { insertImage, pageOfImages, setFavorite } from '../../src/db/queries/images/images.ts';
import { setConversationDeleted, setImagesDeleted } from '../../src/db/queries/trash.ts';
import { conversationOf, imageOf, PRINCIPAL } from '../contract/database-rows.ts';
import { newDataDir } from '../support/server.ts';

let dataDir: string;
let db: Database;
beforeAll(async () => {
  dataDir = await newDataDir();
  db = await openSqlite(join(dataDir, 'darkroom.sqlite'), { patienceMs: 1_000 });
});
afterEach(async () => {
  for (const table of ['image_tags', 'images', 'conversations'] as const) await db.deleteFrom(table).execute();
});
afterAll(async () => {
  await db.destroy();
  await rm(dataDir, { recursive: true, force: true });
});

const EPOCH_MS = Date.UTC(2026, 10, 28);
const timeOf = (number: number) => new Date(EPOCH_MS + number * 1_000).toISOString();
function idOf(number: number): string {
  const time = (EPOCH_MS + number * 1_000).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** Something that other tabs do between two pages, to the row of this number. */
type Change = { readonly type: 'add' | 'delete' | 'restore' | 'purge' | 'change'; readonly row: number };

interface Sample {
  readonly name: string;
  readonly sortedBy: SortedBy;
  readonly add: (number: number) => Promise<void>;
  readonly setDeleted: (id: string, isDeleted: boolean) => Promise<void>;
  readonly purge: (id: string) => Promise<void>;
  /** A change that does not take the row out of the list. */
  readonly change: (id: string, number: number) => Promise<void>;
  /** Whether a row that is changed can be elsewhere in the list then. */
  readonly moves: boolean;
  readonly page: (window: Page) => Promise<readonly ListRow[]>;
}

const images: Omit<Sample, 'name' | 'sortedBy' | 'page'> = {
  async add(number) {
    const id = idOf(number);
    await insertImage(
      db,
      imageOf(id, {
        conversationId: null,
        callId: null,
        createdAt: timeOf(number),
        prompt: `a boat ${'far '.repeat(number % 5)}`,
      }),
    );
    await replaceTags(db, PRINCIPAL, id, ['sea', 'sky']);
  },
  setDeleted: (id, isDeleted) => setImagesDeleted(db, PRINCIPAL, [id], isDeleted ? timeOf(0) : null),
  async purge(id) {
    await db.deleteFrom('image_tags').where('image_id', '=', id).execute();
    await db.deleteFrom('images').where('id', '=', id).execute();
  },
  change: (id, number) => setFavorite(db, PRINCIPAL, id, number % 2 === 0),
  moves: false,
};

const conversations: Omit<Sample, 'name' | 'sortedBy' | 'page'> = {
  add: (number) =>
    insertConversation(
      db,
      conversationOf(idOf(number), { title: 'a boat', createdAt: timeOf(number), updatedAt: timeOf(number % 7) }),
    ),
  async setDeleted(id, isDeleted) {
    const [from, to] = isDeleted ? [null, timeOf(0)] : [timeOf(0), null];
    await setConversationDeleted(db, { principal: PRINCIPAL, id, deletedAt: from }, to);
  },
  async purge(id) {
    await db.deleteFrom('conversations').where('id', '=', id).execute();
  },
  async change(id, number) {
    await db
      .updateTable('conversations')
      .set({ updated_at: timeOf(number + 100) })
      .where('id', '=', id)
      .execute();
  },
  moves: true,
};

const SAMPLES: readonly Sample[] = [
  { ...images, name: 'images', sortedBy: 'id', page: (window) => pageOfImages(db, PRINCIPAL, {}, window) },
  {
    ...images,
    name: 'images with a tag',
    sortedBy: 'id',
    page: (window) => pageOfImages(db, PRINCIPAL, { tags: ['sea'] }, window),
  },
  {
    ...images,
    name: 'images of two formats',
    sortedBy: 'id',
    page: (window) => pageOfImages(db, PRINCIPAL, { formats: ['PNG', 'WEBP'] }, window),
  },
  {
    ...images,
    name: 'images with two tags',
    sortedBy: 'found',
    page: (window) => pageOfImages(db, PRINCIPAL, { tags: ['sea', 'sky'] }, window),
  },
  {
    ...images,
    name: 'a search',
    sortedBy: 'found',
    page: (window) => pageOfImages(db, PRINCIPAL, { search: 'boat' }, window),
  },
  {
    ...images,
    name: 'a search by relevance',
    sortedBy: 'relevance',
    page: (window) => pageOfImages(db, PRINCIPAL, { search: 'boat' }, window),
  },
  {
    ...conversations,
    name: 'conversations by their last change',
    sortedBy: 'time',
    page: (window) => pageOfConversations(db, PRINCIPAL, {}, window),
  },
  {
    ...conversations,
    name: 'a search of conversations',
    sortedBy: 'time',
    page: (window) => pageOfConversations(db, PRINCIPAL, { search: 'boat' }, window),
  },
];

const ROWS = 24;

/** The rows that are in the list; those in the trash; and the rows that were touched since the walk began. */
class World {
  readonly #sample: Sample;
  readonly #listed = new Set<number>();
  readonly #trashed = new Set<number>();
  readonly touched = new Set<string>();

  constructor(sample: Sample) {
    this.#sample = sample;
  }

  get listed(): readonly string[] {
    return [...this.#listed].map(idOf);
  }

  async apply({ type, row }: Change): Promise<void> {
    const id = idOf(row);
    const isKnown = this.#listed.has(row) || this.#trashed.has(row);
    if (type === 'add' && !isKnown) {
      await this.#sample.add(row);
      this.#listed.add(row);
    } else if (type === 'delete' && this.#listed.delete(row)) {
      await this.#sample.setDeleted(id, true);
      this.#trashed.add(row);
    } else if (type === 'restore' && this.#trashed.delete(row)) {
      await this.#sample.setDeleted(id, false);
      this.#listed.add(row);
    } else if (type === 'purge' && isKnown) {
      await this.#sample.purge(id);
      this.#listed.delete(row);
      this.#trashed.delete(row);
    } else if (type === 'change' && this.#listed.has(row)) {
      await this.#sample.change(id, row);
      if (!this.#sample.moves) return;
    } else return;
    this.touched.add(id);
  }
}

interface Walk {
  readonly direction: List['direction'];
  readonly isBackward: boolean;
  readonly size: number;
}

/** Reads all pages, and changes the list between them. */
async function walk(sample: Sample, { direction, isBackward, size }: Walk, between: () => Promise<void>) {
  const list: List = { principal: PRINCIPAL, key: [sample.name], direction, sortedBy: sample.sortedBy };
  const ids: string[] = [];
  for (let args: ConnectionArguments = isBackward ? { last: size } : { first: size }; ; ) {
    const read = connection(args, list, { page: sample.page, count: async () => 0 });
    const [edges, pageInfo] = await Promise.all([read.edges, read.pageInfo]);
    const page = edges.map(({ node }) => node.id);
    ids.push(...(isBackward ? page.toReversed() : page));
    if (!(isBackward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage)) return ids;
    args = isBackward ? { last: size, before: pageInfo.startCursor } : { first: size, after: pageInfo.endCursor };
    await between();
  }
}

const row = fc.integer({ min: 1, max: ROWS });
const change: fc.Arbitrary<Change> = fc.record({
  type: fc.constantFrom('add', 'delete', 'restore', 'purge', 'change'),
  row,
});

describe('pages of a list that changes meanwhile', () => {
  it.each(SAMPLES)('lose and repeat nothing of what stayed: $name', { timeout: 60_000 }, async (sample) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(row, { minLength: 1, maxLength: ROWS }),
        fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 12 }),
        fc.record({
          direction: fc.constantFrom('ASC', 'DESC'),
          isBackward: fc.boolean(),
          size: fc.integer({ min: 1, max: 6 }),
        }),
        async (rows, changes, options) => {
          const world = new World(sample);
          for (const number of rows) await world.apply({ type: 'add', row: number });
          world.touched.clear();
          const before = await walk(sample, { ...options, size: 100 }, async () => undefined);
          expect(before.toSorted()).toEqual(world.listed.toSorted());
          const steps = changes.values();
          const seen = await walk(sample, options, async () => {
            for (const next of steps.next().value ?? []) await world.apply(next);
          });
          const stayed = (ids: readonly string[]) => ids.filter((id) => !world.touched.has(id));
          // In the order in which they were, too.
          expect(stayed(seen)).toEqual(stayed(before));
          if (!sample.moves) expect(seen).toHaveLength(new Set(seen).size);
          for (const id of world.listed.concat([...world.touched])) await sample.purge(id);
        },
      ),
      { numRuns: 60 },
    );
  });
});
