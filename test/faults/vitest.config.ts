/** `npm run test:faults`: each fault FAULT_ROUNDS times, seeded by FAULT_SEED. */
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { ROUNDS } from './rounds.ts';

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  // The same build of GraphQL.js that Node loads: GraphQL.js rejects schemas that another build made.
  resolve: { alias: [{ find: /^graphql$/u, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/faults/**/*.faults.ts'],
    globalSetup: ['test/faults/totals.ts'],
    // Every wait in the tests has its own deadline. This one only ends what hangs elsewhere.
    testTimeout: (ROUNDS + 1) * 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
