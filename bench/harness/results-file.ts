/**
 * Reads and writes bench/RESULTS.md: one section per row, with the time and the commit of its measurement. A run of
 * some rows replaces only their sections.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { tableOf } from './print.ts';
import type { Line, Report, Row } from './row.ts';

const ROOM = join(import.meta.dirname, '..');
const FILE = join(ROOM, 'RESULTS.md');
const SECTION = /^## `(?<name>[a-z-]+)`/u;

export type Outcome = { readonly report: Report; readonly rounds: string } | { readonly skipped: string };

/** @param order the names of all rows, in the order of the sections */
export function writeResults(outcomes: ReadonlyMap<Row, Outcome>, order: readonly string[]): void {
  const sections = readSections();
  for (const [row, outcome] of outcomes) sections.set(row.name, sectionOf(row, outcome));
  const known = order.flatMap((name) => sections.get(name) ?? []);
  writeFileSync(FILE, `${[HEAD, machine(), ...known].join('\n\n')}\n`);
}

/**
 * The result of a line in the last full run if it missed its bar; null if it did not, or was not measured. A quick run
 * compares with this result, so that it reports only what got worse.
 */
export function reachedBefore(row: string, { label, bar }: Line): number | null {
  for (const line of readSections().get(row)?.split('\n') ?? []) {
    const [, what, , ours = '', , ratio = '', , verdict] = line.split('|').map((cell) => cell.trim());
    if (what !== label || verdict !== 'MISS') continue;
    return Number.parseFloat((bar?.of === 'ours' ? ours : ratio).replaceAll(',', ''));
  }
  return null;
}

const HEAD = `# Results

Written by \`npm run bench\`; do not edit. Each line is the median of several rounds of one run, in which this server
("ours") and the peer alternated. The ratio is ours divided by the peer's, computed for each round. Upstream, load and
servers run in separate processes on one machine. The server is \`node src/main.ts\` with its defaults, except that
\`CONCURRENCY\` is the number of calls of the row.`;

function machine(): string {
  const [cpu] = cpus();
  const peers = versionsOf(Object.keys(dependencies()));
  return [
    `- Machine: ${cpu?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB; Linux ${release()}, ${distribution()}`,
    `- Node ${process.versions.node}; ${peers}; ${nginxVersion()}`,
  ].join('\n');
}

function sectionOf(row: Row, outcome: Outcome): string {
  const head = `## \`${row.name}\` ${row.title}`;
  if ('skipped' in outcome) return [head, `Skipped on ${today()}: ${outcome.skipped}`].join('\n\n');
  const { report, rounds } = outcome;
  const notes = (report.notes ?? []).map((note) => `- ${note}`).join('\n');
  return [head, `${today()}, ${commit()}, ${rounds}`, tableOf(report.lines), notes].filter(Boolean).join('\n\n');
}

function readSections(): Map<string, string> {
  if (!existsSync(FILE)) return new Map();
  const parts = readFileSync(FILE, 'utf8')
    .trimEnd()
    .split(/\n\n(?=## )/u);
  return new Map(
    parts.flatMap((part) => {
      const name = SECTION.exec(part)?.groups?.['name'];
      return name === undefined ? [] : [[name, part]];
    }),
  );
}

function today(): string {
  return new Date().toISOString().slice(0, 16).replace('T', ' ');
}

function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOM, encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--', '../src', '../schema') === '' ? '' : ' with changes';
    return `commit ${git('rev-parse', '--short', 'HEAD')}${changed}`;
  } catch {
    return 'no commit';
  }
}

function dependencies(): Readonly<Record<string, string>> {
  // Our own package.json.
  const parsed = JSON.parse(readFileSync(join(ROOM, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return parsed.dependencies;
}

function versionsOf(names: readonly string[]): string {
  const installed = new Set(readdirSync(join(ROOM, 'node_modules')));
  return names
    .filter((name) => installed.has(name.split('/')[0] ?? name))
    .map((name) => {
      const { version } = JSON.parse(readFileSync(join(ROOM, 'node_modules', name, 'package.json'), 'utf8'));
      return `${name} ${version}`;
    })
    .join(', ');
}

function nginxVersion(): string {
  try {
    // nginx prints its version on standard error.
    return execFileSync('sh', ['-c', 'nginx -v 2>&1'], { encoding: 'utf8' }).trim().replace('nginx version: ', '');
  } catch {
    return 'no nginx';
  }
}

function distribution(): string {
  const [, name] = /^PRETTY_NAME="(.*)"$/mu.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
  return name ?? 'unknown distribution';
}
