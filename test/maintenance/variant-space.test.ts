/** The store of the variants stays within its limit, and has nothing of images that are gone. */
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { insertCall } from '../../src/db/queries/calls.ts';
import { insertConversation } from '../../src/db/queries/conversations.ts';
import { variantReferences } from '../../src/db/queries/engine/blob-references.ts';
import { insertPartialImage } from '../../src/db/queries/images/partial-images.ts';
import { createBlobGarbageCollector } from '../../src/maintenance/blob-garbage.ts';
import { AT, callOf, conversationOf, partialImageOf } from '../contract/database-rows.ts';
import { asked, openVariantWorld, storedVariants } from '../images/variant-steps.ts';

const HOUR_MS = 3_600_000;

async function bytesIn(world: Awaited<ReturnType<typeof openVariantWorld>>): Promise<number> {
  let bytes = 0;
  for await (const { byteSize } of world.blobs.list()) bytes += byteSize;
  return bytes;
}

it('removes what was unused for longest when there are too many bytes', async () => {
  let nowMs = Date.UTC(2026, 10, 28);
  await using world = await openVariantWorld({ maxBytes: 4_000, nowMs: () => nowMs });
  const images = await Promise.all(Array.from({ length: 40 }, (_, index) => world.addImage('anna', index)));
  const [favourite] = images;
  if (favourite === undefined) throw new Error('no images');
  for (const image of images) {
    nowMs += 2 * HOUR_MS;
    await world.service.file(asked(favourite));
    await world.service.file(asked(image));
    await world.space.settled();
    expect(await bytesIn(world)).toBeLessThanOrEqual(4_000);
  }
  // It was drawn once, although all others have made room for newer ones.
  expect(world.rendered.filter((red) => red === 0)).toHaveLength(1);
  const rows = await world.db.selectFrom('variants').select('sha256').execute();
  expect(new Set(rows.map(({ sha256 }) => sha256))).toEqual(await storedVariants(world.blobs));
});

it('removes every variant of an image that is deleted, and keeps the bytes that another principal has', async () => {
  await using world = await openVariantWorld();
  const [annas, berts] = [await world.addImage('anna', 10), await world.addImage('bert', 10)];
  for (const image of [annas, berts]) for (const width of [160, 320]) await world.service.file(asked(image, width));
  const both = await storedVariants(world.blobs);
  // Nothing happens while the image is there.
  await world.space.removeOrphans();
  expect(await world.db.selectFrom('variants').selectAll().execute()).toHaveLength(4);
  await world.db.deleteFrom('images').where('id', '=', annas.id).execute();
  for (let round = 0; round < 2; round += 1) await world.space.removeOrphans();
  expect(await storedVariants(world.blobs)).toEqual(both);
  expect(await world.db.selectFrom('variants').select('principal').distinct().execute()).toEqual([
    { principal: 'bert' },
  ]);
  await world.db.deleteFrom('images').execute();
  await world.space.removeOrphans();
  expect((await storedVariants(world.blobs)).size).toBe(0);
});

it('keeps the variants of a partial image until that goes, and makes none of what is gone', async () => {
  await using world = await openVariantWorld();
  const image = await world.addImage('anna', 10);
  const partial = partialImageOf('partial', { sha256: image.sha256 });
  await insertConversation(world.db, conversationOf('conversation', { principal: 'anna' }));
  await insertCall(world.db, callOf('call', { principal: 'anna' }));
  await insertPartialImage(world.db, { principal: 'anna', callId: 'call', itemId: null, at: AT }, partial);
  await world.db.deleteFrom('images').execute();
  const { sha256 } = await world.service.file(asked(image));
  await world.space.removeOrphans();
  expect(await storedVariants(world.blobs)).toEqual(new Set([sha256]));
  expect(await world.db.selectFrom('variants').selectAll().execute()).toHaveLength(1);
  await world.db.deleteFrom('partial_images').execute();
  await world.space.removeOrphans();
  expect(await storedVariants(world.blobs)).toEqual(new Set());
});

it('a collection removes variants whose image is gone, and files without a row, as a kill leaves them', async () => {
  await using world = await openVariantWorld();
  const [kept, gone] = [await world.addImage('anna', 10), await world.addImage('anna', 20)];
  const file = await world.service.file(asked(kept));
  await world.service.file(asked(gone));
  await world.blobs.put(Buffer.from('stored, and then the server was killed'));
  await world.db.deleteFrom('images').where('id', '=', gone.id).execute();
  const collector = createBlobGarbageCollector({
    references: () => variantReferences(world.db),
    before: world.space.removeOrphans,
    blobs: world.blobs,
    graceMs: -HOUR_MS,
    nowMs: Date.now,
    signal: new AbortController().signal,
    logger: pino({ level: 'silent' }),
  });
  await collector.collect();
  expect(await storedVariants(world.blobs)).toEqual(new Set([file.sha256]));
});
