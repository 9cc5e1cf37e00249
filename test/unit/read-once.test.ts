/** A clock that is read once for what runs without waiting. */
import { expect, it } from 'vitest';
import { readOnce } from '../../src/lib/turn.ts';

it('tells one time to all who do not wait, and the current time after waiting', async () => {
  let reads = 0;
  const now = readOnce(() => {
    reads += 1;
    return reads;
  });
  expect([now(), now(), now()]).toEqual([1, 1, 1]);
  await Promise.resolve();
  expect([now(), now()]).toEqual([2, 2]);
});
