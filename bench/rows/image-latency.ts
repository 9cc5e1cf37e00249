/**
 * From the upstream write of a finished image until a subscriber has its event, compared with the loop of the SDK until it has
 * the decoded bytes. Ours includes the syncs: the image is on the disk before anybody is told.
 */
import { startChild } from '../harness/child.ts';
import { startDarkroom } from '../harness/darkroom.ts';
import { untilIdle } from '../harness/process-facts.ts';
import { atMost, type Bench, type Figures, interleave, type Line, lineOf, type Row } from '../harness/row.ts';
import { heldOrders, latencies, percentiles, type UpstreamEvent } from '../harness/waves.ts';
import type { SdkLoopApi } from '../peers/sdk-loop.ts';
import type { Order, Stamp } from '../processes/order.ts';
import type { SubscribersApi } from '../processes/subscribers.ts';

/** Starts what is measured, and resolves with the images that arrived when all have. */
interface Contender {
  begin(orders: readonly Order[]): Promise<void>;
  images(): Promise<readonly Stamp[]>;
  readonly pid: number;
}

export const imageLatency: Row = {
  name: 'image-latency',
  title: 'From the upstream write of a finished image to its event at a subscriber (URL)',
  async measure(bench) {
    const lines: Line[] = [];
    for (const bytes of bench.scaled([200_000, 1_000_000, 3_000_000], [1_000_000])) {
      for (const calls of bench.scaled([1, 8], [1])) {
        const label = `${bytes / 1e6} MB, ${calls} at once`;
        bench.say(label);
        const rounds = await measureCase(bench, bytes, calls);
        // An image of 0.2 MB is decoded faster than a disk syncs.
        const bar = bytes < 1_000_000 ? null : atMost(1);
        for (const figure of ['p50', 'p95']) {
          const words = { label: `${label}, ${figure}`, figure, unit: 'ms', peerName: "SDK's loop", bar };
          lines.push(lineOf(rounds.ours, rounds.peer, words));
        }
      }
    }
    return { lines, notes: ['Each image is the only one of its call, and is synced before its event.'] };
  },
};

async function measureCase(bench: Bench, bytes: number, calls: number) {
  const { upstream } = bench;
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await startDarkroom(bench, { concurrency: calls }));
  const subscribers = opened.use(await startChild<SubscribersApi>('processes/subscribers.ts'));
  const sdk = opened.use(await startChild<SdkLoopApi>('peers/sdk-loop.ts'));
  await upstream.call('prepare', bytes);
  const turns = Math.ceil(bench.scaled(24, 6) / calls);

  async function run({ begin, images, pid }: Contender): Promise<Figures> {
    const events: UpstreamEvent[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      await begin(heldOrders(calls, bytes));
      await upstream.call('held', calls);
      await upstream.call('finish');
      events.push(...latencies(await upstream.call('images'), await images()));
      // What a server does after the end of a call must not slow the next.
      await untilIdle(pid, 50);
    }
    return percentiles(events);
  }

  const ours: Contender = {
    begin: (orders) => subscribers.call('begin', server.url, orders, 'event'),
    async images() {
      await subscribers.call('finish');
      return subscribers.call('images');
    },
    pid: server.pid,
  };
  const peer: Contender = {
    begin: async (orders) => void (await sdk.call('begin', upstream.baseUrl, orders)),
    async images() {
      await sdk.call('finish');
      return sdk.call('images');
    },
    pid: sdk.pid,
  };
  for (let warmUps = 0; warmUps < bench.scaled(2, 1); warmUps += 1) {
    await run(ours);
    await run(peer);
  }
  return await interleave(bench.scaled(7, 3), { ours: () => run(ours), peer: () => run(peer) });
}
