/** What subscribers of the same log share of its pages. */
import { describe, expect, it } from 'vitest';
import type { LogPage } from '../../src/events/log.ts';
import { createSharedReads } from '../../src/events/shared-reads.ts';

const FULL: LogPage<number> = { events: [1, 2], closed: false, more: true };
const NEWEST: LogPage<number> = { events: [3], closed: false, more: false };

function countedReads(page: LogPage<number>) {
  const share = createSharedReads<number>();
  let reads = 0;
  const read = async () => {
    reads += 1;
    return { ...page };
  };
  return { ask: (key: string) => share(key, read), reads: () => reads };
}

describe('pages of a log', () => {
  it('promise 2: are the same objects for all who replay the log, when more events are behind them', async () => {
    const { ask, reads } = countedReads(FULL);
    expect(await ask('log')).toBe(await ask('log'));
    expect(reads()).toBe(1);
  });

  it('promise 2: are read again at the end of the log, where events may have come', async () => {
    const { ask, reads } = countedReads(NEWEST);
    await ask('log');
    await ask('log');
    expect(reads()).toBe(2);
  });

  it('promise 10: are not shared between principals or logs', async () => {
    const { ask, reads } = countedReads(FULL);
    await ask('one');
    await ask('another');
    expect(reads()).toBe(2);
  });
});
