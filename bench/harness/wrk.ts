/** Load by wrk, for bytes: a load generator of Node spends more on a megabyte than the servers that are measured. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { SkippedError } from './row.ts';

const WRK = '/usr/bin/wrk';

const run = promisify(execFile);

/** @throws {SkippedError} when wrk is not there */
export function requireWrk(): void {
  if (!existsSync(WRK)) throw new SkippedError(`wrk is not installed (${WRK}). Do so with: apt-get install wrk`);
}

export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface Loaded {
  readonly perSecond: number;
  /** Answers in all. */
  readonly requests: number;
}

/** Gets one URL again and again. @throws when any answer was not a good one */
export async function runWrk({ url, connections, seconds }: Load): Promise<Loaded> {
  const { stdout } = await run(WRK, ['-t1', `-c${connections}`, `-d${seconds}s`, url]);
  // wrk says these two only when there were any.
  if (/Socket errors|Non-2xx/u.test(stdout)) throw new Error(`${url}: ${stdout}`);
  const perSecond = Number(/^Requests\/sec:\s+([\d.]+)$/mu.exec(stdout)?.[1]);
  const requests = Number(/^\s*(\d+) requests in /mu.exec(stdout)?.[1]);
  if (Number.isNaN(perSecond + requests)) throw new Error(`wrk says something else:\n${stdout}`);
  return { perSecond, requests };
}
