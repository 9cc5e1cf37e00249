/** HTTP load by wrk. A load generator in Node would use more CPU per megabyte than the measured servers. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { SkippedError } from './row.ts';

const WRK = '/usr/bin/wrk';

const run = promisify(execFile);

/** @throws {SkippedError} when wrk is not installed */
export function requireWrk(): void {
  if (!existsSync(WRK)) throw new SkippedError(`wrk is not installed (${WRK}). Install it with: apt-get install wrk`);
}

export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface Loaded {
  readonly perSecond: number;
  /** The total number of responses. */
  readonly requests: number;
}

/** Requests one URL repeatedly. @throws {Error} when any response failed */
export async function runWrk({ url, connections, seconds }: Load): Promise<Loaded> {
  const { stdout } = await run(WRK, ['-t1', `-c${connections}`, `-d${seconds}s`, url]);
  // wrk prints these two only when there were any.
  if (/Socket errors|Non-2xx/u.test(stdout)) throw new Error(`${url}: ${stdout}`);
  const perSecond = Number(/^Requests\/sec:\s+([\d.]+)$/mu.exec(stdout)?.[1]);
  const requests = Number(/^\s*(\d+) requests in /mu.exec(stdout)?.[1]);
  if (Number.isNaN(perSecond + requests)) throw new Error(`unexpected output of wrk:\n${stdout}`);
  return { perSecond, requests };
}
