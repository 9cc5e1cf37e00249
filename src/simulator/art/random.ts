/**
 * Seeded random numbers: every choice in a drawing follows from its words. Streams are forked by name, so that another
 * choice in one place changes nothing in others.
 */
import { createHash } from 'node:crypto';

export class Random {
  readonly #key: string;
  #state: number;

  constructor(key: string) {
    this.#key = key;
    this.#state = createHash('sha256').update(key).digest().readUInt32LE(0);
  }

  /** An independent stream for one part of the picture. */
  fork(name: string): Random {
    return new Random(`${this.#key}\u0000${name}`);
  }

  /** At least 0, less than 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  integer(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[Math.floor(this.next() * list.length)] ?? list[0];
  }
}
