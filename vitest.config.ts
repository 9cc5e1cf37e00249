import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { E2E_TESTS } from './test/e2e/tests.ts';
import { HOSTILE_TESTS } from './test/hostile/tests.ts';

// The workers, and the processes that tests start, keep the code that they have compiled (docs/decisions/2026-11-25-start.md).
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/compile');

/** They replace modules of Node, or measure the memory of their process: each needs a process of its own. */
const ISOLATED_TESTS = ['test/blobs/delete-older.test.ts', 'test/provider/long-answers.test.ts'];

/** They need packages of their own. */
const CLIENT_TESTS = 'test/clients/**';
const clientsInstalled = existsSync(join(import.meta.dirname, 'test/clients/node_modules'));
if (!clientsInstalled) console.warn('Client libraries are not tested: install them with npm ci --prefix test/clients.');

const include = ['test/**/*.test.ts'];
// Those of test/e2e and test/hostile take minutes: `npm run test:e2e` and `npm run test:hostile`.
const exclude = [...configDefaults.exclude, ...E2E_TESTS, ...HOSTILE_TESTS, CLIENT_TESTS];

export default defineConfig({
  // The same build of GraphQL.js that Node loads: GraphQL.js rejects schemas that another build made.
  resolve: { alias: [{ find: /^graphql$/u, replacement: 'graphql/index.js' }] },
  test: {
    // Every wait in the tests has its own deadline. This one only ends what hangs elsewhere.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // One more than the cores of a small machine, because many tests wait for timers and processes.
    maxWorkers: 3,
    projects: [
      { extends: true, test: { name: 'isolated', include: ISOLATED_TESTS, exclude } },
      // The files of a worker share the loaded modules (docs/decisions/2026-11-28-tests-share-processes.md).
      { extends: true, test: { name: 'shared', include, exclude: [...exclude, ...ISOLATED_TESTS], isolate: false } },
      ...(clientsInstalled ? ['test/clients/vitest.config.ts'] : []),
    ],
  },
});
