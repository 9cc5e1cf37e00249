/**
 * What a running call costs in memory: how far the server's resident memory rises, at its peak, above what it is when
 * warm and idle, while 64 calls are read, stored and followed at once.
 *
 * A process gives back little of what it has once had, so each round has a server of its own.
 */
import { startChild } from '../harness/child.ts';
import { startDarkroom } from '../harness/darkroom.ts';
import { memoryOf, watchPeak } from '../harness/process-facts.ts';
import { atMost, type Bench, type Figures, interleave, lineOf, type Report, type Row } from '../harness/row.ts';
import { heldOrders, runWaves } from '../harness/waves.ts';
import { placeholders } from '../processes/documents.ts';
import type { Order } from '../processes/order.ts';
import type { SubscribersApi } from '../processes/subscribers.ts';

const CALLS = 64;
const PARTIAL_BYTES = 2_000_000;
/** Few, and one behind the other: code is compiled and libraries are loaded, and no memory is won for later. */
const WARM_UP_CALLS = 4;
/** Longer than V8 takes to notice that nothing happens any more. */
const IDLE_MS = 3_000;
const SAMPLE_MS = 10;

export const memoryCall: Row = {
  name: 'memory-call',
  title: `Memory for a running call of 2 MB partials, ${CALLS} at once`,
  measure: measureCalls,
};

async function measureCalls(bench: Bench, opened: AsyncDisposableStack): Promise<Report> {
  const { upstream } = bench;
  const subscribers = opened.use(await startChild<SubscribersApi>('processes/subscribers.ts'));
  await upstream.call('prepare', PARTIAL_BYTES);
  const partials = bench.scaled(8, 2);

  async function followAll(url: string, orders: readonly Order[]): Promise<void> {
    await subscribers.call('begin', url, orders, 'event');
    await subscribers.call('finish');
  }

  async function inWaves(url: string): Promise<void> {
    await subscribers.call('begin', url, heldOrders(CALLS, PARTIAL_BYTES), 'event');
    await runWaves({
      upstream,
      streams: CALLS,
      waves: partials,
      received: (count) => subscribers.call('received', count),
      finish: () => subscribers.call('finish'),
    });
  }

  async function rise(work: (url: string) => Promise<void>): Promise<Figures> {
    await using server = await startDarkroom(bench, { concurrency: CALLS });
    for (const order of flowOrders(WARM_UP_CALLS, 2)) await followAll(server.url, [order]);
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    const idle = memoryOf(server.pid).resident;
    const peak = watchPeak(server.pid, SAMPLE_MS);
    await work(server.url);
    await placeholders(server.url, CALLS);
    return { megabytes: (peak.stop() - idle) / CALLS / 1e6 };
  }

  const waves = { 'a partial in all of them at the same time': () => rise(inWaves) };
  const flow = {
    'all of them as fast as they are read': () => rise((url) => followAll(url, flowOrders(CALLS, partials))),
  };
  const rounds = await interleave(bench.scaled(5, 1), bench.scaled({ ...waves, ...flow }, waves));
  const words = { figure: 'megabytes', unit: 'MB a call', peerName: 'one partial', bar: atMost(3) };
  return {
    lines: Object.entries(rounds).map(([label, ours]) => {
      const onePartial = ours.map(() => ({ megabytes: PARTIAL_BYTES / 1e6 }));
      return lineOf(ours, onePartial, { ...words, label });
    }),
    notes: [
      `The most that was resident (looked at every ${SAMPLE_MS} ms until the last picture has its placeholder), without what the idle server has, by ${CALLS}.`,
      'Each round has a new server, warmed up with a few calls one behind the other. Each call has a subscriber.',
    ],
  };
}

let lastKey = 0;

/** Orders of streams that write all they have as fast as it is taken. */
function flowOrders(count: number, partials: number): readonly Order[] {
  return Array.from({ length: count }, () => {
    lastKey += 1;
    return { mode: 'flow', key: `flow-${lastKey}`, bytes: PARTIAL_BYTES, partials };
  });
}
