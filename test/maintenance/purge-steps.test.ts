/** A purge that ends between any two of its steps: what is seen meanwhile, and that the next one goes on. */
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createImageCommands } from '../../src/commands/archive/images.ts';
import { requireCall, requireImages } from '../../src/commands/references.ts';
import { createReader } from '../../src/db/database-reader.ts';
import { costOfPrincipal } from '../../src/db/queries/cost-lines.ts';
import { eventsOfPrincipal } from '../../src/db/queries/events.ts';
import { createInProcessNotifier } from '../../src/events/drivers/in-process/notifier.ts';
import { readCallLog, readConversationLog } from '../../src/events/log.ts';
import { createArchive } from '../../src/state/archive.ts';
import { PRINCIPAL } from '../contract/database-rows.ts';
import { newDataDir } from '../support/server.ts';
import { dayAgo, openPurgeWorld, type PurgeWorld } from './purge-world.ts';

let dataDir: string;
let world: PurgeWorld;
beforeEach(async () => {
  dataDir = await newDataDir();
  world = await openPurgeWorld(dataDir);
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true });
});

const readerOf = () => createReader(world.db, PRINCIPAL, { read: (work) => work(), list: async (rows) => rows });

async function trash(conversationId: string): Promise<void> {
  const values = { deleted_at: dayAgo(31) };
  await world.db.updateTable('conversations').set(values).where('id', '=', conversationId).execute();
  await world.db.updateTable('calls').set(values).where('conversation_id', '=', conversationId).execute();
  await world.db.updateTable('images').set(values).where('conversation_id', '=', conversationId).execute();
}

/** Everything that clients and operators can still see of it. */
async function whatIsLeft() {
  const rows = async (table: 'images' | 'conversations' | 'calls' | 'upstream_deletions' | 'search_documents') =>
    (
      await world.db
        .selectFrom(table as 'images')
        .selectAll()
        .execute()
    ).length;
  const events = await eventsOfPrincipal(world.db, PRINCIPAL, 0, 1000);
  const blobs: string[] = [];
  for await (const { sha256 } of world.blobs.list()) blobs.push(sha256);
  return {
    rows: await Promise.all(
      (['images', 'conversations', 'calls', 'upstream_deletions', 'search_documents'] as const).map(rows),
    ),
    events: events.map(({ type }) => type).toSorted(),
    blobs: blobs.length,
    cost: await costOfPrincipal(world.db, PRINCIPAL),
  };
}

it('stopped before each of its steps in turn, the next purges end as one purge that was not stopped', async () => {
  async function fill(): Promise<void> {
    await world.conversation('c');
    const source = await world.call('c');
    await world.call('c', {}, [source]);
    await world.upload({ conversationId: 'c' });
    await world.conversation('kept');
    await world.call('kept', {}, [source]);
    await trash('c');
    for (let number = 0; number < 3; number += 1) await world.upload({ deletedAt: dayAgo(40) });
  }
  await fill();
  await world.run({ deletesUpstream: true });
  const expected = await whatIsLeft();
  expect(expected.rows).toEqual([1, 1, 1, 2, 3]);

  let steps = 0;
  for (let isStopped = true; isStopped; steps += 1) {
    await world[Symbol.asyncDispose]();
    await rm(dataDir, { recursive: true });
    dataDir = await newDataDir();
    world = await openPurgeWorld(dataDir);
    await fill();
    await world.run({ deletesUpstream: true, stopBefore: steps });
    isStopped = world.log.some((line) => line.includes('killed'));
    await world.run({ deletesUpstream: true });
    expect([steps, await whatIsLeft()]).toEqual([steps, expected]);
  }
  // One of each conversation's beginning and end, and one of each of its images, calls and pages of events, at least.
  expect(steps).toBeGreaterThan(9);
});

