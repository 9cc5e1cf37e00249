/**
 * What a row of the bench is: it measures contenders in turn (A B A B) for several rounds and gives lines, each a figure
 * of ours against the same figure of a peer, with the bar that the ratio has to reach.
 */
import type { Upstream } from './upstream.ts';

/** What one contender shows in one round, by name. */
export type Figures = Readonly<Record<string, number>>;

export interface Bar {
  readonly is: 'at least' | 'at most';
  readonly value: number;
  /** `ratio` is ours by peer's, round by round; `ours` is the figure itself. */
  readonly of: 'ratio' | 'ours';
}

export interface Line {
  readonly label: string;
  readonly unit: string;
  /** Ours, one value for each round. */
  readonly ours: readonly number[];
  /** The peer's of the same rounds; null where there is none. */
  readonly peer: readonly number[] | null;
  readonly peerName: string;
  /** Null for what is told for information only. */
  readonly bar: Bar | null;
}

export interface Report {
  readonly lines: readonly Line[];
  /** What a reader has to know to read the lines rightly. */
  readonly notes?: readonly string[];
}

export interface Bench {
  /** A reduced run: fewer rounds, fewer cases. */
  readonly quick: boolean;
  /** The first value in a full run, the second in a quick one. */
  scaled<T>(full: T, quick: T): T;
  /** Node's own flags for the server under test, such as those of a CPU profile. */
  readonly serverFlags: readonly string[];
  readonly upstream: Upstream;
  /** Says on the terminal what is under way. */
  say(words: string): void;
}

export interface Row {
  readonly name: string;
  readonly title: string;
  /** What the row needs is opened into `opened`, and closed behind the row in reverse order. */
  measure(bench: Bench, opened: AsyncDisposableStack): Promise<Report>;
}

/** Thrown by a row that cannot be measured on this machine; the message says why. */
export class SkippedError extends Error {
  override readonly name = 'SkippedError';
}

export const atMost = (value: number): Bar => ({ is: 'at most', value, of: 'ratio' });
export const atLeast = (value: number): Bar => ({ is: 'at least', value, of: 'ratio' });
export const oursAtMost = (value: number): Bar => ({ is: 'at most', value, of: 'ours' });

export type Contenders = Readonly<Record<string, () => Promise<Figures>>>;
export type Rounds<C extends Contenders> = { readonly [Name in keyof C]: readonly Figures[] };

/** Lets each contender go once a round, in the order given. */
export async function interleave<C extends Contenders>(rounds: number, contenders: C): Promise<Rounds<C>> {
  const shown: Record<string, Figures[]> = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, measure] of Object.entries(contenders)) {
      shown[name] ??= [];
      shown[name].push(await measure());
    }
  }
  // Every contender has its entry by now.
  return shown as unknown as Rounds<C>;
}

export interface LineWords {
  readonly label: string;
  readonly figure: string;
  readonly unit: string;
  readonly peerName: string;
  readonly bar: Bar | null;
}

/** The line of one figure that both have shown. */
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
