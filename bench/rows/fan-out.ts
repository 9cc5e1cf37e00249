/** Events with URLs to many subscribers of one call. */
import { atMost, type Row } from '../harness/row.ts';
import { measureFanOut } from './fan-out-cases.ts';

export const fanOut: Row = {
  name: 'fan-out',
  title: 'Fan-out of events with URL',
  measure: (bench, opened) =>
    measureFanOut(bench, opened, {
      bytes: 20_000,
      taking: 'event',
      counts: bench.scaled([1, 10, 50, 200], [1, 200]),
      waves: bench.scaled(60, 15),
      rounds: bench.scaled(7, 3),
      cpuBar: (count) => atMost(count <= 10 ? 3 : count <= 50 ? 2 : 1.6),
      spreadBar: atMost(1.1),
    }),
};
