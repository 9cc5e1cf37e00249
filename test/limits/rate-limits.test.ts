/** The rate limits of a single process: the contract, and that no number of addresses fills the memory. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createInProcessRateLimits } from '../../src/limits/drivers/in-process/rate-limits.ts';
import { describeRateLimits } from '../contract/rate-limits.ts';

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
});
afterAll(() => {
  vi.useRealTimers();
});

describeRateLimits('the counts of this process', {
  open: async (perMinute) => createInProcessRateLimits({ perMinute, maxSubjects: 1_000 }),
  pass: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)),
});

it('counts a bounded number of subjects, and forgets the one that was silent for longest', async () => {
  const perMinute = {
    REQUESTS: 1,
    COST: null,
    UPLOADS: null,
    IMAGES: null,
    VARIANTS: null,
    FAILED_AUTHENTICATIONS: null,
  };
  const before = vi.getTimerCount();
  const rates = createInProcessRateLimits({ perMinute, maxSubjects: 100 });
  for (let address = 0; address < 5_000; address += 1) {
    await rates.consume('REQUESTS', 'kept', 1);
    await rates.consume('REQUESTS', `address:${address}`, 1);
  }
  // One timer for each subject that is counted.
  expect(vi.getTimerCount() - before).toBeLessThanOrEqual(100);
  expect(await rates.consume('REQUESTS', 'kept', 1)).toMatchObject({ isAllowed: false });
  expect(await rates.consume('REQUESTS', 'address:0', 1)).toMatchObject({ isAllowed: true });
});

it('takes nothing back from the next minute when a window ends while a request is refused', async () => {
  const perMinute = {
    REQUESTS: null,
    COST: 10,
    UPLOADS: null,
    IMAGES: null,
    VARIANTS: null,
    FAILED_AUTHENTICATIONS: null,
  };
  const rates = createInProcessRateLimits({ perMinute, maxSubjects: 10 });
  await rates.consume('COST', 'a', 8);
  await vi.advanceTimersByTimeAsync(59_999);
  const refused = rates.consume('COST', 'a', 5);
  // The clock moves between the refusal and its correction.
  vi.setSystemTime(Date.now() + 10);
  expect((await refused).isAllowed).toBe(false);
  const allowed = [];
  for (let request = 0; request < 20; request += 1) allowed.push((await rates.consume('COST', 'a', 1)).isAllowed);
  expect(allowed.filter(Boolean).length).toBeLessThanOrEqual(10);
});
