/** What authentication by API key costs: the check of the key, and signed image URLs. */
import type { Row } from '../harness/row.ts';
import { measureCost, NO_COUNTS } from './cost-cases.ts';

export const auth: Row = {
  name: 'auth',
  title: 'Authentication by API key',
  measure: (bench, opened) =>
    measureCost(bench, opened, {
      ours: { settings: { AUTH: 'keys', ...NO_COUNTS }, hasKey: true },
      peer: { settings: NO_COUNTS, hasKey: false },
      peerName: 'without AUTH',
    }),
};
