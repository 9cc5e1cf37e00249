/** The scripts of the documentation's tasks, taken out of the Markdown as they stand: only the address of the server is replaced. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reaching } from './snippets.ts';

const ROOT = join(import.meta.dirname, '../..');

export const TASK_PAGES = [
  'getting-started',
  'generate',
  'refine',
  'upload',
  'gallery',
  'resuming',
  'python',
  'operations',
];

export interface DocumentedScript {
  readonly page: string;
  /** The file that the first line of the block names; `curl` for blocks of a shell. */
  readonly name: string;
  readonly language: 'ts' | 'python' | 'sh';
  readonly code: string;
}

const BLOCK = /^```(?<language>ts|python|sh)\n(?<code>.*?)^```$/gmsu;
/** `// generate.ts` or `# generate.py`. Files in folders belong to test/clients. */
const FILE = /^(?:\/\/|#) (?<name>[\w-]+\.(?:ts|py))\n/u;

/** Every TypeScript and Python file, and every shell block that calls the server. */
export const DOCUMENTED_SCRIPTS: readonly DocumentedScript[] = TASK_PAGES.flatMap((page) =>
  [...readFileSync(join(ROOT, `docs/${page}.md`), 'utf8').matchAll(BLOCK)].flatMap(({ groups }) => {
    const [code, language] = [groups?.['code'] ?? '', groups?.['language'] as DocumentedScript['language']];
    const name = language === 'sh' ? (code.includes('curl ') ? 'curl' : undefined) : FILE.exec(code)?.groups?.['name'];
    return name === undefined ? [] : [{ page, name, language, code }];
  }),
);

/** A folder with all files of the documentation, for a server. @param host `127.0.0.1:<port>` */
export async function writeScripts(host: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-documented-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const { language, name, code } of DOCUMENTED_SCRIPTS) {
    if (language !== 'sh') await writeFile(join(folder, name), withAddress(host, code));
  }
  return folder;
}

const withAddress = (host: string, code: string) =>
  reaching(host, code).replaceAll('"http://127.0.0.1:4000', `"http://${host}`);

/** Runs a script in that folder. @returns what it printed @throws {Error} with its output when it fails */
export function runScript(
  { language, name, code }: DocumentedScript,
  folder: string,
  host: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const commands = {
    ts: [process.execPath, name],
    python: ['python3', name],
    sh: ['bash', '-euo', 'pipefail', '-c', withAddress(host, code)],
  } as const;
  const [command, ...args] = commands[language];
  return run(command, args, folder, env);
}

/** Runs a program. @returns its standard output @throws {Error} with all its output when it fails */
export function run(
  command: string,
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...env }, timeout: 40_000 });
    let [out, errors] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${out}\n${errors}`));
    });
  });
}
