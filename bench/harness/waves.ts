/**
 * Measures latency in waves. The upstream holds several streams open and writes one partial image to each of them at
 * the same time. When all have arrived at the other end, the next wave follows. So nothing queues from one wave to the
 * next, and a slow contender is measured at the same load as a fast one.
 */
import type { Order, Stamp } from '../processes/order.ts';
import type { Figures } from './row.ts';
import { quantile } from './statistics.ts';
import type { Upstream } from './upstream.ts';

export interface WavesOptions {
  readonly upstream: Upstream;
  readonly streams: number;
  readonly waves: number;
  /** The number of receivers of each partial image. */
  readonly receiversOfEach?: number;
  /** Resolves when this many have arrived. */
  readonly received: (count: number) => Promise<void>;
  /** Resolves with all arrival times, at the end. */
  readonly finish: () => Promise<readonly Stamp[]>;
}

/** The first wave is not counted: it uses cold paths (a first file, a first buffer of this size). */
const COLD_WAVES = 1;

/** Runs waves over streams that are open. Resolves with the latency of each arrival, in milliseconds. */
export async function runWaves(options: WavesOptions): Promise<readonly UpstreamEvent[]> {
  const { upstream, streams, waves, receiversOfEach = 1, received, finish } = options;
  await upstream.call('held', streams);
  for (let wave = 1; wave <= waves + COLD_WAVES; wave += 1) {
    await upstream.call('wave');
    await received(wave * streams * receiversOfEach);
  }
  const written = await upstream.call('finish');
  const arrived = await finish();
  return latencies(
    written,
    arrived.filter(({ index }) => index >= COLD_WAVES),
  );
}

/** How long each arrival took, in milliseconds. */
export function latencies(written: readonly Stamp[], arrived: readonly Stamp[]): readonly UpstreamEvent[] {
  const writtenAt = new Map(written.map(({ key, index, at }) => [`${key}/${index}`, at]));
  return arrived.map(({ key, index, at }) => {
    const from = writtenAt.get(`${key}/${index}`);
    if (from === undefined) throw new Error(`image ${index} of ${key} was never written`);
    return { key, index, latencyMs: at - from };
  });
}

export interface UpstreamEvent {
  readonly key: string;
  readonly index: number;
  /** Since the write of the upstream. */
  readonly latencyMs: number;
}

export function percentiles(arrivals: readonly UpstreamEvent[]): Figures {
  const latencies = arrivals.map(({ latencyMs }) => latencyMs);
  return { p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95) };
}

let lastKey = 0;

/** Orders for streams that are held, each with its own key. */
export function heldOrders(count: number, bytes: number): readonly Order[] {
  return Array.from({ length: count }, () => {
    lastKey += 1;
    return { mode: 'waves', key: `held-${lastKey}`, bytes, partials: 0 };
  });
}
