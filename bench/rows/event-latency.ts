/**
 * From the upstream write of a partial image until a subscriber has its event (with its URL), including its storing.
 */
import { atMost, type Row } from '../harness/row.ts';
import { type LatencyCase, measureLatency } from './latency.ts';

export const eventLatency: Row = {
  name: 'event-latency',
  title: 'From the upstream write of a partial image to its event at a subscriber (URL)',
  measure(bench) {
    const cases = bench.scaled([200_000, 1_000_000, 3_000_000], [1_000_000]).flatMap((bytes) =>
      bench.scaled([1, 8, 32], [8]).map((calls): LatencyCase => {
        return {
          bytes,
          calls,
          taking: 'event',
          bars: bytes < 1_000_000 ? [atMost(0.8), atMost(1)] : [atMost(0.7), atMost(0.7)],
        };
      }),
    );
    return measureLatency(bench, cases);
  },
};
