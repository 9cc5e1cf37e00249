/** What was played and what came of it, counted over all files; totals.ts shows the table. */
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
  /** Files that nothing named when a server started, and that were gone or named when the round was over. */
  'strays',
  'reconnects',
  'events',
] as const;

export type Tally = Record<(typeof COUNTS)[number], number>;

declare module 'vitest' {
  interface ProvidedContext {
    readonly tallyDir: string;
    /** Where servers keep what they compiled. */
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
    strays: 0,
    reconnects: 0,
    events: 0,
  };
}

/** The counts of this file, handed in when it ends. */
export function keepTally(name: string): Tally {
  const tally = emptyTally();
  afterAll(() => writeFile(join(inject('tallyDir'), `${name}.json`), JSON.stringify(tally)));
  return tally;
}
