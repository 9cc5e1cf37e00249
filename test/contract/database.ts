/**
 * The contract of the query layer as tests, for every database: whatever the dialect, the functions of src/db/queries
 * store and return the same values. A driver's own test file calls `describeDatabase` with a function that opens an empty,
 * migrated database. test/storage/portable-queries.test.ts compiles the same functions for PostgreSQL.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import type { Page } from '../../src/db/lists/page.ts';
import { findCalls, insertCall, pageOfCalls, requestCancel } from '../../src/db/queries/calls.ts';
import { findConversations, insertConversation, setTitle, takePosition } from '../../src/db/queries/conversations.ts';
import {
  costOfCalls,
  costOfConversations,
  costOfPrincipal,
  replaceCostLines,
} from '../../src/db/queries/cost-lines.ts';
import { findAttempt, findAttemptTasks, insertAttempts, updateAttempt } from '../../src/db/queries/engine/attempts.ts';
import { blobReferences } from '../../src/db/queries/engine/blob-references.ts';
import { findCall, updateCall } from '../../src/db/queries/engine/calls.ts';
import { deleteInstance, insertInstance, renewHeartbeat } from '../../src/db/queries/engine/instances.ts';
import {
  eventIdOf,
  eventsOfCall,
  eventsOfConversation,
  eventsOfPrincipal,
  insertEvent,
  lastEventId,
} from '../../src/db/queries/events.ts';
import { insertIdempotencyKey } from '../../src/db/queries/idempotency-keys.ts';
import { findSourcesOfCalls, insertCallSources } from '../../src/db/queries/images/call-sources.ts';
import { findPicture } from '../../src/db/queries/images/image-files.ts';
import { findTagsOfImages, replaceTags } from '../../src/db/queries/images/image-tags.ts';
import {
  findImages,
  findShownImagesOfCalls,
  insertImage,
  newestImage,
  pageOfImages,
} from '../../src/db/queries/images/images.ts';
import { findPartialImagesOfCalls, insertPartialImage } from '../../src/db/queries/images/partial-images.ts';
import { pageOfRefinements } from '../../src/db/queries/images/refinements.ts';
import { findUpstreamFile, forgetUpstreamFiles, putUpstreamFile } from '../../src/db/queries/images/upstream-files.ts';
import { newestDeletion, setConversationDeleted } from '../../src/db/queries/trash.ts';
import type { LogEvent } from '../../src/domain/archive-event.ts';
import {
  AT,
  attemptOf,
  callOf,
  conversationOf,
  idOf,
  imageOf,
  instanceOf,
  LATER,
  letters,
  PRINCIPAL,
  partialImageOf,
  requestOf,
} from './database-rows.ts';
import { describeWriters } from './database-writers.ts';

/** A page with everything. */
const WHOLE = { limit: 10, inverted: false, direction: 'ASC' } as const;

export interface OpenedDatabase {
  readonly db: Database;
  close(): Promise<void>;
}

const KEY = { callId: 'call', attempt: 1, task: 0 };

export function describeDatabase(name: string, open: () => Promise<OpenedDatabase>): void {
  describe(`${name} as the database of the queries`, () => {
    let opened: OpenedDatabase;
    const db = () => opened.db;

    beforeEach(async () => {
      opened = await open();
      await insertConversation(db(), conversationOf('conversation'));
    });
    afterEach(() => opened.close());

    describeValues(db);
    describePages(db);
    describeWriters(db);
    describeReferences(db);
    describeSums(db);
    describeEvents(db);
  });
}

