/** Facts about a process from Linux's /proc, so that the server under test does no extra work. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** CPU time of all current threads of the process, in milliseconds, with a resolution of nanoseconds. */
export function cpuMsOf(pid: number): number {
  let sum = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) sum += cpuNsOfThread(pid, thread) / 1e6;
  return sum;
}

function cpuNsOfThread(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  } catch {
    // The thread ended after the folder was read.
    return 0;
  }
}

/** CPU time of an idle process: timers and heartbeats. */
const IDLE_SHARE = 0.05;

/** Resolves when the process has been idle for this long. */
export async function untilIdle(pid: number, windowMs: number): Promise<void> {
  for (let before = cpuMsOf(pid), idle = false; !idle; ) {
    await sleep(windowMs);
    const now = cpuMsOf(pid);
    idle = now - before < windowMs * IDLE_SHARE;
    before = now;
  }
}

export interface Memory {
  /** All resident bytes. */
  readonly resident: number;
  /** Resident bytes that do not belong to a file: heap, buffers, stacks. */
  readonly anonymous: number;
}

export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return { resident: kilobytes(status, 'VmRSS') * 1024, anonymous: kilobytes(status, 'RssAnon') * 1024 };
}

function kilobytes(status: string, name: string): number {
  const [, value] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'mu').exec(status) ?? [];
  if (value === undefined) throw new Error(`the system does not report ${name}`);
  return Number(value);
}

/** The running child processes of a process. */
export function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** Samples the resident bytes until it is stopped, and returns the maximum. */
export function watchPeak(pid: number, everyMs: number): { stop(): number } {
  let most = memoryOf(pid).resident;
  const timer = setInterval(() => {
    most = Math.max(most, memoryOf(pid).resident);
  }, everyMs);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(most, memoryOf(pid).resident);
    },
  };
}
