/**
 * Runs commands of the command line and records, with strace, what they do to the files of one folder. All run under one
 * strace, so that one order holds for all of them. It sees system calls: writes, syncs, names. It does not see writes
 * through mapped memory; the history refuses a recording that has them (history.ts).
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, within } from '../../api/steps.ts';
import { TEST_ENVIRONMENT } from '../../support/server.ts';
import { type History, readHistory } from './history.ts';
import { readTrace } from './trace.ts';

const CALLS = [
  'open,openat,openat2,creat,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,sync_file_range,sync,syncfs',
  'rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir,mkdir,mkdirat,mknod,mknodat',
  'truncate,ftruncate,fallocate,copy_file_range,sendfile,splice,mmap,lseek,io_uring_setup,io_uring_enter',
].join();

/**
 * A sync waits for this long before it begins. What is told too early is told within this time, however late the client
 * gets it. Microseconds.
 */
const SYNC_DELAY_US = 15_000;
/** The largest write whose data is complete in the trace. */
const MAX_WRITE_BYTES = 16 * 1024 * 1024;
const END_TIMEOUT_MS = 30_000;

/** Why nothing can be recorded on this machine; null when it can. */
export function whyNoRecorder(): string | null {
  if (process.platform !== 'linux') return 'strace is a tool of Linux.';
  try {
    execFileSync('strace', ['-f', '-e', 'trace=none', 'true'], { stdio: 'pipe' });
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return `strace does not work here (${reason}). Install it (apt-get install strace), and allow ptrace.`;
  }
}

export interface RecordedRun {
  /** What it has printed so far. */
  output(): Promise<string>;
  /** Its exit code, when it has ended within the deadline. */
  ended(): Promise<number>;
  kill(): Promise<number>;
}

export class Recorder {
  readonly #scratch: string;
  readonly #sources: string;
  readonly #strace: ChildProcess;
  #number = 0;

  /**
   * @param scratch where the trace and what is printed are kept; not recorded
   * @param sources the folder of the project whose `src/main.ts` is run
   */
  constructor(scratch: string, sources: string) {
    this.#scratch = scratch;
    this.#sources = sources;
    const options = ['-f', '--seccomp-bpf', '-ttt', '-y', '-xx', '-s', String(MAX_WRITE_BYTES), '-o', this.#trace];
    const delays = `inject=fsync,fdatasync:delay_enter=${SYNC_DELAY_US}`;
    // The shell starts what it reads: it is the parent of all that is recorded.
    const shell = ['sh', '-c', 'exec 2>/dev/null; while IFS= read -r line; do eval "$line"; done; wait'];
    this.#strace = spawn('strace', [...options, '-e', `trace=${CALLS}`, '-e', delays, ...shell], {
      // At the kill of a process that waits for its sync, strace prints a line of its own surprise.
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: process.env['PATH'] ?? '' },
    });
  }

  get #trace(): string {
    return join(this.#scratch, 'trace.txt');
  }

  /** Runs `node src/main.ts` with these arguments in a bare environment. */
  run(args: readonly string[], env: Readonly<Record<string, string>>): RecordedRun {
    this.#number += 1;
    const files = join(this.#scratch, String(this.#number));
    const command = ['env', '-i', ...pairsOf({ PATH: process.env['PATH'] ?? '', ...TEST_ENVIRONMENT, ...env })];
    command.push(process.execPath, join(this.#sources, 'src/main.ts'), ...args);
    const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const started = `( ${quoted} >${files}.out 2>&1 & echo $! >${files}.pid; wait $!; echo $? >${files}.code ) &\n`;
    this.#strace.stdin?.write(started);
    const ended = () => numberIn(`${files}.code`);
    return {
      output: () => readFile(`${files}.out`, 'utf8').catch(() => ''),
      ended,
      async kill() {
        process.kill(await numberIn(`${files}.pid`), 'SIGKILL');
        return ended();
      },
    };
  }

  /** Ends the recording, when all commands have ended. */
  async finish(folder: string): Promise<History> {
    const exited = once(this.#strace, 'exit');
    this.#strace.stdin?.end();
    await within(END_TIMEOUT_MS, 'the end of strace', () => exited);
    return readHistory(readTrace(this.#trace, folder), folder);
  }
}

function pairsOf(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}
/** Waits until the shell has written it. */
function numberIn(file: string): Promise<number> {
  return eventually(`a number in ${file}`, async () => {
    const text = await readFile(file, 'utf8').catch(() => '');
    return text.endsWith('\n') ? Number(text) : undefined;
  });
}
