/** `npm run test:e2e`: Studio, GraphiQL, and clients of the API in a real browser. */
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import common from '../../vitest.config.ts';
import { E2E_TESTS } from './tests.ts';

const { projects: _, ...options } = common.test ?? {};

export default defineConfig({
  ...common,
  root: join(import.meta.dirname, '../..'),
  // Fewer at once than in other tests: a browser has several processes.
  test: { ...options, include: E2E_TESTS, maxWorkers: 2 },
});
