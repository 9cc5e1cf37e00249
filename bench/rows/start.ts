/**
 * From the start of the process, as `npm start` runs it, to its first response to a GraphQL request over HTTP, with an
 * existing data folder and with an empty one, compared with a Node process that only prints a line.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { makeBundle } from '../../src/bundle/make-bundle.ts';
import { makeArchive } from '../harness/archive.ts';
import { endProcess, pidOf } from '../harness/child.ts';
import { nowMs } from '../harness/clock.ts';
import { spawnDarkroom } from '../harness/darkroom.ts';
import { newFolder } from '../harness/folders.ts';
import { cpuMsOf } from '../harness/process-facts.ts';
import { freePort, untilListening } from '../harness/reach.ts';
import { type Bench, type Figures, interleave, lineOf, oursAtMost, type Row } from '../harness/row.ts';
import { ask } from '../processes/documents.ts';

const ROOT = join(import.meta.dirname, '../..');
const IMAGES = 1_000;
const QUERY = '{ images(first: 1) { edges { node { id } } } }';

interface Answer {
  readonly images: { readonly edges: readonly unknown[] };
}

export const start: Row = {
  name: 'start',
  title: 'Process start to the first response',
  async measure(bench) {
    const archive = await newFolder();
    await makeArchive(archive, IMAGES);
    await makeBundle(ROOT);

    const contenders = {
      filled: () => serverStart(bench, archive, 1),
      empty: async () => serverStart(bench, await newFolder(), 0),
      node: nodeStart,
    };
    // The first run of each reads its files from the disk, and the client loads its modules.
    await interleave(1, contenders);
    const rounds = await interleave(bench.scaled(15, 2), contenders);
    const time = { figure: 'ms', unit: 'ms', peerName: 'node printing a line', bar: oursAtMost(500) };
    const cpu = { figure: 'cpu', unit: 'ms', peerName: 'nobody', bar: null };
    const filled = `a folder with ${IMAGES.toLocaleString('en')} images`;
    const empty = 'a new folder, database created';
    return {
      lines: [
        lineOf(rounds.filled, rounds.node, { ...time, label: filled }),
        lineOf(rounds.empty, rounds.node, { ...time, label: empty }),
        lineOf(rounds.filled, null, { ...cpu, label: `CPU until the first response, ${filled}` }),
        lineOf(rounds.empty, null, { ...cpu, label: `CPU until the first response, ${empty}` }),
      ],
      notes: ['Node and the sources are read from the page cache of the system, not from the disk.'],
    };
  },
};

async function serverStart(bench: Bench, dataDir: string, images: number): Promise<Figures> {
  const port = await freePort();
  const begunAt = nowMs();
  const settings = { DATA_DIR: dataDir, OPENAI_BASE_URL: bench.upstream.baseUrl, PORT: String(port) };
  const child = spawnDarkroom(bench.serverFlags, settings, join(ROOT, 'src/start.js'));
  try {
    await untilListening(child, port);
    const answer = await ask<Answer>(`http://127.0.0.1:${port}`, QUERY, {});
    const ms = nowMs() - begunAt;
    const cpu = cpuMsOf(pidOf(child));
    if (answer.images.edges.length !== images) throw new Error(`${answer.images.edges.length} images came`);
    return { ms, cpu };
  } finally {
    await endProcess(child);
  }
}

async function nodeStart(): Promise<Figures> {
  const begunAt = nowMs();
  const child = spawn(process.execPath, ['-e', 'console.log(1)'], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const ms = nowMs() - begunAt;
  await endProcess(child);
  return { ms };
}
