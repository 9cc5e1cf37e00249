/** `npm run test:faults`: what breaks, seeded by FAULT_SEED, each fault FAULT_ROUNDS times. */
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { ROUNDS } from './rounds.ts';

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    include: ['test/faults/**/*.faults.ts'],
    globalSetup: ['test/faults/totals.ts'],
    // Every wait inside has a deadline of its own; this one only ends what hangs outside of them.
    testTimeout: (ROUNDS + 1) * 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
