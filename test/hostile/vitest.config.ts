/** `npm run test:hostile`: hostile inputs, floods and planted leaks. HOSTILE, HOSTILE_CASES and HOSTILE_SEED say how many. */
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import common from '../../vitest.config.ts';
import { HOSTILE_TESTS } from './tests.ts';

const { projects: _, ...options } = common.test ?? {};

export default defineConfig({
  ...common,
  root: join(import.meta.dirname, '../..'),
  // Fewer at once than in other tests: they measure what one server does.
  test: { ...options, include: HOSTILE_TESTS, maxWorkers: 2 },
});
