/** What a line comes to: its ratio with its spread, and whether its bar is reached. */
import type { Line } from './row.ts';
import { median } from './statistics.ts';

export interface Verdict {
  readonly ours: number;
  readonly peer: number | null;
  /** Ours by the peer's, each round by itself; null where there is no peer. */
  readonly ratio: { readonly median: number; readonly least: number; readonly most: number } | null;
  /** Null where there is no bar. */
  readonly pass: boolean | null;
}

/**
 * How far beside its bar a quick run may be: its rounds are few and short, and the machine may have other work.
 * A full run has no margin.
 */
export const QUICK_MARGIN = 0.35;

/**
 * @param margin how far beside its bar a line may be, as a part of it
 * @param reached what the line is held against in place of its bar
 */
export function verdictOf({ ours, peer, bar }: Line, margin = 0, reached: number | null = null): Verdict {
  const ratios = peer?.map((value, round) => (ours[round] ?? Number.NaN) / value) ?? null;
  const ratio =
    ratios === null ? null : { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
  const own = median(ours);
  const judged = bar?.of === 'ours' ? own : ratio?.median;
  return {
    ours: own,
    peer: peer === null ? null : median(peer),
    ratio,
    pass:
      bar === null || judged === undefined ? null : reaches(judged, { ...bar, value: reached ?? bar.value }, margin),
  };
}

function reaches(value: number, bar: NonNullable<Line['bar']>, margin: number): boolean {
  return bar.is === 'at most' ? value <= bar.value * (1 + margin) : value >= bar.value * (1 - margin);
}
