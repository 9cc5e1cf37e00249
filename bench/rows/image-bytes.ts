/** The bytes of a stored image over HTTP, compared with nginx that serves the same file of the data folder. */
import { join } from 'node:path';
import { openFileBlobStore } from '../../src/blobs/drivers/fs/blob-store.ts';
import { type Darkroom, startDarkroom } from '../harness/darkroom.ts';
import { cpuMsOf } from '../harness/process-facts.ts';
import { atLeast, type Bench, type Figures, interleave, lineOf, type Row } from '../harness/row.ts';
import { requireWrk, runWrk } from '../harness/wrk.ts';
import { requireNginx, startNginx } from '../peers/nginx.ts';
import { generate, picturesOf } from '../processes/documents.ts';
import { promptOf } from '../processes/order.ts';

const BYTES = 1_000_000;
const CONNECTIONS = 20;

export const imageBytes: Row = {
  name: 'image-bytes',
  title: `Image bytes, 1 MB, ${CONNECTIONS} connections`,
  async measure(bench, opened) {
    requireWrk();
    requireNginx();
    const server = opened.use(await startDarkroom(bench));
    const picture = await storePicture(bench, server);
    const nginx = opened.use(await startNginx(picture.file));
    await checkAlike(picture.url, nginx.url);

    async function run(url: string, pid: number, seconds: number): Promise<Figures> {
      const before = cpuMsOf(pid);
      const { perSecond, requests } = await runWrk({ url, connections: CONNECTIONS, seconds });
      return { perSecond, cpu: (cpuMsOf(pid) - before) / requests };
    }
    const ours = (seconds: number) => run(picture.url, server.pid, seconds);
    const peer = (seconds: number) => run(nginx.url, nginx.pid, seconds);

    await ours(bench.scaled(2, 1));
    await peer(bench.scaled(2, 1));
    const seconds = bench.scaled(3, 1);
    const rounds = await interleave(bench.scaled(7, 2), { ours: () => ours(seconds), peer: () => peer(seconds) });
    const words = { peerName: 'nginx' };
    const speed = { ...words, label: 'pictures', figure: 'perSecond', unit: 'requests/s', bar: atLeast(0.6) };
    const cost = { ...words, label: 'CPU of the server', figure: 'cpu', unit: 'ms per image', bar: null };
    return {
      lines: [lineOf(rounds.ours, rounds.peer, speed), lineOf(rounds.ours, rounds.peer, cost)],
      notes: [
        'Load by wrk with one thread; nginx with one worker, `sendfile` and `tcp_nopush`, without an access log.',
        'A server that uses little CPU waits for wrk. The second line shows the CPU time of the servers themselves.',
      ],
    };
  },
};

/** Lets the server make an image, and finds its file on the disk. */
async function storePicture(bench: Bench, { url, dataDir }: Darkroom) {
  await bench.upstream.call('prepare', BYTES);
  const { callId } = await generate(url, promptOf({ mode: 'flow', key: 'image', bytes: BYTES, partials: 0 }));
  const [picture] = await picturesOf(url, callId);
  if (picture === undefined) throw new Error('the call has no image');
  const blobs = await openFileBlobStore({ directory: join(dataDir, 'blobs') });
  return { url: picture.url, file: await blobs.withLocalFile(picture.sha256, async (path) => path) };
}

/** A peer must return exactly the same bytes. */
async function checkAlike(ours: string, peer: string): Promise<void> {
  const [mine, theirs] = await Promise.all([ours, peer].map(async (url) => (await fetch(url)).bytes()));
  if (mine?.length !== BYTES) throw new Error(`${mine?.length} bytes came`);
  if (theirs === undefined || !Buffer.from(mine).equals(theirs)) throw new Error('the responses differ');
}
