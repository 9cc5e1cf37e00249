/** What authentication by API key costs: the check of the key, and signed image URLs. */
import type { Row } from '../harness/row.ts';
import { measureCost, NO_COUNTS } from './cost-cases.ts';

/**
 * Each signed URL is 45 characters longer, which is a quarter more to write. With a key and 45 constant characters, without a
 * look-up or a signature, the page took 15 % more (docs/decisions/2026-11-28-cost-of-limits.md).
 */
const GALLERY_BAR = 1.1;

export const auth: Row = {
  name: 'auth',
  title: 'Authentication by API key',
  measure: (bench, opened) =>
    measureCost(bench, opened, {
      ours: { settings: { AUTH: 'keys', ...NO_COUNTS }, hasKey: true },
      peer: { settings: NO_COUNTS, hasKey: false },
      peerName: 'without AUTH',
      galleryBar: GALLERY_BAR,
    }),
};
