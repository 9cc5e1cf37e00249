/** `generate` as a user runs it: in its own process and folder, observed while it runs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const DEADLINE_MS = 25_000;

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves when standard error matches. */
  untilSays(pattern: RegExp): Promise<void>;
  readonly ended: Promise<Run>;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `generate` with these arguments, in a bare environment. */
export function startGenerate(args: readonly string[], { cwd, env = {} }: RunOptions): Running {
  const child = spawn(process.execPath, [MAIN, 'generate', ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]: (number | null)[]) => ({ code: code ?? null, stdout, stderr }));
  return {
    process: child,
    ended,
    async untilSays(pattern) {
      const deadline = AbortSignal.timeout(DEADLINE_MS);
      let isOver = false;
      void ended.then(() => {
        isOver = true;
      });
      while (!pattern.test(stderr)) {
        if (isOver) throw new Error(`it ended with ${child.exitCode} and printed:\n${stderr}`);
        await Promise.race([once(child.stderr, 'data', { signal: deadline }), ended]);
      }
    },
  };
}

/** Runs it to its end. */
export function generate(args: readonly string[], options: RunOptions): Promise<Run> {
  return startGenerate(args, options).ended;
}

/** A folder that is removed at the end of its block. */
export async function newFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'darkroom-cli-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a port was expected');
  return address.port;
}

/** The files of a folder, each decoded completely: name, format, and statistics that distinguish images. */
export async function picturesIn(directory: string) {
  const names = (await readdir(directory)).sort();
  return Promise.all(
    names.map(async (name) => {
      const picture = sharp(join(directory, name));
      const { format, width, height } = await picture.metadata();
      const { channels } = await picture.stats();
      return { name, format, width, height, look: channels.map(({ mean, stdev }) => `${mean}/${stdev}`).join() };
    }),
  );
}
