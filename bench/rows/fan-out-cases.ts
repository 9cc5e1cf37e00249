/**
 * One call with many subscribers: the CPU time of a delivery, and the time until all subscribers have it, compared with
 * bare `ws` that broadcasts one prepared buffer of the same size.
 *
 * Our server stores the partial image before the first subscriber sees it; a broadcaster does not. The latency
 * rows measure that. So the fan-out is timed from the first subscriber that has an event to the others. The total time
 * is shown as well.
 */
import { startChild } from '../harness/child.ts';
import { startDarkroom } from '../harness/darkroom.ts';
import { cpuMsOf, untilIdle } from '../harness/process-facts.ts';
import { type Bar, type Bench, type Figures, interleave, type Line, lineOf, type Report } from '../harness/row.ts';
import { quantile } from '../harness/statistics.ts';
import { heldOrders, runWaves, type UpstreamEvent } from '../harness/waves.ts';
import type { BroadcasterApi } from '../peers/broadcaster.ts';
import type { Taking } from '../processes/documents.ts';
import type { SubscribersApi } from '../processes/subscribers.ts';

export interface FanOut {
  readonly bytes: number;
  readonly taking: Taking;
  readonly counts: readonly number[];
  readonly waves: number;
  readonly rounds: number;
  /** Of the CPU time, by the number of subscribers, and of the others behind the first. */
  readonly cpuBar: (count: number) => Bar;
  readonly spreadBar: Bar;
}

const PEER = 'bare ws';

export async function measureFanOut(bench: Bench, opened: AsyncDisposableStack, what: FanOut): Promise<Report> {
  const { upstream } = bench;
  const { bytes, taking, waves } = what;
  await upstream.call('prepare', bytes);
  const server = opened.use(await startDarkroom(bench));
  const broadcaster = opened.use(await startChild<BroadcasterApi>('peers/broadcaster.ts'));
  const subscribers = opened.use(await startChild<SubscribersApi>('processes/subscribers.ts'));
  const broadcasterUrl = await broadcaster.call('url');

  async function run(pid: number, count: number, finish: 'finish' | 'leave'): Promise<Figures> {
    const cpu: number[] = [];
    const arrivals = await runWaves({
      upstream,
      streams: 1,
      waves,
      receiversOfEach: count,
      received: async (arrived) => {
        await subscribers.call('received', arrived);
        cpu.push(cpuMsOf(pid));
      },
      finish: () => subscribers.call(finish),
    });
    // Remaining work of our server must not slow the peer.
    await untilIdle(pid, 200);
    return { ...latencies(arrivals), cpu: ((cpu.at(-1) ?? 0) - (cpu[0] ?? 0)) / waves };
  }

  async function ours(count: number): Promise<Figures> {
    await subscribers.call('gather', server.url, orderOf(bytes), count, taking);
    return run(server.pid, count, 'finish');
  }

  async function peer(count: number): Promise<Figures> {
    const order = orderOf(bytes);
    await subscribers.call('listen', broadcasterUrl, order.key, count, bytes);
    // One more than the counted waves, for the cold one.
    const messages = Array.from({ length: waves + 1 }, (_, index) => messageOf(taking, index, bytes));
    await broadcaster.call('begin', upstream.baseUrl, order, messages);
    return run(broadcaster.pid, count, 'leave');
  }

  const lines: Line[] = [];
  for (const count of what.counts) {
    bench.say(`${count} subscribers`);
    await ours(count);
    await peer(count);
    const rounds = await interleave(what.rounds, { ours: () => ours(count), peer: () => peer(count) });
    const line = (label: string, figure: string, unit: string, bar: Bar | null) =>
      lines.push(lineOf(rounds.ours, rounds.peer, { label: `${count}: ${label}`, figure, unit, peerName: PEER, bar }));
    line('CPU of the server', 'cpu', 'ms per event', what.cpuBar(count));
    if (count > 1) line('p95 after the first subscriber', 'spread', 'ms', what.spreadBar);
    line('p95 since the upstream write', 'p95', 'ms', null);
  }
  const notes = [
    'Our CPU time includes reading, storing and recording the partial image; that of the peer only reading.',
    'After the first subscriber: the delay until the other subscribers have the same event.',
  ];
  return { lines: [...lines, ...marginal(lines, what.counts)], notes };
}

/** The cost of an additional subscriber, from the largest and smallest number: without the fixed cost of an event. */
function marginal(lines: readonly Line[], counts: readonly number[]): readonly Line[] {
  const [few, many] = [Math.min(...counts), Math.max(...counts)];
  const of = (count: number) => lines.find(({ label }) => label === `${count}: CPU of the server`);
  const [less, more] = [of(few), of(many)];
  if (less?.peer == null || more?.peer == null || few === many) return [];
  const grow = (from: readonly number[], to: readonly number[]) =>
    to.map((value, round) => ((value - (from[round] ?? 0)) / (many - few)) * 1000);
  const label = `CPU of one more subscriber, from ${few} to ${many}`;
  return [
    { ...more, label, unit: 'µs', ours: grow(less.ours, more.ours), peer: grow(less.peer, more.peer), bar: null },
  ];
}

function latencies(arrivals: readonly UpstreamEvent[]): Figures {
  const firsts = new Map<number, number>();
  for (const { index, latencyMs } of arrivals) {
    firsts.set(index, Math.min(latencyMs, firsts.get(index) ?? Number.POSITIVE_INFINITY));
  }
  const behind = arrivals.map(({ index, latencyMs }) => latencyMs - (firsts.get(index) ?? latencyMs));
  return {
    p95: quantile(
      arrivals.map(({ latencyMs }) => latencyMs),
      0.95,
    ),
    spread: quantile(behind, 0.95),
  };
}

function orderOf(bytes: number) {
  const [order] = heldOrders(1, bytes);
  if (order === undefined) throw new Error('no order');
  return order;
}

/** A message of the same length as the one our server sends for a partial image. */
function messageOf(taking: Taking, index: number, bytes: number): string {
  const partial =
    taking === 'dataUri'
      ? { index, dataUri: `data:image/png;base64,${Buffer.alloc(bytes, 0x2e).toString('base64')}` }
      : { index, url: 'http://127.0.0.1:40000/images/01900000-0000-7000-8000-000000000000.png' };
  const event = { __typename: 'PartialImageReceived', sequence: 3, cursor: 'c'.repeat(60), partial };
  return JSON.stringify({ id: '1', type: 'next', payload: { data: { generationEvents: event } } });
}
