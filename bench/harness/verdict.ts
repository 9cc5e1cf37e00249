/** The result of a line: its ratio, its spread, and whether it reaches its bar. */
import type { Bar, Line } from './row.ts';
import { median } from './statistics.ts';

export interface Verdict {
  readonly ours: number;
  readonly peer: number | null;
  /** Ours divided by the peer's, for each round; null without a peer. */
  readonly ratio: { readonly median: number; readonly least: number; readonly most: number } | null;
  /** Null without a bar. */
  readonly pass: boolean | null;
}

/** How far the best round of a quick run may miss the bar, as a fraction of it. */
const QUICK_MARGIN = 0.2;

/** Uses the median of the rounds, without a margin. */
export function verdictOf(line: Line): Verdict {
  return judge(line, (rounds, bar) => reaches(median(rounds), bar.value, bar));
}

/**
 * Uses the best round: rounds are few and short, and other work on the machine can double any figure, but rarely in all
 * rounds.
 * @param reached the value to compare with in place of the bar
 */
export function quickVerdictOf(line: Line, reached: number | null): Verdict {
  return judge(line, (rounds, bar) => {
    const value = (reached ?? bar.value) * (bar.is === 'at most' ? 1 + QUICK_MARGIN : 1 - QUICK_MARGIN);
    return rounds.some((round) => reaches(round, value, bar));
  });
}

/** @param passes decides from the value of each round */
function judge({ ours, peer, bar }: Line, passes: (rounds: readonly number[], bar: Bar) => boolean): Verdict {
  const ratios = peer?.map((value, round) => (ours[round] ?? Number.NaN) / value) ?? [];
  const ratio =
    ratios.length === 0 ? null : { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
  return {
    ours: median(ours),
    peer: peer === null ? null : median(peer),
    ratio,
    pass: bar === null ? null : passes(bar.of === 'ours' ? ours : ratios, bar),
  };
}

function reaches(value: number, limit: number, { is }: Bar): boolean {
  return is === 'at most' ? value <= limit : value >= limit;
}