function describeValues(db: () => Database): void {
  it('returns a call as it was stored, by id and in a list', async () => {
    const call = callOf('call', { request: requestOf({ count: 3, prompt: 'ein Drachen – 凧 🪁' }), notBefore: LATER });
    await insertCall(db(), call);
    expect(await findCall(db(), 'call')).toEqual(call);
    expect(await findCalls(db(), PRINCIPAL, ['call', 'other'])).toEqual([call]);
    expect(await findCall(db(), 'other')).toBeNull();
  });

  it.each([true, false])('returns a stored %s as a boolean', async (flag) => {
    await insertCall(
      db(),
      callOf('call', {
        request: requestOf({ verbatim: flag }),
        context: { isOpen: flag, imageId: null },
      }),
    );
    expect(await findCall(db(), 'call')).toMatchObject({ request: { verbatim: flag }, context: { isOpen: flag } });
    await updateCall(db(), 'call', { context_open: !flag });
    expect(await findCall(db(), 'call')).toMatchObject({ request: { verbatim: flag }, context: { isOpen: !flag } });

    await insertAttempts(db(), [attemptOf('call', { again: flag, background: !flag })]);
    expect(await findAttempt(db(), KEY)).toMatchObject({ again: flag, background: !flag });
    await updateAttempt(db(), KEY, { again: !flag });
    expect(await findAttemptTasks(db(), 'call', 1)).toMatchObject([{ again: !flag, background: !flag }]);

    await insertImage(db(), imageOf('image', { verbatim: flag }));
    expect(await findImages(db(), PRINCIPAL, ['image'])).toMatchObject([{ verbatim: flag }]);
  });

  it('returns all properties of an image, or those that are asked for, and null where nothing is known', async () => {
    const images = [
      imageOf('a', { verbatim: true, thumbhash: 'hash' }),
      imageOf('b', { verbatim: false }),
      imageOf('c', { verbatim: null }),
    ];
    for (const image of images) await insertImage(db(), image);
    const window = WHOLE;
    expect(await pageOfImages(db(), PRINCIPAL, {}, window)).toEqual(images);
    expect(await pageOfImages(db(), PRINCIPAL, {}, window, ['id', 'verbatim'])).toEqual(
      images.map(({ id, verbatim }) => ({ id, verbatim })),
    );
  });

  it('says whether a row was there to be changed', async () => {
    await insertCall(db(), callOf('call'));
    await insertInstance(db(), instanceOf('server'));
    expect(await requestCancel(db(), PRINCIPAL, 'call', AT)).toBe(true);
    expect(await requestCancel(db(), PRINCIPAL, 'other', AT)).toBe(false);
    expect(await requestCancel(db(), 'somebody else', 'call', AT)).toBe(false);
    expect(await renewHeartbeat(db(), 'server', LATER)).toBe(true);
    await deleteInstance(db(), 'server');
    expect(await renewHeartbeat(db(), 'server', LATER)).toBe(false);
  });

  it('changes a conversation of its principal alone, and moves it to the top only when told the time', async () => {
    const read = async () => (await findConversations(db(), PRINCIPAL, ['conversation']))[0];
    await setTitle(db(), 'somebody else', 'conversation', 'stolen');
    expect(await read()).toEqual(conversationOf('conversation'));
    await setTitle(db(), PRINCIPAL, 'conversation', 'renamed');
    expect(await takePosition(db(), PRINCIPAL, 'conversation', null)).toBe(1);
    expect(await read()).toEqual({ ...conversationOf('conversation'), title: 'renamed', lastPosition: 1 });
    expect(await takePosition(db(), PRINCIPAL, 'conversation', LATER)).toBe(2);
    expect((await read())?.updatedAt).toBe(LATER);
    await expect(takePosition(db(), 'somebody else', 'conversation', LATER)).rejects.toThrow('does not exist');
  });

  it('moves a conversation into the trash and back with what is where it is', async () => {
    await insertCall(db(), callOf('call'));
    const ofCall = { callId: 'call', conversationId: 'conversation' };
    for (const [index, id] of ['a', 'b', 'c'].entries()) {
      await insertImage(db(), imageOf(id, { ...ofCall, imageIndex: index, deletedAt: id === 'c' ? AT : null }));
    }
    const shown = async () => ({
      ofCall: (await findShownImagesOfCalls(db(), PRINCIPAL, ['call'])).map(({ id }) => id),
      newest: (await newestImage(db(), PRINCIPAL, 'conversation'))?.id,
      listed: (await pageOfImages(db(), PRINCIPAL, {}, WHOLE)).map(({ id }) => id),
    });
    const before = await shown();
    expect(before).toEqual({ ofCall: ['a', 'b'], newest: 'b', listed: ['a', 'b'] });
    const conversation = conversationOf('conversation');
    await setConversationDeleted(db(), { ...conversation, principal: 'somebody else' }, LATER);
    expect(await shown()).toEqual(before);
    await setConversationDeleted(db(), conversation, LATER);
    expect(await shown()).toEqual({ ofCall: ['a', 'b'], newest: 'b', listed: [] });
    expect(await newestDeletion(db(), PRINCIPAL, 'conversation')).toBe(LATER);
    await setConversationDeleted(db(), { ...conversation, deletedAt: LATER }, null);
    expect(await shown()).toEqual(before);
    expect(await newestDeletion(db(), PRINCIPAL, 'conversation')).toBe(AT);
  });

  it('keeps each tag of an image once, in one order', async () => {
    await insertImage(db(), imageOf('a'));
    await insertImage(db(), imageOf('b'));
    await replaceTags(db(), PRINCIPAL, 'a', ['zebra', 'émile', 'kite']);
    await replaceTags(db(), PRINCIPAL, 'b', ['kite']);
    await replaceTags(db(), PRINCIPAL, 'b', []);
    expect(await findTagsOfImages(db(), PRINCIPAL, ['a', 'b'])).toEqual(new Map([['a', ['kite', 'zebra', 'émile']]]));
    expect(await findTagsOfImages(db(), 'somebody else', ['a', 'b'])).toEqual(new Map());
  });

  it('replaces the file of a content, and finds none that has expired or was forgotten', async () => {
    const file = {
      principal: PRINCIPAL,
      upstream: 'openai',
      content: 'hash',
      file_id: 'file-1',
      expires_at: AT,
      created_at: AT,
    };
    const find = (at: string) => findUpstreamFile(db(), PRINCIPAL, { upstream: 'openai', content: 'hash', at });
    await putUpstreamFile(db(), file);
    expect(await find(LATER)).toBeNull();
    await putUpstreamFile(db(), { ...file, file_id: 'file-2', expires_at: null });
    expect(await find(LATER)).toBe('file-2');
    expect(await findUpstreamFile(db(), 'somebody else', { upstream: 'openai', content: 'hash', at: AT })).toBeNull();
    await forgetUpstreamFiles(db(), 'somebody else', 'openai', ['file-2']);
    expect(await find(LATER)).toBe('file-2');
    await forgetUpstreamFiles(db(), PRINCIPAL, 'openai', ['file-2']);
    expect(await find(LATER)).toBeNull();
  });
}

