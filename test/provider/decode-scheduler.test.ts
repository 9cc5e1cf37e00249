/** What a user would notice of the scheduler: how long the event loop is blocked, and which picture is complete first. */
import { setImmediate as nextIteration } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { DecodeScheduler, type DecodeSlot } from '../../src/provider/openai/stream/decode-scheduler.ts';

const CHUNK = 64 * 1024;

type Decode = (byteLength?: number) => Promise<void>;

/**
 * Runs a script for each stream at the same time.
 * @returns for each iteration of the event loop, which streams decoded a chunk, in order
 */
async function decodeTogether(scripts: readonly ((decode: Decode, slot: DecodeSlot) => Promise<void>)[]) {
  const scheduler = new DecodeScheduler();
  const iterations: number[][] = [[]];
  let isRunning = true;
  const watching = (async () => {
    while (isRunning) {
      await nextIteration();
      iterations.push([]);
    }
  })();
  const decoding = scripts.map((script, stream) => {
    const slot = scheduler.register();
    const decode = async (byteLength = CHUNK) => {
      await slot.acquire(byteLength);
      iterations.at(-1)?.push(stream);
    };
    return script(decode, slot);
  });
  await Promise.all(decoding);
  isRunning = false;
  await watching;
  return iterations.filter((streams) => streams.length > 0);
}

/** A stream that has received this many chunks of one picture. */
function chunks(count: number) {
  return async (decode: Decode) => {
    for (let chunk = 0; chunk < count; chunk += 1) await decode();
  };
}

it('what is read alone is decoded at once, whatever its size', async () => {
  const slot = new DecodeScheduler().register();
  expect(slot.acquire(10 * CHUNK)).toBeNull();
  await nextIteration();
  expect(slot.acquire(1)).toBeNull();
});

it('a stream that is read alone goes on in the same round, up to half a megabyte', async () => {
  const iterations = await decodeTogether([chunks(12)]);
  expect(iterations.map((streams) => streams.length)).toEqual([8, 4]);
});

it('a stream that was alone waits for those that have come, like they for it', async () => {
  const aloneAtFirst = Promise.withResolvers<void>();
  const iterations = await decodeTogether([
    async (decode) => {
      await chunks(3)(decode);
      aloneAtFirst.resolve();
      await decode();
    },
    async (decode) => {
      await aloneAtFirst.promise;
      await decode();
    },
  ]);
  expect(iterations.flat().toSorted()).toEqual([0, 0, 0, 0, 1]);
  // Once there are two streams, no iteration decodes more than one chunk.
  expect(iterations.slice(1).every((streams) => streams.length === 1)).toBe(true);
  expect(iterations.flat().indexOf(1)).toBeGreaterThanOrEqual(3);
});

it('one round of the event loop decodes one chunk, however many streams have brought one', async () => {
  const iterations = await decodeTogether([chunks(1), chunks(1), chunks(1), chunks(1)]);
  expect(iterations).toEqual([[0], [1], [2], [3]]);
});

it('what is small goes together in one round', async () => {
  const small = (decode: Decode) => decode(100);
  const iterations = await decodeTogether([chunks(1), small, small, small, small]);
  expect(iterations).toEqual([[0], [1, 2, 3, 4]]);
});

it('the picture that began first is decoded to its end before the others', async () => {
  const iterations = await decodeTogether([chunks(3), chunks(3), chunks(3)]);
  expect(iterations.flat()).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
});

it('a stream whose picture is whole stands behind those that have begun, with its next one', async () => {
  const twoPictures = async (decode: Decode, slot: DecodeSlot) => {
    for (let picture = 0; picture < 2; picture += 1) {
      await chunks(2)(decode);
      slot.endPicture();
    }
  };
  const iterations = await decodeTogether([twoPictures, twoPictures]);
  expect(iterations.flat()).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
});
