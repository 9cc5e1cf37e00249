/**
 * What rates and concurrency limits cost. The limits of documents, rows, bytes and time are in both servers: they cannot be
 * switched off.
 */
import type { Row } from '../harness/row.ts';
import { ALL_COUNTS, measureCost, NO_COUNTS } from './cost-cases.ts';

export const limits: Row = {
  name: 'limits',
  title: 'Rates and concurrency limits of a public server',
  measure: (bench, opened) =>
    measureCost(bench, opened, {
      ours: { settings: { AUTH: 'keys', ...ALL_COUNTS }, hasKey: true },
      peer: { settings: { AUTH: 'keys', ...NO_COUNTS }, hasKey: true },
      peerName: 'limits off',
    }),
};
