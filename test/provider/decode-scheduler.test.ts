import { setImmediate as nextRound } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { DecodeScheduler, type DecodeSlot } from '../../src/provider/openai/stream/decode-scheduler.ts';

const CHUNK = 64 * 1024;

/** Streams that have all brought chunks; tells which decoded one, in the order in which they did. */
function streams(count: number) {
  const turns = new DecodeScheduler();
  const order: number[] = [];
  const decode = async (stream: number, turn: DecodeSlot, byteLength = CHUNK) => {
    await turn.take(byteLength);
    order.push(stream);
  };
  return { order, decode, joined: Array.from({ length: count }, () => turns.join()) };
}

it('what is read alone is decoded at once, whatever its size', async () => {
  const [turn] = streams(1).joined;
  expect(turn?.take(10 * CHUNK)).toBeNull();
  await nextRound();
  expect(turn?.take(1)).toBeNull();
});

it('a stream that is read alone goes on in the same round, up to half a megabyte', async () => {
  const { order, decode, joined } = streams(1);
  const decoded = joined.map(async (turn, stream) => {
    for (let chunk = 0; chunk < 12; chunk += 1) await decode(stream, turn);
  });
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
  expect(order).toHaveLength(8);
  await Promise.all(decoded);
});

it('a stream that was alone waits for those that have come, like they for it', async () => {
  const { order, decode, joined } = streams(2);
  const [first, second] = joined;
  for (let chunk = 0; chunk < 3; chunk += 1) await decode(0, first as DecodeSlot);
  const decoded = [decode(1, second as DecodeSlot), decode(0, first as DecodeSlot)];
  await Promise.resolve();
  expect(order).toEqual([0, 0, 0]);
  await nextRound();
  expect(order).toEqual([0, 0, 0, 0]);
  await Promise.all(decoded);
  expect(order).toEqual([0, 0, 0, 0, 1]);
});

it('one round of the event loop decodes one chunk, however many streams have brought one', async () => {
  const { order, decode, joined } = streams(4);
  const decoded = joined.map((turn, stream) => decode(stream, turn));
  for (const expected of [[0], [0, 1], [0, 1, 2], [0, 1, 2, 3]]) {
    await Promise.resolve();
    expect(order).toEqual(expected);
    await nextRound();
  }
  await Promise.all(decoded);
});

it('what is small goes together in one round', async () => {
  const { order, decode, joined } = streams(5);
  const decoded = joined.map((turn, stream) => decode(stream, turn, stream === 0 ? CHUNK : 100));
  await nextRound();
  await nextRound();
  expect(order).toEqual([0, 1, 2, 3, 4]);
  await Promise.all(decoded);
});

it('the picture that began first is decoded to its end before the others', async () => {
  const { order, decode, joined } = streams(3);
  const decoded = joined.map(async (turn, stream) => {
    for (let chunk = 0; chunk < 3; chunk += 1) await decode(stream, turn);
  });
  await Promise.all(decoded);
  expect(order).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
});

it('a stream whose picture is whole stands behind those that have begun, with its next one', async () => {
  const { order, decode, joined } = streams(2);
  const decoded = joined.map(async (turn, stream) => {
    for (let picture = 0; picture < 2; picture += 1) {
      for (let chunk = 0; chunk < 2; chunk += 1) await decode(stream, turn);
      turn.end();
    }
  });
  await Promise.all(decoded);
  expect(order).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
});
