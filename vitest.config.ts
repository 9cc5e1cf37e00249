import { configDefaults, defineConfig } from 'vitest/config';
import { HOSTILE_TESTS } from './test/hostile/tests.ts';

export default defineConfig({
  // The same build of GraphQL.js that Node loads: GraphQL.js rejects schemas that another build made.
  resolve: { alias: [{ find: /^graphql$/u, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    // They take minutes: `npm run test:hostile`.
    exclude: [...configDefaults.exclude, ...HOSTILE_TESTS],
    // Every wait in the tests has its own deadline. This one only ends what hangs elsewhere.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // One more than the cores of a small machine, because many tests wait for timers and processes.
    maxWorkers: 3,
  },
});
