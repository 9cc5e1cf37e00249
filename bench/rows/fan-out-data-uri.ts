/** Events with an image of 1 MB as a data URI to many subscribers of one call. */
import { atMost, type Row } from '../harness/row.ts';
import { measureFanOut } from './fan-out-cases.ts';

export const fanOutDataUri: Row = {
  name: 'fan-out-data-uri',
  title: 'Fan-out of events with `dataUri`, 1 MB',
  measure: (bench, opened) =>
    measureFanOut(bench, opened, {
      bytes: 1_000_000,
      taking: 'dataUri',
      counts: bench.scaled([1, 10, 50], [10]),
      waves: bench.scaled(15, 4),
      rounds: bench.scaled(7, 2),
      cpuBar: () => atMost(1.3),
      spreadBar: atMost(1.3),
    }),
};
