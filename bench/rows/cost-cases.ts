/** CPU time of the server per request, of two servers that differ by their settings alone. */
import { makeArchive } from '../harness/archive.ts';
import { startChild } from '../harness/child.ts';
import { createKey, startDarkroom } from '../harness/darkroom.ts';
import { newFolder } from '../harness/folders.ts';
import { cpuMsOf } from '../harness/process-facts.ts';
import { atMost, type Bench, type Figures, interleave, type Line, lineOf, type Report } from '../harness/row.ts';
import type { HttpLoadApi } from '../processes/http-load.ts';

const IMAGES = 1_000;
const CONNECTIONS = 20;
/** Five percent. */
const BAR = 1.05;

const QUERIES = [
  { key: 'typename', label: '`{ __typename }`', query: '{ __typename }', requests: 4_000 },
  {
    key: 'gallery',
    label: '`images(first: 50)` with 4 fields',
    query: '{ images(first: 50) { edges { node { id url width height } } } }',
    requests: 1_000,
  },
];

/** Nothing that is counted for a client. */
export const NO_COUNTS = {
  RATE_REQUESTS_PER_MINUTE: 'off',
  RATE_COST_PER_MINUTE: 'off',
  MAX_OPERATIONS_PER_PRINCIPAL: 'off',
};
/** Everything that is counted on a public server. The numbers are raised, because a benchmark would be refused. */
export const ALL_COUNTS = {
  RATE_REQUESTS_PER_MINUTE: '10000000',
  RATE_COST_PER_MINUTE: '1000000000',
  MAX_OPERATIONS_PER_PRINCIPAL: '100',
};

export interface Settings {
  readonly settings: Readonly<Record<string, string>>;
  /** Whether the client sends an API key. */
  readonly hasKey: boolean;
}

export interface CostCase {
  readonly ours: Settings;
  readonly peer: Settings;
  readonly peerName: string;
  /** Of the page of images; 5 % when omitted. */
  readonly galleryBar?: number;
}

export async function measureCost(bench: Bench, opened: AsyncDisposableStack, cost: CostCase): Promise<Report> {
  const load = opened.use(await startChild<HttpLoadApi>('processes/http-load.ts'));

  async function open({ settings, hasKey }: Settings) {
    const dataDir = await newFolder();
    await makeArchive(dataDir, IMAGES);
    const headers: Record<string, string> = hasKey ? { authorization: `Bearer ${createKey(dataDir)}` } : {};
    const { url, pid } = opened.use(await startDarkroom(bench, { dataDir, settings }));
    return async (query: string, requests: number): Promise<Figures> => {
      const before = cpuMsOf(pid);
      await load.call('send', { url: `${url}/graphql`, query, connections: CONNECTIONS, requests, headers });
      return { cpu: ((cpuMsOf(pid) - before) * 1000) / requests };
    };
  }

  const ours = await open(cost.ours);
  const peer = await open(cost.peer);
  const lines: Line[] = [];
  for (const { key, label, query, requests } of QUERIES) {
    const bar = atMost(key === 'gallery' ? (cost.galleryBar ?? BAR) : BAR);
    // Until the code is compiled.
    for (const contender of [ours, peer, ours, peer]) await contender(query, requests * 3);
    const rounds = await interleave(bench.scaled(31, 7), {
      ours: () => ours(query, requests),
      peer: () => peer(query, requests),
    });
    const words = { label: `${label}, CPU of the server`, figure: 'cpu', unit: 'µs per request' };
    lines.push(lineOf(rounds.ours, rounds.peer, { ...words, peerName: cost.peerName, bar }));
  }
  return {
    lines,
    notes: [`${CONNECTIONS} connections by autocannon, ${IMAGES.toLocaleString('en')} images in the file.`],
  };
}
