/** Variants are made once, kept, made again when their bytes are lost, and made in turns of those who ask. */
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BlobWriteError } from '../../src/blobs/blob-store.ts';
import { RateLimitedError } from '../../src/domain/errors.ts';
import { VariantImpossibleError, VariantsBusyError, VariantUnwantedError } from '../../src/domain/images/variant.ts';
import { MAX_WAITING_VARIANTS_PER_PRINCIPAL } from '../../src/images/variants/variant-service.ts';
import { asked, openVariantWorld, storedVariants } from './variant-steps.ts';

async function bytesOf(file: Awaited<ReturnType<Awaited<ReturnType<typeof openVariantWorld>>['service']['file']>>) {
  const { bytes, byteSize, close } = await file.blobs.openRead(file.sha256);
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  close();
  return Buffer.concat(chunks, byteSize);
}

describe('a variant', () => {
  it('is made once, however many ask for it at once and afterwards', async () => {
    await using world = await openVariantWorld();
    const image = await world.addImage('anna', 10);
    const files = await Promise.all(Array.from({ length: 30 }, () => world.service.file(asked(image))));
    files.push(await world.service.file(asked(image)));
    expect(world.rendered).toEqual([10]);
    expect(new Set(files.map(({ sha256 }) => sha256)).size).toBe(1);
    expect(await storedVariants(world.blobs)).toEqual(new Set([files[0]?.sha256]));
  });

  it('is the same for every width that is larger than the image', async () => {
    await using world = await openVariantWorld();
    const image = await world.addImage('anna', 10);
    for (const width of [480, 640, 2560, null]) await world.service.file(asked(image, width));
    expect(world.rendered).toHaveLength(1);
  });

  it('is made for each principal: how long it takes does not tell what others have (promise 10)', async () => {
    await using world = await openVariantWorld();
    for (const principal of ['anna', 'bert']) await world.service.file(asked(await world.addImage(principal, 10)));
    expect(world.rendered).toEqual([10, 10]);
    // The bytes are kept once.
    expect((await storedVariants(world.blobs)).size).toBe(1);
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['missing', (path) => rm(path)],
    ['cut off', (path) => writeFile(path, 'RIFF')],
  ])('whose file is %s is made again', async (_, damage) => {
    await using world = await openVariantWorld();
    const image = await world.addImage('anna', 10);
    const first = await world.service.file(asked(image));
    const bytes = await bytesOf(first);
    await world.blobs.withLocalFile(first.sha256, damage);
    expect(await bytesOf(await world.service.file(asked(image)))).toEqual(bytes);
    expect(world.rendered).toHaveLength(2);
    expect(await bytesOf(await world.service.file(asked(image)))).toEqual(bytes);
    expect(world.rendered).toHaveLength(2);
  });

  it('is sent although it cannot be kept: the disk is full', async () => {
    await using world = await openVariantWorld({
      changeBlobs: (blobs) =>
        Object.assign(Object.create(blobs), {
          put: () => Promise.reject(new BlobWriteError('no space left on device')),
          list: () => blobs.list(),
        }),
    });
    const image = await world.addImage('anna', 10);
    expect((await bytesOf(await world.service.file(asked(image)))).toString('latin1', 8, 12)).toBe('WEBP');
    expect(world.log.join()).toContain('no space left on device');
  });

  it('of a picture that cannot be decoded is refused, and not tried again for ten minutes', async () => {
    let nowMs = Date.now();
    let tries = 0;
    await using world = await openVariantWorld({
      nowMs: () => nowMs,
      beforeRender: async () => {
        tries += 1;
      },
    });
    const image = { ...(await world.addImage('anna', 10)), ...(await world.originals.put(Buffer.from('no picture'))) };
    for (let round = 0; round < 3; round += 1) {
      await expect(world.service.file(asked(image))).rejects.toThrow(VariantImpossibleError);
    }
    expect(tries).toBe(1);
    nowMs += 11 * 60_000;
    await expect(world.service.file(asked(image))).rejects.toThrow(VariantImpossibleError);
    expect(tries).toBe(2);
  });

  it('of an image that is deleted while it is made leaves nothing behind', async () => {
    const { promise: deleted, resolve: release } = Promise.withResolvers<void>();
    await using world = await openVariantWorld({ beforeRender: () => deleted });
    const image = await world.addImage('anna', 10);
    const making = world.service.file(asked(image));
    await world.db.deleteFrom('images').where('id', '=', image.id).execute();
    release();
    expect((await bytesOf(await making)).length).toBeGreaterThan(0);
    expect((await storedVariants(world.blobs)).size).toBe(0);
    expect(await world.db.selectFrom('variants').selectAll().execute()).toEqual([]);
  });
});

