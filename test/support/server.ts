/** A real server in its own process, started like `npm start`, with its own data folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const START_TIMEOUT_MS = 20_000;

/** A bare environment with a free port and a fast simulator. */
export const TEST_ENVIRONMENT: Readonly<Record<string, string>> = {
  PORT: '0',
  SIMULATOR_DURATION_MS: '300',
  SIMULATOR_ART: 'plain',
  LOG_LEVEL: 'warn',
};

export interface TestServerOptions {
  /** Added to `TEST_ENVIRONMENT`. */
  readonly env?: Readonly<Record<string, string>>;
  /** An existing data folder. Without it, a new one that is removed with the server. */
  readonly dataDir?: string;
}

/** Any server of a test, in its own process or in that of the test. */
export interface RunningServer extends AsyncDisposable {
  /** Without a trailing slash. */
  readonly url: string;
  readonly dataDir: string;
  /** What it has printed and logged so far. */
  output(): string;
}

export interface TestServer extends RunningServer {
  readonly process: ChildProcess;
  /** Stops it. @returns its exit code, or null when a signal ended it */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a server and waits until it prints its address. */
export async function startServer({ env = {}, dataDir }: TestServerOptions = {}): Promise<TestServer> {
  const directory = dataDir ?? (await newDataDir());
  const child = spawnMain([], { ...TEST_ENVIRONMENT, DATA_DIR: directory, ...env });
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  let output = '';
  const ready = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not start:\n${output}`)), START_TIMEOUT_MS);
    const read = (chunk: string) => {
      output += chunk;
      const [, url] = /is ready on (\S+) after/u.exec(output) ?? [];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
    void exited.then((code) => {
      clearTimeout(timer);
      reject(new Error(`the server ended with ${code} before it was ready:\n${output}`));
    });
  });

  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return exited;
  };
  return {
    url: await ready,
    dataDir: directory,
    process: child,
    output: () => output,
    stop,
    async [Symbol.asyncDispose]() {
      await stop('SIGKILL');
      if (dataDir === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

export function newDataDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'darkroom-'));
}

/** Runs `node src/main.ts` with these arguments in a bare environment. */
export function spawnMain(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a command to its end. */
export async function runMain(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawnMain(args, env);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}
