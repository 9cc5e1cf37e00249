import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The one build of GraphQL.js that Node takes: schemas of another build are not known as such.
  resolve: { alias: [{ find: /^graphql$/u, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    // Every wait inside has a deadline of its own; this one only ends what hangs outside of them.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
