/** The purge: what has been in the trash for long enough goes, with everything of it, and nothing else. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chargedDays } from '../../src/db/queries/charged-days.ts';
import { costOfPrincipal } from '../../src/db/queries/cost-lines.ts';
import { hasDeletedInputs } from '../../src/db/queries/deleted-inputs.ts';
import { eventsOfCall, eventsOfPrincipal } from '../../src/db/queries/events.ts';
import { findSourcesOfCalls } from '../../src/db/queries/images/call-sources.ts';
import { findImages, insertImage } from '../../src/db/queries/images/images.ts';
import { insertUploadKey } from '../../src/db/queries/images/upload-keys.ts';
import type { Tables } from '../../src/db/tables.ts';
import { imageOf, PRINCIPAL } from '../contract/database-rows.ts';
import { newDataDir } from '../support/server.ts';
import { DAY_MS, dayAgo, NOON_MS, openPurgeWorld, type PurgeWorld } from './purge-world.ts';

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

const isStored = async (sha256: string) => (await world.blobs.stat(sha256)) !== null;
const rowsOf = (table: keyof Tables) => world.db.selectFrom(table).selectAll().execute();
const typesOf = async () => (await eventsOfPrincipal(world.db, PRINCIPAL, 0, 1000)).map(({ type }) => type);

describe('an image', () => {
  it('goes after the retention time, with its bytes, and one that was deleted later stays', async () => {
    const due = await world.upload({ deletedAt: dayAgo(30) });
    const young = await world.upload({ deletedAt: new Date(NOON_MS - 30 * DAY_MS + 1).toISOString() });
    const kept = await world.upload();
    for (const { id: imageId } of [due, kept]) {
      await insertUploadKey(
        world.db,
        { principal: PRINCIPAL, key: `key ${imageId}`, inputHash: 'hash', imageId },
        dayAgo(40),
      );
    }
    await world.run();
    const left = await findImages(world.db, PRINCIPAL, [due.id, young.id, kept.id]);
    expect(left.map(({ id }) => id).toSorted()).toEqual([young.id, kept.id].toSorted());
    expect(await Promise.all([due, young, kept].map(({ sha256 }) => isStored(sha256)))).toEqual([false, true, true]);
    expect(await typesOf()).toEqual(['ImagePurged']);
    expect(await rowsOf('upload_keys')).toMatchObject([{ image_id: kept.id }]);
    expect(world.log.join()).toMatch(/"images":1,"conversations":0,"partials":0,"ms":\d+,"msg":"purged"/u);
  });

  it('stays for ever with `off`, and goes with the next run with 0', async () => {
    const image = await world.upload({ deletedAt: dayAgo(400) });
    const today = await world.upload({ deletedAt: dayAgo(0) });
    await world.run({ retention: { trashDays: null } });
    expect(await findImages(world.db, PRINCIPAL, [image.id, today.id])).toHaveLength(2);
    await world.run({ retention: { trashDays: 0 } });
    expect(await findImages(world.db, PRINCIPAL, [image.id, today.id])).toEqual([]);
  });

  it('leaves its bytes to another image with the same, whoever has it, and the last one takes them away', async () => {
    const bytes = randomBytes(500);
    const [first] = [await world.upload({ deletedAt: dayAgo(31) }, bytes)];
    const theirs = await world.upload({ principal: 'somebody else' }, bytes);
    await world.run();
    expect(await findImages(world.db, PRINCIPAL, [first.id])).toEqual([]);
    expect(await isStored(theirs.sha256)).toBe(true);
    await world.db
      .updateTable('images')
      .set({ deleted_at: dayAgo(31) })
      .where('id', '=', theirs.id)
      .execute();
    await world.run();
    expect(await isStored(theirs.sha256)).toBe(false);
  });

  it('leaves its bytes to an upload that stores the same at this moment, and has no row yet', async () => {
    const bytes = randomBytes(500);
    const image = await world.upload({ deletedAt: dayAgo(31) }, bytes);
    // The file is new again, by the clock of the disk.
    const stored = await world.blobs.put(bytes);
    await world.run();
    expect(await findImages(world.db, PRINCIPAL, [image.id])).toEqual([]);
    await insertImage(world.db, imageOf('later', { ...stored }));
    await world.run();
    expect(await world.blobs.read(stored.sha256)).toEqual(bytes);
  });

  it('stays in the log of its call as ImageRemoved, without a gap (promise 1)', async () => {
    await world.conversation('c');
    const image = await world.call('c', { id: 'call' });
    await world.db
      .updateTable('images')
      .set({ deleted_at: dayAgo(31) })
      .where('id', '=', image.id)
      .execute();
    await world.run();
    const events = await eventsOfCall(world.db, PRINCIPAL, 'call', 0, 100);
    expect(events.map(({ sequence, type }) => [sequence, type])).toEqual([
      [1, 'GenerationQueued'],
      [2, 'PartialImageReceived'],
      [3, 'ImageRemoved'],
      [4, 'GenerationCompleted'],
    ]);
    expect(JSON.stringify(events)).not.toContain('partialHash');
    expect(await rowsOf('partial_images')).toEqual([]);
    expect((await rowsOf('calls')).map(({ prompt }) => prompt)).toEqual(['a kite']);
  });

  it('leaves calls that were made from it, which cannot be repeated without it', async () => {
    await world.conversation('c');
    const source = await world.upload({ deletedAt: dayAgo(31) });
    const mask = await world.upload({ deletedAt: dayAgo(31), purpose: 'MASK' });
    await world.call('c', { id: 'refined' }, [source]);
    await world.call('c', { id: 'masked' });
    await world.call('c', { id: 'other' });
    await world.db.updateTable('calls').set({ mask_image_id: mask.id }).where('id', '=', 'masked').execute();
    await world.run();
    expect(await findSourcesOfCalls(world.db, PRINCIPAL, ['refined'])).toEqual([]);
    expect(await rowsOf('call_sources')).toMatchObject([{ image_id: null, deleted_image_id: source.id }]);
    const repeatable = ['refined', 'masked', 'other'].map((id) => hasDeletedInputs(world.db, PRINCIPAL, id));
    expect(await Promise.all(repeatable)).toEqual([true, true, false]);
  });

  it('waits for a call that has not ended and works from it', async () => {
    await world.conversation('c');
    const source = await world.upload({ deletedAt: dayAgo(31) });
    const mask = await world.upload({ deletedAt: dayAgo(31) });
    await world.call('c', { id: 'open', status: 'IN_PROGRESS', completedAt: null }, [source]);
    await world.db.updateTable('calls').set({ mask_image_id: mask.id }).where('id', '=', 'open').execute();
    await world.run();
    expect(await findImages(world.db, PRINCIPAL, [source.id, mask.id])).toHaveLength(2);
    await world.db
      .updateTable('calls')
      .set({ completed_at: dayAgo(0) })
      .where('id', '=', 'open')
      .execute();
    await world.run();
    expect(await findImages(world.db, PRINCIPAL, [source.id, mask.id])).toEqual([]);
  });
});

const EVER = { from: '2000-01-01', to: '2099-12-31' };

describe('a conversation', () => {
  async function deleteLater(conversationId: string): Promise<void> {
    const values = { deleted_at: dayAgo(31) };
    await world.db.updateTable('conversations').set(values).where('id', '=', conversationId).execute();
    await world.db.updateTable('calls').set(values).where('conversation_id', '=', conversationId).execute();
    await world.db.updateTable('images').set(values).where('conversation_id', '=', conversationId).execute();
  }

  it('goes with every row of it, and what it has cost stays in the sum of its principal', async () => {
    await world.conversation('c');
    await world.conversation('kept');
    const image = await world.call('c');
    await world.call('c', {}, [image]);
    await world.upload({ conversationId: 'c' });
    const stays = await world.call('kept', {}, [image]);
    const before = await costOfPrincipal(world.db, PRINCIPAL);
    const chargedBefore = await chargedDays(world.db, PRINCIPAL, EVER);
    const last = (await eventsOfPrincipal(world.db, PRINCIPAL, 0, 1000)).at(-1)?.id ?? 0;
    await deleteLater('c');
    await world.run();

    expect((await rowsOf('conversations')).map(({ id }) => id)).toEqual(['kept']);
    expect((await rowsOf('images')).map(({ id }) => id)).toEqual([stays.id]);
    for (const table of ['calls', 'attempts', 'partial_images', 'cost_lines', 'call_sources'] as const) {
      expect([table, (await rowsOf(table)).length]).toEqual([table, 1]);
    }
    const events = await eventsOfPrincipal(world.db, PRINCIPAL, 0, 1000);
    expect(events.filter(({ conversationId }) => conversationId === 'c')).toEqual([]);
    // Promise 2: nobody who has seen the log until `last` misses it.
    const [purged] = await eventsOfPrincipal(world.db, PRINCIPAL, last, 10);
    expect(purged).toMatchObject({ type: 'ConversationPurged', purgedConversationId: 'c', conversationId: null });
    const after = await costOfPrincipal(world.db, PRINCIPAL);
    expect(after).toEqual(before);
    expect(after).toMatchObject({ amount: '0.0009', complete: true });
    const charged = await chargedDays(world.db, PRINCIPAL, EVER);
    expect(charged).toEqual(chargedBefore);
    expect(charged).toMatchObject([{ charged: 900_000_000n, chargedCalls: 3, incompleteCalls: 0 }]);
    expect(await isStored(image.sha256)).toBe(false);
  });

  it('stays while a call in it has not ended', async () => {
    await world.conversation('c');
    await world.call('c', { status: 'IN_PROGRESS', completedAt: null });
    await deleteLater('c');
    await world.run();
    expect(await rowsOf('conversations')).toMatchObject([{ purge_started_at: null }]);
    expect(await rowsOf('images')).toHaveLength(1);
  });

  it('is finished by a later run when an image of it is still in use elsewhere', async () => {
    await world.conversation('c');
    await world.conversation('other');
    const source = await world.call('c');
    await world.call('other', { id: 'open', status: 'IN_PROGRESS', completedAt: null }, [source]);
    await deleteLater('c');
    await world.run();
    expect((await rowsOf('images')).map(({ id }) => id)).toContain(source.id);
    await world.db
      .updateTable('calls')
      .set({ completed_at: dayAgo(0) })
      .where('id', '=', 'open')
      .execute();
    await world.run();
    expect((await rowsOf('conversations')).map(({ id }) => id)).toEqual(['other']);
    expect((await typesOf()).filter((type) => type === 'ConversationPurged')).toHaveLength(1);
  });
});

describe('partial images', () => {
  it('go after their own time, when their call has ended, and their events stay', async () => {
    await world.conversation('c');
    await world.call('c', { id: 'old', completedAt: dayAgo(8) });
    await world.call('c', { id: 'young', completedAt: dayAgo(6) });
    await world.call('c', { id: 'open', status: 'IN_PROGRESS', completedAt: null });
    const [partial] = await rowsOf('partial_images');
    await world.run({ retention: { partialDays: 7 } });
    const left = await world.db.selectFrom('partial_images').select('call_id').execute();
    expect(left.map(({ call_id: id }) => id).toSorted()).toEqual(['open', 'young']);
    expect((await eventsOfCall(world.db, PRINCIPAL, 'old', 0, 10)).map(({ type }) => type)).toContain(
      'PartialImageReceived',
    );
    expect(partial !== undefined && 'sha256' in partial && (await isStored(partial.sha256))).toBe(false);
  });
});

it('nothing is purged by a server that has lost its lease', async () => {
  const image = await world.upload({ deletedAt: dayAgo(31) });
  await world.db.deleteFrom('instances').execute();
  await world.run();
  expect(await findImages(world.db, PRINCIPAL, [image.id])).toHaveLength(1);
});

it('what the upstream has is queued with the deletion, once for what several images share', async () => {
  await world.conversation('c');
  const image = await world.call('c', { responseId: 'resp_1' });
  const file = { principal: PRINCIPAL, upstream: 'simulator', expires_at: null, created_at: dayAgo(40) };
  await world.db
    .insertInto('upstream_files')
    .values([
      { ...file, content: `bare:${image.sha256}`, file_id: 'file-1' },
      { ...file, content: `mask:bare:${image.sha256}`, file_id: 'file-2' },
      { ...file, content: 'bare:other', file_id: 'file-3' },
    ])
    .execute();
  await world.db
    .updateTable('images')
    .set({ deleted_at: dayAgo(31) })
    .execute();
  await world.run({ deletesUpstream: true });
  const queued = await world.db.selectFrom('upstream_deletions').select(['kind', 'upstream_id']).execute();
  expect(queued.map(({ kind, upstream_id: id }) => `${kind} ${id}`).toSorted()).toEqual([
    'FILE file-1',
    'FILE file-2',
    'RESPONSE resp_1',
  ]);
  expect((await rowsOf('upstream_files')).length).toBe(1);
});

it('the upstream keeps a response, and a file, while another image has them', async () => {
  await world.conversation('c');
  const generated = { callId: 'call', conversationId: 'c', origin: 'GENERATED', responseId: 'resp_1' } as const;
  const first = await world.call('c', { id: 'call', responseId: 'resp_1' });
  const second = await world.upload({ ...generated, imageIndex: 1 });
  const bytes = randomBytes(200);
  const [source, same] = [await world.upload({}, bytes), await world.upload({}, bytes)];
  await world.db
    .insertInto('upstream_files')
    .values({
      principal: PRINCIPAL,
      upstream: 'simulator',
      content: `bare:${source.sha256}`,
      file_id: 'file-1',
      expires_at: null,
      created_at: dayAgo(40),
    })
    .execute();
  const purge = async (ids: readonly string[]) => {
    await world.db
      .updateTable('images')
      .set({ deleted_at: dayAgo(31) })
      .where('id', 'in', ids)
      .execute();
    await world.run({ deletesUpstream: true });
    const queued = await world.db.selectFrom('upstream_deletions').select('upstream_id').execute();
    return queued.map((row) => row.upstream_id).toSorted();
  };
  expect(await purge([first.id, source.id])).toEqual([]);
  expect(await rowsOf('upstream_files')).toHaveLength(1);
  expect(await purge([second.id, same.id])).toEqual(['file-1', 'resp_1']);
});

it('the upstream deletes the responses of every attempt of a call that goes with its conversation', async () => {
  await world.conversation('c', { deletedAt: dayAgo(31) });
  await world.call('c', { responseId: 'resp_2', deletedAt: dayAgo(31) });
  await world.db.updateTable('attempts').set({ response_id: 'resp_1' }).execute();
  await world.run({ deletesUpstream: true });
  const queued = await world.db.selectFrom('upstream_deletions').select('upstream_id').execute();
  expect(queued.map((row) => row.upstream_id).toSorted()).toEqual(['resp_1', 'resp_2']);
});

it('2,000 images go without a long turn', { timeout: 120_000 }, async () => {
  const bytes = await world.store(randomBytes(100));
  await world.db.transaction().execute(async (transaction) => {
    for (let number = 0; number < 2_000; number += 1) {
      const id = `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
      await insertImage(transaction, imageOf(id, { ...bytes, deletedAt: dayAgo(31) }));
    }
  });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const begunMs = performance.now();
  await world.run();
  delay.disable();
  const milliseconds = { longest: delay.max / 1e6, p99: delay.percentile(99) / 1e6, all: performance.now() - begunMs };
  process.stdout.write(`purged 2,000 images: ${JSON.stringify(milliseconds)}\n`);
  expect(await rowsOf('images')).toEqual([]);
  // A turn has one transaction. The rest is for a busy machine, and for the log that is emptied at the end.
  expect(milliseconds.p99).toBeLessThan(50);
});
