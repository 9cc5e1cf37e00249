/** What an export says of where its images come from. */
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { detailsOf, imagesOfConversation, MAX_EXPORTED_LINEAGE } from '../../src/commands/export-images.ts';
import { createReader } from '../../src/db/database-reader.ts';
import { restrictReader } from '../../src/db/restricted-reader.ts';
import type { Restriction } from '../../src/domain/access/restriction.ts';
import type { Image } from '../../src/domain/images/image.ts';
import { PRINCIPAL } from '../contract/database-rows.ts';
import { dayAgo, openPurgeWorld, type PurgeWorld } from '../maintenance/purge-world.ts';
import { newDataDir } from '../support/server.ts';

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

/** The details of a conversation's images by their ids, with ids as they are in the database. */
async function detailsIn(conversationId: string, only: Restriction | null = null) {
  const everything = createReader(world.db, PRINCIPAL, { read: (work) => work(), list: async (rows) => rows });
  const reader = only === null ? everything : restrictReader(everything, only);
  const images = await imagesOfConversation(reader, conversationId);
  const details = await detailsOf(images, { reader, withCosts: false, idOf: (_, id) => id });
  return new Map(details.map((each) => [each.id, each]));
}

it('a line ends at a source that was deleted for good, and names it', async () => {
  await world.conversation('c');
  const gone = await world.upload({ deletedAt: dayAgo(31) });
  const kept = await world.upload();
  const parent = await world.call('c', {}, [gone, kept]);
  const child = await world.call('c', {}, [parent, kept]);
  await world.run();
  const details = await detailsIn('c');
  expect(details.get(parent.id)).toMatchObject({
    sourceIds: [kept.id],
    deletedSourceIds: [gone.id],
    lineageIds: [],
  });
  expect(details.get(child.id)).toMatchObject({
    sourceIds: [parent.id, kept.id],
    deletedSourceIds: [],
    lineageIds: [parent.id],
  });
});

it('a line goes over conversations, but not for credentials that reach only one', async () => {
  await world.conversation('first');
  await world.conversation('second');
  const grandparent = await world.call('first');
  const parent = await world.call('first', {}, [grandparent]);
  const child = await world.call('second', {}, [parent]);
  expect((await detailsIn('second')).get(child.id)?.lineageIds).toEqual([grandparent.id, parent.id]);
  const limited = await detailsIn('second', { type: 'Conversation', id: 'second' });
  expect(limited.get(child.id)).toMatchObject({ sourceIds: [], lineageIds: [] });
});

it('a long line has its nearest ancestors', async () => {
  await world.conversation('c');
  const line: Image[] = [await world.call('c')];
  for (let number = 0; number < MAX_EXPORTED_LINEAGE + 20; number += 1) {
    line.push(await world.call('c', {}, line.slice(-1)));
  }
  const details = await detailsIn('c');
  const ids = line.map(({ id }) => id);
  expect(details.get(ids.at(-1) ?? '')?.lineageIds).toEqual(ids.slice(-1 - MAX_EXPORTED_LINEAGE, -1));
  expect(details.get(ids[3] ?? '')?.lineageIds).toEqual(ids.slice(0, 3));
});
