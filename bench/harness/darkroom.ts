/** The server under test: `node src/main.ts` with its defaults, in its own process and data folder. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { endProcess, pidOf } from './child.ts';
import { newFolder } from './folders.ts';
import type { Bench } from './row.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const START_TIMEOUT_MS = 60_000;
/** All clients of the bench have one address. */
const ONE_ADDRESS = {
  MAX_CONNECTIONS: '100000',
  MAX_CONNECTIONS_PER_ADDRESS: '100000',
  MAX_SOCKETS_PER_ADDRESS: '100000',
  MAX_EVENT_STREAMS_PER_ADDRESS: '100000',
};

export interface Darkroom extends AsyncDisposable {
  /** Without a trailing slash. */
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
}

export interface DarkroomOptions {
  /**
   * The number of concurrent calls. The only setting that rows change, because the default of 4 would queue their
   * calls.
   */
  readonly concurrency?: number;
  /** An existing data folder; if omitted, a new one. */
  readonly dataDir?: string;
  /** Environment variables for the process itself, not settings of the server. */
  readonly env?: Readonly<Record<string, string>>;
  /** Other settings, for rows that measure what a setting costs. */
  readonly settings?: Readonly<Record<string, string>>;
}

export async function startDarkroom(bench: Bench, options: DarkroomOptions = {}): Promise<Darkroom> {
  const dataDir = options.dataDir ?? (await newFolder());
  const child = spawnDarkroom(bench.serverFlags, {
    ...options.env,
    ...options.settings,
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

/** Creates an API key for the owner of the archives, in the data folder of a server that may run. */
export function createKey(dataDir: string): string {
  const args = [MAIN, 'keys', 'create', '--principal', 'local'];
  return execFileSync(process.execPath, args, {
    env: { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir },
    encoding: 'utf8',
  }).trim();
}

/** @param main what is run, in place of the sources */
export function spawnDarkroom(
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
  main = MAIN,
): ChildProcess {
  return spawn(process.execPath, [...flags, main], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...ONE_ADDRESS, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Resolves with the URL that the server prints when it is ready. */
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
      reject(new Error(`the server exited with ${code}`));
    });
  });
}
