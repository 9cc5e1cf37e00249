/** The server under test: the real one, `node src/main.ts` with its defaults, in a process and a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { endProcess, pidOf } from './child.ts';
import { newFolder } from './folders.ts';
import type { Bench } from './row.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const START_TIMEOUT_MS = 60_000;

export interface Darkroom extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
}

export interface DarkroomOptions {
  /** How many calls run at once: the one setting that rows change, because its default of 4 would queue their calls. */
  readonly concurrency?: number;
  /** A folder to go on with; left out, a new one. */
  readonly dataDir?: string;
  /** For the process itself; none of our settings. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function startDarkroom(bench: Bench, options: DarkroomOptions = {}): Promise<Darkroom> {
  const dataDir = options.dataDir ?? (await newFolder());
  const child = spawnDarkroom(bench.serverFlags, {
    ...options.env,
    DATA_DIR: dataDir,
    OPENAI_BASE_URL: bench.upstream.baseUrl,
    ...(options.concurrency === undefined ? {} : { CONCURRENCY: String(options.concurrency) }),
  });
  return {
    url: await readyUrl(child),
    pid: pidOf(child),
    dataDir,
    async [Symbol.asyncDispose]() {
      await endProcess(child);
    },
  };
}

export function spawnDarkroom(flags: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [...flags, MAIN], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Resolves with the address that the server prints when it is ready. */
export function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server did not start')), START_TIMEOUT_MS);
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const [, url] = /is ready on (\S+) after/u.exec(output) ?? [];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the server ended with ${code}`));
    });
  });
}
