/**
 * From the upstream's write of a partial until somebody has it (its event, or its bytes), against the SDK's loop in a
 * script with no server in between, until that has the decoded bytes. Ours includes the durable write.
 */
import { startChild } from '../harness/child.ts';
import { startDarkroom } from '../harness/darkroom.ts';
import { untilIdle } from '../harness/process-facts.ts';
import { type Bar, type Bench, interleave, type Line, lineOf, type Report } from '../harness/row.ts';
import { heldOrders, percentiles, runWaves } from '../harness/waves.ts';
import type { SdkLoopApi } from '../peers/sdk-loop.ts';
import type { Taking } from '../processes/documents.ts';
import type { SubscribersApi } from '../processes/subscribers.ts';

export interface LatencyCase {
  readonly bytes: number;
  readonly calls: number;
  readonly taking: Taking;
  readonly bar: Bar | null;
}

const TAKING_WORDS: Readonly<Record<Taking, string>> = {
  event: 'event',
  bytes: 'event + GET',
  dataUri: '`dataUri`',
};

export async function measureLatency(
  bench: Bench,
  opened: AsyncDisposableStack,
  cases: readonly LatencyCase[],
): Promise<Report> {
  const { upstream } = bench;
  const concurrency = Math.max(...cases.map(({ calls }) => calls));
  const server = opened.use(await startDarkroom(bench, { concurrency }));
  const subscribers = opened.use(await startChild<SubscribersApi>('processes/subscribers.ts'));
  const sdk = opened.use(await startChild<SdkLoopApi>('peers/sdk-loop.ts'));

  async function ours({ bytes, calls, taking }: LatencyCase, waves: number): Promise<readonly number[]> {
    await subscribers.call('begin', server.url, heldOrders(calls, bytes), taking);
    const arrivals = await runWaves({
      upstream,
      streams: calls,
      waves,
      received: (count) => subscribers.call('received', count),
      finish: () => subscribers.call('finish'),
    });
    // Placeholders are drawn behind the end of a call: not at the peer's expense.
    await untilIdle(server.pid, 200);
    return arrivals.map(({ latencyMs }) => latencyMs);
  }

  async function peer({ bytes, calls }: LatencyCase, waves: number): Promise<readonly number[]> {
    await sdk.call('begin', upstream.baseUrl, heldOrders(calls, bytes));
    const arrivals = await runWaves({
      upstream,
      streams: calls,
      waves,
      received: (count) => sdk.call('received', count),
      finish: () => sdk.call('finish'),
    });
    await untilIdle(sdk.pid, 200);
    return arrivals.map(({ latencyMs }) => latencyMs);
  }

  const lines: Line[] = [];
  for (const each of cases) {
    const label = `${each.bytes / 1e6} MB, ${each.calls} at once, ${TAKING_WORDS[each.taking]}`;
    bench.say(label);
    await upstream.call('prepare', each.bytes);
    const waves = wavesOf(bench, each);
    await ours(each, 2);
    await peer(each, 2);
    const rounds = await interleave(bench.scaled(7, 3), {
      ours: async () => percentiles(await ours(each, waves)),
      peer: async () => percentiles(await peer(each, waves)),
    });
    for (const figure of ['p50', 'p95']) {
      const words = { label: `${label}, ${figure}`, figure, unit: 'ms', peerName: "SDK's loop", bar: each.bar };
      lines.push(lineOf(rounds.ours, rounds.peer, words));
    }
  }
  return { lines, notes: ['p50 and p95 are over all partials of a round; the lines show the median of the rounds.'] };
}

/** Enough partials a round for a p95 that means something, and no more than a few hundred megabytes. */
function wavesOf(bench: Bench, { calls }: LatencyCase): number {
  return Math.max(bench.scaled(5, 2), Math.ceil(bench.scaled(40, 8) / calls));
}
