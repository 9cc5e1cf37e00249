/** Builds the app of docs/clients.md in `app/`: its code blocks as they stand, the generated types, Relay's artifacts. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
export const APP = join(import.meta.dirname, 'app');
const SCHEMA_FILES = ['schema.graphql', 'possible-types.json', 'codegen-scalars.json', 'cache-rules.json'];

/** A block that names its file: in its first line, or for JSON behind its language. */
const BLOCK = /^```(?:ts\n\/\/ |json )(?<name>[\w./-]+)\n(?<code>.*?)^```$/gmsu;

/** Tasks that build on the clients of docs/clients.md. */
const PAGES = ['clients', 'generate', 'refine', 'upload', 'gallery', 'resuming'];
const FOLDERS = /^(?:apollo|urql|relay)\//u;

/** The code blocks of docs/clients.md by their file names, and those of the tasks that are for these clients. */
export function documentedFiles(): ReadonlyMap<string, string> {
  const files = PAGES.flatMap((page) =>
    [...readFileSync(join(ROOT, `docs/${page}.md`), 'utf8').matchAll(BLOCK)]
      .map(({ groups }) => [groups?.['name'] ?? '', groups?.['code'] ?? ''] as const)
      .filter(([name]) => page === 'clients' || FOLDERS.test(name)),
  );
  return new Map(files);
}

export function setup(): void {
  rmSync(APP, { recursive: true, force: true });
  for (const [name, code] of documentedFiles()) {
    mkdirSync(dirname(join(APP, name)), { recursive: true });
    writeFileSync(join(APP, name), code);
  }
  for (const name of SCHEMA_FILES) cpSync(join(ROOT, 'schema', name), join(APP, name));
  run(join(ROOT, 'node_modules/@graphql-codegen/cli/esm/bin.js'), []);
  run('urql/introspect.ts', []);
  run(join(import.meta.dirname, 'node_modules/relay-compiler/cli.js'), []);
}

/** Runs a command of Node in the app. @throws {Error} with its output, when it fails */
export function run(script: string, args: readonly string[]): void {
  try {
    execFileSync(process.execPath, [script, ...args], { cwd: APP, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    // execFileSync throws an error with the output of the command.
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`${script} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

if (import.meta.main) setup();