function describePages(db: () => Database): void {
  /** Ids of all pages, one after another, while newer rows are added. */
  async function walk(
    direction: Page['direction'],
    inverted: boolean,
    onPage: () => Promise<void> = async () => {},
  ): Promise<readonly string[]> {
    const found: string[] = [];
    for (let edge: string | undefined; ; ) {
      const range = inverted ? { before: edge } : { after: edge };
      const rows = await pageOfImages(db(), PRINCIPAL, {}, { ...range, direction, inverted, limit: 3 });
      if (rows.length === 0) return found;
      found.push(...rows.map(idOf));
      edge = found.at(-1);
      await onPage();
    }
  }

  it('pages through a list without gaps or repeats, in both directions and from both ends', async () => {
    const ids = letters(8);
    for (const id of ids) await insertImage(db(), imageOf(id));
    await insertImage(db(), imageOf('bb', { principal: 'somebody else' }));
    expect(await walk('ASC', false)).toEqual(ids);
    expect(await walk('DESC', true)).toEqual(ids);
    expect(await walk('DESC', false)).toEqual(ids.toReversed());
    expect(await walk('ASC', true)).toEqual(ids.toReversed());
  });

  it('pages are stable while newer rows are added', async () => {
    const ids = letters(8);
    for (const id of ids) await insertImage(db(), imageOf(id));
    let added = 0;
    const add = () => insertImage(db(), imageOf(`z${added++}`));
    expect(await walk('DESC', false, add)).toEqual(ids.toReversed());
    expect(added).toBeGreaterThan(0);
  });

  it('orders ids by their bytes', async () => {
    for (const id of ['B', 'a', '-', 'b', 'A', '0']) await insertImage(db(), imageOf(id));
    expect(await walk('ASC', false)).toEqual(['-', '0', 'A', 'B', 'a', 'b']);
  });

  it('puts the calls of several statuses into one page', async () => {
    const statuses = ['QUEUED', 'FAILED', 'COMPLETED'] as const;
    const ids = letters(9);
    for (const [index, id] of ids.entries()) {
      await insertCall(db(), callOf(id, { status: statuses[index % 3] ?? 'QUEUED' }));
    }
    const window = { limit: 4, inverted: false, direction: 'DESC', before: undefined, after: 'i' } as const;
    const page = await pageOfCalls(db(), PRINCIPAL, { statuses: ['QUEUED', 'FAILED'] }, window);
    expect(page.map(idOf)).toEqual(['h', 'g', 'e', 'd']);
  });
}

