/**
 * The latency from the upstream write of a partial image to its receiver (its event, or its bytes), compared with a
 * script that uses the loop of the SDK, without a server in between, until it has the decoded bytes. Ours includes storing
 * it.
 */
import { startChild } from '../harness/child.ts';
import { startDarkroom } from '../harness/darkroom.ts';
import { untilIdle } from '../harness/process-facts.ts';
import { type Bar, type Bench, type Figures, interleave, type Line, lineOf, type Report } from '../harness/row.ts';
import { heldOrders, percentiles, runWaves } from '../harness/waves.ts';
import type { SdkLoopApi } from '../peers/sdk-loop.ts';
import type { Taking } from '../processes/documents.ts';
import type { SubscribersApi } from '../processes/subscribers.ts';

export interface LatencyCase {
  readonly bytes: number;
  readonly calls: number;
  readonly taking: Taking;
  /** Of p50 and p95. */
  readonly bars: readonly [Bar, Bar];
}

/**
 * After this many, V8 has compiled the hot code and its heap has a stable size, in servers and in long-running scripts.
 */
const WARM_UP_PARTIALS = 200;

const TAKING_WORDS: Readonly<Record<Taking, string>> = {
  event: 'event',
  bytes: 'event + GET',
  dataUri: '`dataUri`',
};

export async function measureLatency(bench: Bench, cases: readonly LatencyCase[]): Promise<Report> {
  const lines: Line[] = [];
  for (const each of cases) {
    const label = `${each.bytes / 1e6} MB, ${each.calls} at once, ${TAKING_WORDS[each.taking]}`;
    bench.say(label);
    const rounds = await measureCase(bench, each);
    for (const [index, figure] of ['p50', 'p95'].entries()) {
      const bar = each.bars[index] ?? null;
      const words = { label: `${label}, ${figure}`, figure, unit: 'ms', peerName: "SDK's loop", bar };
      lines.push(lineOf(rounds.ours, rounds.peer, words));
    }
  }
  return {
    lines,
    notes: [
      'p50 and p95 are computed over all partial images of a round. The lines show the median of the rounds.',
      `Server, script and subscribers start anew for each size and number of calls, and each warms up with at least ` +
        `${bench.scaled(WARM_UP_PARTIALS, 1)} partial images.`,
    ],
  };
}

/**
 * Uses new processes for each case. The history of a process, in its heap and its compiled code, changes its latencies
 * by half, so results in shared processes would depend on the cases before
 * (docs/decisions/2026-11-26-latencies-in-processes-of-their-own.md).
 */
async function measureCase(bench: Bench, { bytes, calls, taking }: LatencyCase) {
  const { upstream } = bench;
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await startDarkroom(bench, { concurrency: calls }));
  const subscribers = opened.use(await startChild<SubscribersApi>('processes/subscribers.ts'));
  const sdk = opened.use(await startChild<SdkLoopApi>('peers/sdk-loop.ts'));
  await upstream.call('prepare', bytes);
  const waves = { upstream, streams: calls, waves: wavesOf(bench, calls) };

  async function ours(): Promise<Figures> {
    await subscribers.call('begin', server.url, heldOrders(calls, bytes), taking);
    const arrivals = await runWaves({
      ...waves,
      received: (count) => subscribers.call('received', count),
      finish: () => subscribers.call('finish'),
    });
    // Placeholders are computed after the end of a call. They must not slow the peer.
    await untilIdle(server.pid, 200);
    return percentiles(arrivals);
  }

  async function peer(): Promise<Figures> {
    await sdk.call('begin', upstream.baseUrl, heldOrders(calls, bytes));
    const arrivals = await runWaves({
      ...waves,
      received: (count) => sdk.call('received', count),
      finish: () => sdk.call('finish'),
    });
    await untilIdle(sdk.pid, 200);
    return percentiles(arrivals);
  }

  for (let partials = 0; partials < bench.scaled(WARM_UP_PARTIALS, 1); partials += waves.waves * calls) {
    await ours();
    await peer();
  }
  return await interleave(bench.scaled(7, 3), { ours, peer });
}

/** Enough partial images per round for a meaningful p95, and at most a few hundred megabytes. */
function wavesOf(bench: Bench, calls: number): number {
  return Math.max(bench.scaled(5, 2), Math.ceil(bench.scaled(40, 8) / calls));
}