describe('a conversation whose purge has begun', () => {
  it('is found by nobody, nor are its images and calls, which cannot be restored or used any more', async () => {
    await world.conversation('c');
    await world.conversation('other');
    const source = await world.call('c', { id: 'call' });
    // It keeps the image from going.
    await world.call('other', { id: 'open', status: 'IN_PROGRESS', completedAt: null }, [source]);
    await trash('c');
    const trashed = await readerOf().image(source.id);
    expect(trashed?.id).toBe(source.id);
    expect((await readerOf().call('call'))?.id).toBe('call');
    await world.run();

    expect(await world.db.selectFrom('images').select('id').where('id', '=', source.id).execute()).toHaveLength(1);
    expect(await readerOf().conversation('c')).toBeNull();
    expect(await readerOf().image(source.id)).toBeNull();
    expect(await readerOf().call('call')).toBeNull();
    const window = { limit: 10, inverted: false, direction: 'ASC' } as const;
    expect(await readerOf().conversations({ deleted: true }, window)).toEqual([]);
    await expect(requireImages(world.db, PRINCIPAL, 'imageId', [source.id])).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const notifier = createInProcessNotifier({ pollMs: 60_000 });
    const commands = createImageCommands(createArchive({ db: world.db, notifier, now: () => dayAgo(0) }));
    for (const command of ['restore', 'delete'] as const) {
      const outcomes = await commands[command](PRINCIPAL, [{ id: source.id, field: 'imageId' }]);
      expect(outcomes.get(source.id)?.error).toMatchObject({ code: 'NOT_FOUND' });
    }
    // The call that works from it still finds it.
    expect((await readerOf().sourcesOfCall('open')).map(({ id }) => id)).toEqual([source.id]);
  });

  it('is in no list and no count of the trash, and another one still is', async () => {
    for (const id of ['c', 'waits', 'other']) await world.conversation(id, { title: `A picture of ${id}` });
    const source = await world.call('c');
    await world.call('other', { status: 'IN_PROGRESS', completedAt: null }, [source]);
    const kept = await world.call('waits', {}, []);
    await trash('c');
    await world.run();
    await trash('waits');
    await world.db.updateTable('images').set({ prompt: 'A picture' }).execute();
    const window = { limit: 10, inverted: false, direction: 'ASC' } as const;
    const reader = readerOf();
    for (const filter of [{}, { search: 'picture' }] as const) {
      const shown = await reader.conversations({ ...filter, deleted: true }, window);
      expect(shown.map(({ id }) => id)).toEqual(['waits']);
      expect(await reader.countConversations({ ...filter, deleted: true })).toBe(1);
    }
    for (const filter of [{}, { search: 'picture' }, { origin: 'GENERATED', favorite: false }] as const) {
      const shown = await reader.images({ ...filter, deleted: true }, window);
      expect([filter, shown.map(({ id }) => id)]).toEqual([filter, [kept.id]]);
      expect([filter, await reader.countImages({ ...filter, deleted: true })]).toEqual([filter, 1]);
      expect(await reader.images({ ...filter, deleted: true, conversationId: 'c' }, window)).toEqual([]);
      expect(await reader.countImages({ ...filter, deleted: true, conversationId: 'c' })).toBe(0);
    }
  });

  it('is in no log, and those who follow it or a call of it are told that it is gone (promise 2)', async () => {
    await world.conversation('c');
    await world.conversation('other');
    const source = await world.call('c', { id: 'call' });
    await world.call('other', { id: 'open', status: 'IN_PROGRESS', completedAt: null }, [source]);
    await trash('c');
    await world.run();

    const events = await eventsOfPrincipal(world.db, PRINCIPAL, 0, 1000);
    expect(new Set(events.map(({ conversationId }) => conversationId))).toEqual(new Set(['other', null]));
    expect(events.map(({ type }) => type)).toContain('ConversationPurged');
    const gone = { code: 'NOT_FOUND' };
    await expect(readCallLog(world.db, PRINCIPAL, 'call', 0)).rejects.toMatchObject(gone);
    await expect(readConversationLog(world.db, PRINCIPAL, 'c', 0)).rejects.toMatchObject(gone);
    await expect(requireCall(world.db, PRINCIPAL, 'call')).rejects.toMatchObject(gone);
  });
});
