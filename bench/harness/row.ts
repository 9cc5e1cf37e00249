/**
 * The types of a row. A row measures alternating contenders (A B A B) for several rounds, and returns lines: a figure
 * of ours compared with the same figure of a peer, with the bar for the ratio.
 */
import type { Upstream } from './upstream.ts';

/** The figures of one contender in one round, by name. */
export type Figures = Readonly<Record<string, number>>;

export interface Bar {
  readonly is: 'at least' | 'at most';
  readonly value: number;
  /** `ratio` compares ours divided by the peer's, round by round; `ours` compares our figure itself. */
  readonly of: 'ratio' | 'ours';
}

export interface Line {
  readonly label: string;
  readonly unit: string;
  /** Our figures, one for each round. */
  readonly ours: readonly number[];
  /** The figures of the peer in the same rounds; null without a peer. */
  readonly peer: readonly number[] | null;
  readonly peerName: string;
  /** Null for a line that is only informative. */
  readonly bar: Bar | null;
}

export interface Report {
  readonly lines: readonly Line[];
  /** Explanations for the reader. */
  readonly notes?: readonly string[];
}

export interface Bench {
  /** Whether this is a reduced run, with fewer rounds and cases. */
  readonly quick: boolean;
  /** Returns the first value in a full run, the second in a quick run. */
  scaled<T>(full: T, quick: T): T;
  /** Node's flags for the server under test, for example for a CPU profile. */
  readonly serverFlags: readonly string[];
  readonly upstream: Upstream;
  /** Prints the current step on the terminal. */
  say(words: string): void;
}

export interface Row {
  readonly name: string;
  readonly title: string;
  /** Resources are added to `opened`, and closed in reverse order after the row. */
  measure(bench: Bench, opened: AsyncDisposableStack): Promise<Report>;
}

/** Thrown by a row that cannot be measured on this machine. The message gives the reason. */
export class SkippedError extends Error {
  override readonly name = 'SkippedError';
}

export const atMost = (value: number): Bar => ({ is: 'at most', value, of: 'ratio' });
export const atLeast = (value: number): Bar => ({ is: 'at least', value, of: 'ratio' });
export const oursAtMost = (value: number): Bar => ({ is: 'at most', value, of: 'ours' });

export type Contenders = Readonly<Record<string, () => Promise<Figures>>>;
export type Rounds<C extends Contenders> = { readonly [Name in keyof C]: readonly Figures[] };

/** Runs each contender once per round, in the given order. */
export async function interleave<C extends Contenders>(rounds: number, contenders: C): Promise<Rounds<C>> {
  const shown: Record<string, Figures[]> = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, measure] of Object.entries(contenders)) {
      shown[name] ??= [];
      shown[name].push(await measure());
    }
  }
  // Every contender has an entry by now.
  return shown as unknown as Rounds<C>;
}

export interface LineWords {
  readonly label: string;
  readonly figure: string;
  readonly unit: string;
  readonly peerName: string;
  readonly bar: Bar | null;
}

/** The line for one figure of both contenders. */
export function lineOf(ours: readonly Figures[], peer: readonly Figures[] | null, words: LineWords): Line {
  const { label, figure, unit, peerName, bar } = words;
  const pick = (rounds: readonly Figures[]) => rounds.map((figures) => figureOf(figures, figure));
  return { label, unit, ours: pick(ours), peer: peer === null ? null : pick(peer), peerName, bar };
}

function figureOf(figures: Figures, name: string): number {
  const value = figures[name];
  if (value === undefined || Number.isNaN(value)) throw new Error(`there is no figure ${name}`);
  return value;
}