function describeReferences(db: () => Database): void {
  it('stores nothing that refers to a row that is missing', async () => {
    const event = { type: 'GenerationQueued', callId: 'missing', conversationId: 'conversation' } as const;
    await expect(insertCall(db(), callOf('call', { conversationId: 'missing' }))).rejects.toThrow();
    await expect(insertAttempts(db(), [attemptOf('missing')])).rejects.toThrow();
    await expect(insertEvent(db(), PRINCIPAL, { ...event, sequence: 1, position: 1, at: AT })).rejects.toThrow();
    await expect(insertImage(db(), imageOf('image', { callId: 'missing' }))).rejects.toThrow();
  });

  it('promise 10: stores nothing that refers to a row of another principal', async () => {
    const theirs = { principal: 'somebody else' };
    await insertConversation(db(), conversationOf('theirs', theirs));
    await insertCall(db(), callOf('their call', { ...theirs, conversationId: 'theirs' }));
    await insertImage(db(), imageOf('their image', theirs));
    await insertCall(db(), callOf('call'));
    const place = { type: 'GenerationQueued', sequence: 9, position: 9, at: AT } as const;
    const event = { ...place, callId: 'call', conversationId: 'conversation' };
    const lines = [{ kind: 'IMAGE_OUTPUT', model: 'm', tokens: 1, pricePerMillion: '1', amount: '1' }] as const;
    const billed = { principal: PRINCIPAL, basis: 'REPORTED', isCounted: true } as const;
    const ours = { ...billed, key: KEY, conversationId: 'conversation' };
    const partial = { principal: PRINCIPAL, callId: 'their call', itemId: null, at: AT };
    const key = { principal: PRINCIPAL, key: 'key', inputHash: 'hash', callId: 'their call' };
    const refused: Readonly<Record<string, () => Promise<unknown>>> = {
      'a call in their conversation': () => insertCall(db(), callOf('new', { conversationId: 'theirs' })),
      'a call with their mask': () =>
        insertCall(db(), callOf('new', { request: requestOf({ maskImageId: 'their image' }) })),
      'a call with their markup': () =>
        insertCall(db(), callOf('new', { request: requestOf({ markupImageId: 'their image' }) })),
      'a retry of their call': () => insertCall(db(), callOf('new', { retryOf: 'their call' })),
      'a call that continues from their image': () =>
        insertCall(db(), callOf('new', { context: { isOpen: false, imageId: 'their image' } })),
      'an image in their conversation': () => insertImage(db(), imageOf('new', { conversationId: 'theirs' })),
      'an image of their call': () => insertImage(db(), imageOf('new', { callId: 'their call' })),
      'their image as a source': () => insertCallSources(db(), PRINCIPAL, 'call', [imageOf('their image')]),
      'a source of their call': () => insertCallSources(db(), PRINCIPAL, 'their call', [imageOf('their image')]),
      'a partial image of their call': () => insertPartialImage(db(), partial, partialImageOf('new')),
      'an event of their call': () => insertEvent(db(), PRINCIPAL, { ...event, callId: 'their call' }),
      'an event in their conversation': () => insertEvent(db(), PRINCIPAL, { ...event, conversationId: 'theirs' }),
      'an attempt at their call': () => insertAttempts(db(), [attemptOf('their call')]),
      'a key for their call': () => insertIdempotencyKey(db(), key, AT),
      'a cost of their call': () => replaceCostLines(db(), { ...ours, key: { ...KEY, callId: 'their call' } }, lines),
      'a cost in their conversation': () => replaceCostLines(db(), { ...ours, conversationId: 'theirs' }, lines),
    };
    for (const [what, store] of Object.entries(refused)) {
      await expect(store(), what).rejects.toThrow(/foreign key/iu);
    }
  });

  it('keeps one image of each index in a call', async () => {
    await insertCall(db(), callOf('call'));
    await insertImage(db(), imageOf('a', { callId: 'call', imageIndex: 1 }));
    await expect(insertImage(db(), imageOf('b', { callId: 'call', imageIndex: 1 }))).rejects.toThrow();
  });

  it('finds the sources of calls in their order, and the images made from one', async () => {
    const sources = [imageOf('x'), imageOf('w')];
    for (const image of sources) await insertImage(db(), image);
    for (const id of ['one', 'two']) {
      await insertCall(db(), callOf(id));
      await insertCallSources(db(), PRINCIPAL, id, sources);
      await insertImage(db(), imageOf(`made by ${id}`, { callId: id }));
    }
    const found = await findSourcesOfCalls(db(), PRINCIPAL, ['one', 'two']);
    expect(found.map(({ callId, image }) => [callId, image.id])).toEqual([
      ['one', 'x'],
      ['one', 'w'],
      ['two', 'x'],
      ['two', 'w'],
    ]);
    const window = { limit: 5, inverted: false, direction: 'DESC' } as const;
    const made = await pageOfRefinements(db(), PRINCIPAL, 'w', window);
    expect(made.map(idOf)).toEqual(['made by two', 'made by one']);
    expect(await pageOfRefinements(db(), 'somebody else', 'w', window)).toEqual([]);
  });

  it('finds the file of an image or a partial image, for its owner only, and names both as referenced', async () => {
    await insertCall(db(), callOf('call'));
    await insertImage(db(), imageOf('image', { sha256: 'b'.repeat(64) }));
    const partial = partialImageOf('partial');
    await insertPartialImage(db(), { principal: PRINCIPAL, callId: 'call', itemId: 'ig_1', at: AT }, partial);
    expect(await findPicture(db(), PRINCIPAL, 'image')).toMatchObject({ sha256: 'b'.repeat(64), byteSize: 1_234 });
    expect(await findPicture(db(), PRINCIPAL, 'partial')).toMatchObject({ sha256: 'a'.repeat(64), byteSize: 123 });
    expect(await findPicture(db(), 'somebody else', 'image')).toBeNull();
    expect(await findPartialImagesOfCalls(db(), PRINCIPAL, ['call'])).toEqual([{ callId: 'call', partial }]);
    const sizes: number[] = [];
    for await (const { byteSize } of blobReferences(db())) sizes.push(byteSize);
    expect(sizes.toSorted((a, b) => a - b)).toEqual([123, 1_234]);
  });
}

