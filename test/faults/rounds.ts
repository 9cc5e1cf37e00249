/** How often each fault runs, and its random choices: the same FAULT_SEED gives the same choices. */
import { createHash } from 'node:crypto';

/** Fixed by default, so that two runs of the same code differ only in timing. */
export const SEED = process.env['FAULT_SEED'] ?? '20261123';
export const ROUNDS = Number(process.env['FAULT_ROUNDS'] ?? 20);
if (!Number.isInteger(ROUNDS) || ROUNDS < 1) throw new Error('FAULT_ROUNDS must be a whole number from 1.');

export interface Random {
  /** 0..1 */
  next(): number;
  /** A whole number from `least` to `most`. */
  integer(least: number, most: number): number;
  pick<T>(from: readonly T[]): T;
}

/** Random numbers seeded by `name`, so that one test's choices do not affect another's. */
export function createRandom(name: string): Random {
  let state = createHash('sha256').update(`${SEED}:${name}`).digest().readUInt32LE(0);
  const next = () => {
    // mulberry32: small, fast, and good enough to choose moments.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    integer,
    pick(from) {
      const chosen = from[integer(0, from.length - 1)];
      if (chosen === undefined) throw new Error('There is nothing to pick from.');
      return chosen;
    },
  };
}
