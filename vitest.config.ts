import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The one build of GraphQL.js that Node takes: schemas of another build are not known as such.
  resolve: { alias: [{ find: /^graphql$/u, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