function describeSums(db: () => Database): void {
  it('sums costs exactly beyond the range of JavaScript numbers, and tokens as numbers', async () => {
    // In picodollars, one more than the largest whole number that a JavaScript number holds.
    const amount = '9007.199254740993';
    const line = { kind: 'IMAGE_OUTPUT', model: 'm', tokens: 1_000, pricePerMillion: '1', amount } as const;
    const terms = { principal: PRINCIPAL, conversationId: 'conversation', basis: 'REPORTED' } as const;
    for (const callId of ['a', 'b']) {
      await insertCall(db(), callOf(callId));
      await replaceCostLines(db(), { ...terms, key: { ...KEY, callId }, isCounted: true }, [line]);
    }
    const sum = { amount: '18014.398509481986', complete: true, lines: [{ tokens: 2_000 }] };
    expect(await costOfPrincipal(db(), PRINCIPAL)).toMatchObject(sum);
    expect((await costOfConversations(db(), PRINCIPAL, ['conversation'])).get('conversation')).toMatchObject(sum);
    expect((await costOfCalls(db(), PRINCIPAL, ['a'])).get('a')).toMatchObject({ amount, lines: [{ tokens: 1_000 }] });
  });

  it('a cost with uncounted tokens is incomplete, and newer lines of a request replace older ones', async () => {
    await insertCall(db(), callOf('call'));
    const line = { kind: 'IMAGE_OUTPUT', model: 'm', tokens: 10, pricePerMillion: '1', amount: '0.00001' } as const;
    const billed = { key: KEY, principal: PRINCIPAL, conversationId: 'conversation', basis: 'ESTIMATED' } as const;
    await replaceCostLines(db(), { ...billed, isCounted: false }, [line]);
    expect(await costOfPrincipal(db(), PRINCIPAL)).toMatchObject({ complete: false, basis: 'ESTIMATED' });
    await replaceCostLines(db(), { ...billed, isCounted: true, basis: 'REPORTED' }, [line]);
    expect(await costOfPrincipal(db(), PRINCIPAL)).toMatchObject({ complete: true, basis: 'REPORTED' });
  });
}

