/** Counts of what the fault tests did and saw, over all files. totals.ts prints the table. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';

export const COUNTS = [
  'rounds',
  'kills',
  'calls',
  'completed',
  'failed',
  'cancelled',
  'creates',
  'attempts',
  'upstreamResumes',
  /** Files without a row when a server started. At the end of the round they are collected or have a row. */
  'leakedFiles',
  'reconnects',
  'events',
] as const;

export type Tally = Record<(typeof COUNTS)[number], number>;

declare module 'vitest' {
  interface ProvidedContext {
    readonly tallyDir: string;
    /** The compile cache of the servers. */
    readonly compileCache: string;
  }
}

export function emptyTally(): Tally {
  return {
    rounds: 0,
    kills: 0,
    calls: 0,
    completed: 0,
    failed: 0,
    cancelled: 0,
    creates: 0,
    attempts: 0,
    upstreamResumes: 0,
    leakedFiles: 0,
    reconnects: 0,
    events: 0,
  };
}

/** The counts of this file, saved when it ends. */
export function keepTally(name: string): Tally {
  const tally = emptyTally();
  afterAll(() => writeFile(join(inject('tallyDir'), `${name}.json`), JSON.stringify(tally)));
  return tally;
}
