/**
 * The memory of a running call: how far the resident memory of the server rises, at its peak, above that of the warm,
 * idle server, while 64 concurrent calls are read, stored and followed.
 *
 * A process returns little of the memory it once used, so each round uses a new server.
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
/** Few and sequential: they compile code and load libraries, without reserving memory for later. */
const WARM_UP_CALLS = 4;
/** Longer than V8 takes to notice that the process is idle. */
const IDLE_MS = 3_000;
const SAMPLE_MS = 10;

export const memoryCall: Row = {
  name: 'memory-call',
  title: `Memory per running call with 2 MB partial images, ${CALLS} concurrent calls`,
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

  const waves = { 'a partial image in all calls at the same time': () => rise(inWaves) };
  const flow = {
    'all calls as fast as they are read': () => rise((url) => followAll(url, flowOrders(CALLS, partials))),
  };
  const rounds = await interleave(bench.scaled(5, 1), bench.scaled({ ...waves, ...flow }, waves));
  const words = { figure: 'megabytes', unit: 'MB per call', peerName: 'one partial image', bar: atMost(3) };
  return {
    lines: Object.entries(rounds).map(([label, ours]) => {
      const onePartial = ours.map(() => ({ megabytes: PARTIAL_BYTES / 1e6 }));
      return lineOf(ours, onePartial, { ...words, label });
    }),
    notes: [
      `The maximum resident memory (sampled every ${SAMPLE_MS} ms until the last image has its placeholder), minus ` +
        `that of the idle server, divided by ${CALLS}.`,
      'Each round uses a new server, warmed up with a few sequential calls. Each call has a subscriber.',
    ],
  };
}

let lastKey = 0;

/** Orders for streams that write everything as fast as it is read. */
function flowOrders(count: number, partials: number): readonly Order[] {
  return Array.from({ length: count }, () => {
    lastKey += 1;
    return { mode: 'flow', key: `flow-${lastKey}`, bytes: PARTIAL_BYTES, partials };
  });
}
