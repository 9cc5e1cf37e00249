/** One recorded run of a server: what it did to its data, what its clients were told, and the upstream, which goes on. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../api/steps.ts';
import { type FaultUpstream, isCreate, startFaultUpstream } from '../upstream.ts';
import type { History } from './history.ts';
import { Journal, type Note } from './journal.ts';
import { Recorder } from './recorder.ts';
import { runWorkload } from './workload.ts';

/** From the first to the last event of the upstream. Several calls overlap, and syncs are slow here. */
const UPSTREAM_MS = 500;
const SECRETS = ['signing.key', 'safety-identifier.key'];
/** The folder of the project. */
export const PROJECT = join(import.meta.dirname, '../../..');

export interface RecordingOptions {
  /** Seeds what the clients do. */
  readonly name: string;
  readonly background: boolean;
  /** How many run one after the other: a second one goes on with what the first one was killed in. */
  readonly servers: number;
  /** The turns of each client with each server. */
  readonly turns: number;
  /** The folder of the project that runs; this one by default. */
  readonly sources?: string;
}

export interface Recording extends AsyncDisposable {
  readonly history: History;
  readonly notes: readonly Note[];
  readonly upstream: FaultUpstream;
  readonly background: boolean;
  /** Keeps the trace and the notes, to look for what went wrong. @returns their folder */
  keep(): Promise<string>;
}

/** The name of the data folder within the recorded one. The server creates it. */
export const DATA = 'data';

export async function record({
  name,
  background,
  servers,
  turns,
  sources = PROJECT,
}: RecordingOptions): Promise<Recording> {
  const scratch = await mkdtemp(join(tmpdir(), 'darkroom-power-'));
  const recorded = join(scratch, 'recorded');
  await mkdir(recorded);
  const upstream = await startFaultUpstream({ durationMs: UPSTREAM_MS });
  const journal = new Journal();
  upstream.setBehavior({
    onRequest(request) {
      if (isCreate(request)) journal.tell({ kind: 'asked', prompt: promptOf(request.body) });
      return null;
    },
  });
  const recorder = new Recorder(scratch, sources);
  const env = { DATA_DIR: join(recorded, DATA), ...upstreamEnvironment(upstream.proxy.baseURL, background) };
  const command = async (...args: string[]) => {
    const run = recorder.run(args, env);
    if ((await run.ended()) !== 0) throw new Error(`${args.join(' ')} failed:\n${await run.output()}`);
  };
  for (let number = 0; number < servers; number += 1) {
    const server = recorder.run([], env);
    const url = await eventually('the recorded server to start', async () => {
      return /is ready on (\S+) after/u.exec(await server.output())?.[1];
    });
    for (const file of SECRETS) {
      journal.tell({ kind: 'secret', file, text: await readFile(join(recorded, DATA, file), 'utf8') });
    }
    await runWorkload({ url, journal, name, server: number, turns, command });
    await server.kill();
  }
  const history = await recorder.finish(recorded);
  upstream.setBehavior({});
  let isKept = false;
  return {
    history,
    notes: journal.notes,
    upstream,
    background,
    async keep() {
      isKept = true;
      await writeFile(join(scratch, 'notes.json'), JSON.stringify(journal.notes, null, 1));
      return scratch;
    },
    async [Symbol.asyncDispose]() {
      await upstream[Symbol.asyncDispose]();
      if (!isKept) await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** The environment of a server with this upstream. */
export function upstreamEnvironment(baseURL: string, background: boolean): Readonly<Record<string, string>> {
  return { OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: 'sk-faults', UPSTREAM_BACKGROUND: background ? 'on' : 'off' };
}

/** The prompt of a request to create: each call of the workload has one of its own. */
export function promptOf(body: Readonly<Record<string, unknown>>): string {
  const prompt = /Lane \d+ call \d+\./u.exec(JSON.stringify(body['input'] ?? ''))?.[0];
  if (prompt === undefined) throw new Error('the upstream was asked for what no client wanted');
  return prompt;
}
