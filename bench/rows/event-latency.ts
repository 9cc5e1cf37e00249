/** Upstream wrote a partial until a subscriber has its event (with its URL), durable write included. */
import { atMost, type Row } from '../harness/row.ts';
import { type LatencyCase, measureLatency } from './latency.ts';

export const eventLatency: Row = {
  name: 'event-latency',
  title: 'Upstream wrote a partial until a subscriber has its event (URL)',
  measure(bench) {
    const cases = bench.scaled([200_000, 1_000_000, 3_000_000], [1_000_000]).flatMap((bytes) =>
      bench.scaled([1, 8, 32], [8]).map((calls): LatencyCase => {
        return { bytes, calls, taking: 'event', bar: atMost(bytes < 1_000_000 ? 1 : 0.7) };
      }),
    );
    return measureLatency(bench, cases);
  },
};