function describeEvents(db: () => Database): void {
  it('returns events as they were stored, behind a sequence or a position, in order', async () => {
    await insertCall(db(), callOf('call'));
    const place = { callId: 'call', conversationId: 'conversation', at: AT };
    const events = [
      { type: 'GenerationQueued', ...place, sequence: 1, position: 11 },
      { type: 'GenerationStarted', attempt: 1, ...place, sequence: 2, position: 12 },
      { type: 'GenerationCompleted', imageIds: ['image'], ...place, sequence: 3, position: 13 },
    ] as const;
    const stored: LogEvent[] = [];
    for (const event of events.toReversed()) {
      stored.unshift({ ...event, id: (await insertEvent(db(), PRINCIPAL, event)).id });
    }
    expect(await eventsOfCall(db(), PRINCIPAL, 'call', 0, 2)).toEqual(stored.slice(0, 2));
    expect(await eventsOfCall(db(), PRINCIPAL, 'call', 2, 9)).toEqual(stored.slice(2));
    expect(await eventsOfConversation(db(), PRINCIPAL, 'conversation', 11, 9)).toEqual(stored.slice(1));
    expect(await eventsOfCall(db(), 'somebody else', 'call', 0, 9)).toEqual([]);
  });

  it('returns everything of a principal in the order in which it was stored', async () => {
    await insertCall(db(), callOf('call'));
    const queued = { type: 'GenerationQueued', callId: 'call', sequence: 1, conversationId: 'conversation' } as const;
    const uploaded = { type: 'ImageUploaded', imageId: 'image', conversationId: null, position: null, at: AT } as const;
    expect(await lastEventId(db(), PRINCIPAL)).toBe(0);
    const { id: first } = await insertEvent(db(), PRINCIPAL, { ...queued, position: 1, at: AT });
    const { id: second } = await insertEvent(db(), PRINCIPAL, uploaded);
    const stored = [
      { ...queued, position: 1, at: AT, id: first },
      { ...uploaded, id: second },
    ];
    expect(second).toBeGreaterThan(first);
    expect(await eventsOfPrincipal(db(), PRINCIPAL, 0, 9)).toEqual(stored);
    expect(await eventsOfPrincipal(db(), PRINCIPAL, 0, 1)).toEqual(stored.slice(0, 1));
    expect(await eventsOfPrincipal(db(), PRINCIPAL, first, 9)).toEqual(stored.slice(1));
    expect(await eventsOfPrincipal(db(), 'somebody else', 0, 9)).toEqual([]);
    expect(await lastEventId(db(), PRINCIPAL)).toBe(second);
    expect(await eventIdOf(db(), PRINCIPAL, 'call', 1)).toBe(first);
    expect(await eventIdOf(db(), 'somebody else', 'call', 1)).toBeNull();
  });

  it('keeps one event of each sequence in a call', async () => {
    await insertCall(db(), callOf('call'));
    const event = { type: 'GenerationQueued', callId: 'call', conversationId: 'conversation', at: AT } as const;
    await insertEvent(db(), PRINCIPAL, { ...event, sequence: 1, position: 1 });
    await expect(insertEvent(db(), PRINCIPAL, { ...event, sequence: 1, position: 2 })).rejects.toThrow();
    await expect(insertEvent(db(), PRINCIPAL, { ...event, sequence: 2, position: 1 })).rejects.toThrow();
  });
}
