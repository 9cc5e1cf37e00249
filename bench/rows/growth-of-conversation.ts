/** A turn of a conversation: the first one, and one after 200 others. */
import type { Darkroom } from '../harness/darkroom.ts';
import type { Bench, Line } from '../harness/row.ts';
import { promptOf } from '../processes/order.ts';
import type { Lap } from '../processes/stopwatch.ts';
import { compare, type Stopwatch } from './growth-cases.ts';

const BAR = 1.2;
/** Small, so that the image itself does not dominate the time. */
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

  /** Refines the newest image of a conversation. */
  async function goOn(from: string): Promise<{ readonly lap: Lap; readonly newest: string }> {
    const { imageId, ...lap } = await stopwatch.call('turn', target, from, prompt);
    return { lap, newest: imageId };
  }

  bench.say(`${turns} turns of a conversation`);
  let newest = await stopwatch.call('converse', target, prompt);
  for (let turn = 0; turn < turns; turn += 1) ({ newest } = await goOn(newest));

  let first = newest;
  return compare(bench, {
    label: `a turn after ${turns} others, compared with the first`,
    bar: BAR,
    laps: bench.scaled(40, 6),
    large: async () => {
      // Started here, so that both turns follow directly after another call.
      first = await stopwatch.call('converse', target, prompt);
      const turn = await goOn(newest);
      ({ newest } = turn);
      return turn.lap;
    },
    small: async () => (await goOn(first)).lap,
  });
}