describe('the queue', () => {
  it('takes turns: a page of one principal delays the first variant of another by one', async () => {
    await using world = await openVariantWorld();
    const images = await Promise.all([1, 2, 3, 4, 5, 6].map((red) => world.addImage('anna', red)));
    const other = await world.addImage('bert', 99);
    await Promise.all([...images, other].map((image) => world.service.file(asked(image))));
    expect(world.rendered.indexOf(99)).toBeLessThanOrEqual(2);
  });

  it('does not make what nobody waits for when its turn comes', async () => {
    await using world = await openVariantWorld({ beforeRender: () => delay(20) });
    const [first, scrolledPast, shared] = await Promise.all([1, 2, 3].map((red) => world.addImage('anna', red)));
    if (first === undefined || scrolledPast === undefined || shared === undefined) throw new Error('no images');
    const gone = new AbortController();
    const making = [
      world.service.file(asked(first)),
      world.service.file(asked(scrolledPast, 320, gone.signal)),
      world.service.file(asked(shared, 320, gone.signal)),
      world.service.file(asked(shared)),
    ];
    gone.abort();
    const ends = await Promise.allSettled(making);
    // The third client left before it was served, but the fourth wants the same.
    expect([ends[0], ends[1], ends[3]].map((end) => end?.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(ends[1]).toMatchObject({ reason: expect.any(VariantUnwantedError) });
    expect(world.rendered.toSorted()).toEqual([1, 3]);
    // Somebody who comes later gets it.
    await world.service.file(asked(scrolledPast));
    expect(world.rendered).toContain(2);
  });

  it('has an end for each principal, which others do not feel', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await using world = await openVariantWorld({ beforeRender: () => released });
    const annas = await world.addImage('anna', 1);
    const berts = await world.addImage('bert', 2);
    const different = Array.from({ length: MAX_WAITING_VARIANTS_PER_PRINCIPAL }, (_, index) => ({
      ...annas,
      width: 300 + index,
    }));
    const making = different.map((image) => world.service.file(asked(image, null)));
    await delay(50);
    await expect(world.service.file(asked({ ...annas, width: 4_000 }, null))).rejects.toThrow(VariantsBusyError);
    const other = world.service.file(asked(berts));
    release();
    await Promise.all([...making, other]);
    await world.service.file(asked({ ...annas, width: 4_000 }, null));
  });

  it('counts what has to be made for the minute, and nothing that is there', async () => {
    let left = 2;
    await using world = await openVariantWorld({
      async countVariant() {
        if (left === 0) throw new RateLimitedError('Only 2 a minute.', null);
        left -= 1;
      },
    });
    const [first, second, third] = await Promise.all([1, 2, 3].map((red) => world.addImage('anna', red)));
    if (first === undefined || second === undefined || third === undefined) throw new Error('no images');
    for (const image of [first, second, first, second]) await world.service.file(asked(image));
    await expect(world.service.file(asked(third))).rejects.toThrow(RateLimitedError);
    left = 1;
    await world.service.file(asked(third));
  });
});
