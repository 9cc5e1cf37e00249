/** A turn of a conversation, at its first and when there were 200 before it. */
import type { Darkroom } from '../harness/darkroom.ts';
import type { Bench, Line } from '../harness/row.ts';
import { promptOf } from '../processes/order.ts';
import type { Lap } from '../processes/stopwatch.ts';
import { compare, type Stopwatch } from './growth-cases.ts';

const BAR = 1.2;
/** Small, so that the picture itself does not hide what is around it. */
const BYTES = 20_000;

export async function measureTurns(
  bench: Bench,
  stopwatch: Stopwatch,
  { url, pid }: Darkroom,
): Promise<readonly Line[]> {
  const turns = bench.scaled(200, 12);
  await bench.upstream.call('prepare', BYTES);
  const target = { url, pid };
  const prompt = promptOf({ mode: 'flow', key: 'turn', bytes: BYTES, partials: 1 });

  /** Refines what a conversation has come to. */
  async function goOn(from: string): Promise<{ readonly lap: Lap; readonly newest: string }> {
    const { imageId, ...lap } = await stopwatch.call('turn', target, from, prompt);
    return { lap, newest: imageId };
  }

  bench.say(`${turns} turns of a conversation`);
  let newest = await stopwatch.call('converse', target, prompt);
  for (let turn = 0; turn < turns; turn += 1) ({ newest } = await goOn(newest));

  let first = newest;
  return compare(bench, {
    label: `a turn behind ${turns}, against the first`,
    bar: BAR,
    laps: bench.scaled(40, 6),
    large: async () => {
      // Begun here, so that both turns come right behind another call.
      first = await stopwatch.call('converse', target, prompt);
      const turn = await goOn(newest);
      ({ newest } = turn);
      return turn.lap;
    },
    small: async () => (await goOn(first)).lap,
  });
}
