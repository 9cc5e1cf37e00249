/** Shared by the parts of the growth row: the same operation with much data and with little. */
import type { Child } from '../harness/child.ts';
import { atMost, type Bench, type Figures, type Line, lineOf } from '../harness/row.ts';
import { median } from '../harness/statistics.ts';
import type { Lap, StopwatchApi } from '../processes/stopwatch.ts';

export type Stopwatch = Child<StopwatchApi>;

export interface GrowthCase {
  readonly label: string;
  /** The maximum ratio of the time with much data to the time with little. */
  readonly bar: number;
  /** The number of laps of a round. */
  readonly laps: number;
  /** `turn` counts the laps of all rounds, from 0. */
  readonly large: (turn: number) => Promise<Lap>;
  readonly small: (turn: number) => Promise<Lap>;
}

/** If a round would take longer, a few laps measure it well enough. */
const ENOUGH_MS = 2_000;
const ENOUGH_LAPS = 5;

/**
 * Two lines: the time, and the CPU time of the server, which excludes the client and the disk. The two alternate lap by
 * lap, so that other work on the machine affects both.
 */
export async function compare(bench: Bench, { label, bar, laps, ...contenders }: GrowthCase): Promise<readonly Line[]> {
  bench.say(label);
  let turn = 0;
  const round = async () => {
    const large: Lap[] = [];
    const small: Lap[] = [];
    const begunAt = performance.now();
    while (large.length < laps) {
      if (large.length >= ENOUGH_LAPS && performance.now() - begunAt > ENOUGH_MS) break;
      large.push(await contenders.large(turn));
      small.push(await contenders.small(turn));
      turn += 1;
    }
    return { large: figuresOf(large), small: figuresOf(small) };
  };
  // The first lap uses cold paths.
  await round();
  const rounds: { readonly large: Figures; readonly small: Figures }[] = [];
  while (rounds.length < bench.scaled(9, 2)) rounds.push(await round());
  const [large, small] = [rounds.map((each) => each.large), rounds.map((each) => each.small)];
  const words = { unit: 'ms', peerName: 'itself, small', bar: atMost(bar) };
  return [
    lineOf(large, small, { ...words, label: `${label}, p50`, figure: 'p50' }),
    lineOf(large, small, { ...words, label: `${label}, CPU of the server`, figure: 'cpu' }),
  ];
}

function figuresOf(laps: readonly Lap[]): Figures {
  return { p50: median(laps.map(({ ms }) => ms)), cpu: laps.reduce((sum, { cpu }) => sum + cpu, 0) / laps.length };
}
