/**
 * `npm run bench [-- <row>…] [--quick] [--profile=<folder>]`: measures the rows, prints them and writes RESULTS.md.
 * `--quick` runs a reduced version in under two minutes, writes nothing, and exits with 1 if a ratio misses its bar, or
 * the result of the last full run where that missed the bar too, by more than a margin in every round. `--profile`
 * writes a CPU profile of the server under test.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { removeFolders } from './harness/folders.ts';
import { lineText } from './harness/print.ts';
import { type Outcome, reachedBefore, writeResults } from './harness/results-file.ts';
import { type Bench, type Report, type Row, SkippedError } from './harness/row.ts';
import { startUpstream } from './harness/upstream.ts';
import { quickVerdictOf, verdictOf } from './harness/verdict.ts';
import { rows } from './rows/index.ts';

const { values: flags, positionals: names } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
  allowPositionals: true,
});
try {
  process.exitCode = await run(flags.quick, flags.profile ?? null, names);
} finally {
  await removeFolders();
}

async function run(quick: boolean, profile: string | null, names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) {
    console.error(`Unknown row: ${unknown.join(', ')}. The rows are ${rows.map(({ name }) => name).join(', ')}.`);
    return 2;
  }
  if (!existsSync(join(import.meta.dirname, 'node_modules'))) {
    console.error('The peers are not installed. Install them with: npm ci --prefix bench');
    return 2;
  }
  await using upstream = await startUpstream();
  const bench: Bench = {
    quick,
    scaled: (full, reduced) => (quick ? reduced : full),
    serverFlags: profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
    upstream,
    say: (words) => console.log(`  … ${words}`),
  };
  const outcomes = new Map<Row, Outcome>();
  const misses: string[] = [];
  for (const row of rows.filter(({ name }) => names.length === 0 || names.includes(name))) {
    console.log(`${row.name}: ${row.title}`);
    const begun = performance.now();
    const outcome = await measure(row, bench);
    outcomes.set(row, outcome);
    // Results are written after each row, so that an interrupted run keeps them.
    if (!quick) {
      writeResults(
        outcomes,
        rows.map(({ name }) => name),
      );
    }
    if ('skipped' in outcome) console.log(`  skipped: ${outcome.skipped}`);
    else {
      for (const line of outcome.report.lines) {
        const verdict = quick ? quickVerdictOf(line, reachedBefore(row.name, line)) : verdictOf(line);
        console.log(lineText(line, verdict));
        if (verdict.pass === false) misses.push(`${row.name}: ${line.label}`);
      }
      for (const note of outcome.report.notes ?? []) console.log(`  (${note})`);
    }
    console.log(`  ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  }
  for (const miss of misses) console.log(`MISS ${miss}`);
  return quick && misses.length > 0 ? 1 : 0;
}

async function measure(row: Row, bench: Bench): Promise<Outcome> {
  try {
    await using opened = new AsyncDisposableStack();
    const report = await row.measure(bench, opened);
    return { report, rounds: `${roundsOf(report)} rounds` };
  } catch (error) {
    if (error instanceof SkippedError) return { skipped: error.message };
    throw error;
  }
}

function roundsOf({ lines }: Report): number {
  return Math.max(0, ...lines.map(({ ours }) => ours.length));
}
