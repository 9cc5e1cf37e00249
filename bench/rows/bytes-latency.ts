/**
 * From the upstream write of a partial image until a subscriber has its bytes, by its event and a GET, or by `dataUri`.
 */
import { atMost, type Row } from '../harness/row.ts';
import type { Taking } from '../processes/documents.ts';
import { type LatencyCase, measureLatency } from './latency.ts';

export const bytesLatency: Row = {
  name: 'bytes-latency',
  title: 'From the upstream write of a partial image to its bytes at a subscriber',
  measure(bench) {
    const takings: readonly Taking[] = ['bytes', 'dataUri'];
    const cases = takings.flatMap((taking) =>
      bench
        .scaled([200_000, 1_000_000, 3_000_000], [1_000_000])
        .flatMap((bytes) =>
          bench
            .scaled([1, 8, 32], [1])
            .map((calls): LatencyCase => ({ bytes, calls, taking, bars: [atMost(1), atMost(1)] })),
        ),
    );
    return measureLatency(bench, cases);
  },
};
