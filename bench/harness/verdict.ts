/** What a line comes to: its ratio with its spread, and whether its bar is reached. */
import type { Bar, Line } from './row.ts';
import { median } from './statistics.ts';

export interface Verdict {
  readonly ours: number;
  readonly peer: number | null;
  /** Ours by the peer's, each round by itself; null where there is no peer. */
  readonly ratio: { readonly median: number; readonly least: number; readonly most: number } | null;
  /** Null where there is no bar. */
  readonly pass: boolean | null;
}

/** How far beside its bar the best round of a quick run may be, as a part of it. */
const QUICK_MARGIN = 0.2;

/** By the medians of the rounds, without a margin. */
export function verdictOf(line: Line): Verdict {
  return judge(line, (rounds, bar) => reaches(median(rounds), bar.value, bar));
}

/**
 * By the best of the rounds: they are few and short, and what else the machine does can double any figure, but seldom of all
 * of them.
 * @param reached what the line is held against in place of its bar
 */
export function quickVerdictOf(line: Line, reached: number | null): Verdict {
  return judge(line, (rounds, bar) => {
    const value = (reached ?? bar.value) * (bar.is === 'at most' ? 1 + QUICK_MARGIN : 1 - QUICK_MARGIN);
    return rounds.some((round) => reaches(round, value, bar));
  });
}

/** @param passes given what the bar judges, of each round */
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
