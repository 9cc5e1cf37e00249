/** A server in a process of its own, with content, whose event loop and memory are measured from within (probe.ts). */
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { callDetails, generate, makeImage, openDatabase, refine, watchToEnd } from '../api/steps.ts';
import { type DevelopingUpstream, startDevelopingUpstream, startProcessAt } from '../api/upstreams.ts';
import type { TestServer } from '../support/server.ts';
import type { Seed } from './hostile-input.ts';
import type { Measures } from './probe.ts';

const PROBE = join(import.meta.dirname, 'probe.ts');
/** Tables that change without a request: the lease of the server. */
const LIVING_TABLES: ReadonlySet<string> = new Set(['instances']);

export interface MeasuredServer extends AsyncDisposable {
  readonly url: string;
  readonly dataDir: string;
  readonly process: TestServer['process'];
  readonly seed: Seed;
  /** What was measured since the last call. */
  measure(): Promise<Measures>;
  /** The same after a garbage collection, which is not measured. */
  measureCollected(): Promise<Measures>;
  /** How many rows each table has, how many files are stored, and how often the upstream was asked. */
  footprint(): Promise<Readonly<Record<string, number>>>;
}

export interface MeasuredServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Calls of ten images each; the first of them is refined as often. */
  readonly calls?: number;
}

export async function startMeasuredServer({
  env = {},
  calls = 3,
}: MeasuredServerOptions = {}): Promise<MeasuredServer> {
  await using opened = new AsyncDisposableStack();
  const upstream = await startDevelopingUpstream({ partials: 1 });
  opened.defer(() => upstream.close());
  const socketPath = join(await newSocketDir(opened), 'probe');
  const server = opened.use(
    await startProcessAt(upstream, {
      env: {
        NODE_OPTIONS: `--import=${PROBE} --expose-gc --max-old-space-size=1024`,
        PROBE_SOCKET: socketPath,
        CONCURRENCY: '50',
        ...env,
      },
    }),
  );
  const seed = await plant(server.url, calls);
  const everything = opened.move();
  return {
    url: server.url,
    dataDir: server.dataDir,
    process: server.process,
    seed,
    measure: () => ask(socketPath, '/'),
    measureCollected: () => ask(socketPath, '/collect'),
    footprint: () => footprintOf(server.dataDir, upstream),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

async function newSocketDir(opened: AsyncDisposableStack): Promise<string> {
  const { mkdtemp, rm } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const directory = await mkdtemp(join(tmpdir(), 'probe-'));
  opened.defer(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A conversation with several calls of several images, and refinements of one image. */
async function plant(url: string, calls: number): Promise<Seed> {
  const { callId, imageId, events } = await makeImage(url, { prompt: 'a boat' });
  const { conversation } = await callDetails(url, callId);
  const started = await Promise.all(
    Array.from({ length: calls }, async (_, index) => [
      await generate(url, { prompt: `boats ${index}`, count: 10, conversationId: conversation.id }),
      await refine(url, { prompt: `a sail ${index}`, imageId }),
    ]),
  );
  await Promise.all(started.flat().map(({ id }) => watchToEnd(url, id)));
  return { callId, imageId, conversationId: conversation.id, cursor: events.at(-1)?.cursor ?? '' };
}

function ask(socketPath: string, path: string): Promise<Measures> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path }, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve(JSON.parse(text));
    })
      .on('error', reject)
      .end();
  });
}

async function footprintOf(dataDir: string, upstream: DevelopingUpstream): Promise<Readonly<Record<string, number>>> {
  using database = openDatabase(dataDir);
  const tables = database
    .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
    .pluck()
    // SQLite returns the names as strings.
    .all() as string[];
  const rows = tables
    .filter((table) => !LIVING_TABLES.has(table))
    .map((table) => [table, Number(database.prepare(`select count(*) from "${table}"`).pluck().get())] as const);
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('darkroom.sqlite')).length;
  return { ...Object.fromEntries(rows), files, upstream: upstream.requests.length };
}
