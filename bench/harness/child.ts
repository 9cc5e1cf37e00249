/**
 * Starts a process of the benchmark (upstream, load, peer) and calls its methods over IPC. The other end is
 * serve-calls.ts.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Api, Call, Reply } from './serve-calls.ts';

const ROOM = join(import.meta.dirname, '..');
const STOP_TIMEOUT_MS = 5_000;

export interface Child<A extends Api> extends AsyncDisposable {
  readonly pid: number;
  call<Name extends keyof A & string>(name: Name, ...args: Parameters<A[Name]>): Promise<Awaited<ReturnType<A[Name]>>>;
}

/** @param file a file in bench/, such as `processes/upstream.ts` */
export async function startChild<A extends Api>(file: string): Promise<Child<A>> {
  const child = fork(join(ROOM, file), {
    serialization: 'advanced',
    // As in production: some peers do more in development mode.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  child.on('message', ({ id, value, error }: Reply) => {
    const answer = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) answer?.resolve(value);
    else answer?.reject(new Error(`${file}: ${error}`));
  });
  child.once('exit', (code, signal) => {
    for (const answer of waiting.values()) answer.reject(new Error(`${file} exited with ${code ?? signal}`));
  });
  await once(child, 'spawn');

  let lastId = 0;
  return {
    pid: pidOf(child),
    call(name, ...args) {
      lastId += 1;
      const call: Call = { id: lastId, name, args };
      const answer = Promise.withResolvers<unknown>();
      waiting.set(call.id, answer);
      child.send(call);
      // The result was returned by the API of the process, which has the type A.
      return answer.promise as ReturnType<Child<A>['call']> as never;
    },
    async [Symbol.asyncDispose]() {
      await endProcess(child);
    },
  };
}

/** Stops a process: with SIGTERM first, then with SIGKILL. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(late);
}

export function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the process was not started');
  return pid;
}
