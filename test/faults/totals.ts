/** Prints the seed before the run, and the totals after it. */
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ROUNDS, SEED } from './rounds.ts';

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const startedAt = performance.now();
  const root = await mkdtemp(join(tmpdir(), 'darkroom-faults-'));
  const directory = join(root, 'tallies');
  await mkdir(directory);
  project.provide('tallyDir', directory);
  project.provide('compileCache', join(root, 'compiled'));
  console.log(`FAULT_SEED=${SEED} FAULT_ROUNDS=${ROUNDS}`);
  return async () => {
    const rows: Record<string, Record<string, number>> = {};
    const total: Record<string, number> = {};
    for (const file of (await readdir(directory)).sort()) {
      const counts: Record<string, number> = JSON.parse(await readFile(join(directory, file), 'utf8'));
      rows[basename(file, '.json')] = counts;
      for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
    }
    console.table({ ...rows, total });
    console.log(`FAULT_SEED=${SEED}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
    await rm(root, { recursive: true, force: true });
  };
}
