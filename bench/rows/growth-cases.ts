/** What the parts of the growth row have in common: the same thing done where there is much and where there is little. */
import type { Child } from '../harness/child.ts';
import { atMost, type Bench, type Figures, type Line, lineOf } from '../harness/row.ts';
import { median } from '../harness/statistics.ts';
import type { Lap, StopwatchApi } from '../processes/stopwatch.ts';

export type Stopwatch = Child<StopwatchApi>;

export interface GrowthCase {
  readonly label: string;
  /** How many times as much it may be where there is much. */
  readonly bar: number;
  /** How many laps a round has. */
  readonly laps: number;
  /** `turn` counts the laps of all rounds, from 0. */
  readonly large: (turn: number) => Promise<Lap>;
  readonly small: (turn: number) => Promise<Lap>;
}

/** What is so slow that a round takes longer is measured well enough by a few laps. */
const ENOUGH_MS = 2_000;
const ENOUGH_LAPS = 5;

/**
 * Two lines: how long it takes, and what it costs the server, which is free of the client's and the disk's part.
 * The two go in turn lap by lap, so that other work on the machine meets both.
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
  // The first finds cold paths.
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
