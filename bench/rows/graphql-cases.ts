/** Requests per second for one query, compared with GraphQL servers that resolve it from the same SQLite file. */

import { databaseIn, makeArchive } from '../harness/archive.ts';
import { type Child, startChild } from '../harness/child.ts';
import { startDarkroom } from '../harness/darkroom.ts';
import { newFolder } from '../harness/folders.ts';
import { atLeast, type Bench, interleave, lineOf, type Report } from '../harness/row.ts';
import type { GalleryApi } from '../peers/gallery.ts';
import type { HttpLoadApi } from '../processes/http-load.ts';

const IMAGES = 1_000;
const CONNECTIONS = 20;

export interface GraphqlBars {
  readonly yoga: number;
  readonly apollo: number;
  readonly mercurius: number;
}

/** Ordered from slowest to fastest: a quick run measures only the last. */
const PEERS: readonly Peer[] = [
  { key: 'yoga', label: 'Yoga with default settings', peerName: 'graphql-yoga' },
  { key: 'apollo', label: 'Apollo Server 5', peerName: '@apollo/server' },
  { key: 'mercurius', label: 'Mercurius with JIT', peerName: 'mercurius' },
];

interface Peer {
  readonly key: keyof GraphqlBars;
  readonly label: string;
  readonly peerName: string;
}

export async function measureGraphql(
  bench: Bench,
  opened: AsyncDisposableStack,
  query: string,
  bars: GraphqlBars,
): Promise<Report> {
  const dataDir = await newFolder();
  await makeArchive(dataDir, IMAGES);
  const server = opened.use(await startDarkroom(bench, { dataDir }));
  const load = opened.use(await startChild<HttpLoadApi>('processes/http-load.ts'));

  async function openPeer(file: string): Promise<string> {
    const peer: Child<GalleryApi> = opened.use(await startChild<GalleryApi>(file));
    return peer.call('serve', databaseIn(dataDir));
  }
  const peers = bench.scaled(PEERS, PEERS.slice(-1));
  const urls: Record<string, string> = { ours: `${server.url}/graphql` };
  for (const { key } of peers) urls[key] = await openPeer(`peers/${key}.ts`);
  await checkAlike(Object.values(urls), query);

  const run = (url: string, seconds: number) =>
    load.call('run', { url, query, connections: CONNECTIONS, seconds }).then((perSecond) => ({ perSecond }));
  const warmSeconds = bench.scaled(3, 1);
  for (const url of Object.values(urls)) await run(url, warmSeconds);
  const seconds = bench.scaled(4, 1);
  const contenders = Object.fromEntries(Object.entries(urls).map(([key, url]) => [key, () => run(url, seconds)]));
  const rounds = await interleave(bench.scaled(7, 2), contenders);
  return {
    lines: peers.map(({ key, ...words }) =>
      lineOf(rounds['ours'] ?? [], rounds[key] ?? [], {
        ...words,
        figure: 'perSecond',
        unit: 'requests/s',
        bar: atLeast(bars[key]),
      }),
    ),
    notes: [`${CONNECTIONS} connections by autocannon, ${IMAGES.toLocaleString('en')} images in the file.`],
  };
}

/** A peer must return exactly the same response. */
async function checkAlike(urls: readonly string[], query: string): Promise<void> {
  const answers = await Promise.all(
    urls.map(async (url) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query }),
      });
      return JSON.stringify(await response.json()).replaceAll(new URL(url).host, 'host');
    }),
  );
  const odd = answers.find((answer) => answer !== answers[0]);
  if (odd !== undefined) throw new Error(`the responses differ:\n${answers[0]?.slice(0, 500)}\n${odd.slice(0, 500)}`);
}
