/** The work queue of one process: the contract of every driver, then the exact order and limits of this one. */
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createInProcessQueue, type InProcessQueueOptions } from '../../src/queue/drivers/in-process/work-queue.ts';
import { describeWorkQueue } from '../contract/work-queue.ts';

describeWorkQueue('the in-process driver', async (options) => createInProcessQueue({ ...options, nowMs: Date.now }));

/** A queue whose work ends when the test says so. */
function openQueue(options: Partial<InProcessQueueOptions> = {}) {
  const begun: string[] = [];
  const enders = new Map<string, () => void>();
  const queue = createInProcessQueue({
    concurrency: 1,
    perMinute: null,
    nowMs: Date.now,
    run: (callId) => {
      begun.push(callId);
      return new Promise((resolve) => enders.set(callId, resolve));
    },
    ...options,
  });
  const end = async (callId: string) => {
    enders.get(callId)?.();
    await delay(0);
  };
  const enqueue = (callId: string, notBefore: string | null = null, images = 1) =>
    queue.enqueue({ callId, principal: callId.replace(/\d+$/u, ''), images, notBefore });
  return { queue, begun, end, enqueue };
}

describe('the work queue', () => {
  it('takes turns between principals, so that many calls of one delay another one by one', async () => {
    const { begun, end, enqueue } = openQueue();
    for (const callId of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']) await enqueue(callId);
    for (let index = 0; index < 7; index += 1) await end(begun[index] ?? '');
    expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  });

  it('tells the position of every call among those of its principal, for any calls of any principals', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }), async (principals) => {
        const { queue, begun, end, enqueue } = openQueue();
        await enqueue('first1');
        const calls = principals.map((principal, index) => `${principal}${index}`);
        for (const callId of calls) await enqueue(callId);
        const positions = await Promise.all(calls.map((callId) => queue.position(callId)));
        const told = new Map(calls.map((callId, index) => [callId, positions[index]]));
        for (let index = 0; index <= calls.length; index += 1) await end(begun[index] ?? '');
        for (const principal of ['a', 'b', 'c']) {
          const own = begun.slice(1).filter((callId) => callId.startsWith(principal));
          expect(own.map((callId) => told.get(callId))).toEqual(own.map((_, index) => index + 1));
        }
      }),
      { numRuns: 50 },
    ));

  it('runs no more calls at once than its limit', async () => {
    const { begun, end, enqueue } = openQueue({ concurrency: 2 });
    for (const callId of ['a1', 'a2', 'a3']) await enqueue(callId);
    expect(begun).toEqual(['a1', 'a2']);
    await end('a2');
    expect(begun).toEqual(['a1', 'a2', 'a3']);
  });

  it('does not add a waiting call twice', async () => {
    const { queue, begun, end, enqueue } = openQueue();
    for (const callId of ['a1', 'a2', 'a2']) await enqueue(callId);
    expect(await queue.position('a2')).toBe(1);
    for (const callId of ['a1', 'a2']) await end(callId);
    expect(begun).toEqual(['a1', 'a2']);
  });

  it('does not start a call before its `notBefore`', async () => {
    const { begun, enqueue } = openQueue();
    await enqueue('a1', new Date(Date.now() + 60).toISOString());
    await delay(20);
    expect(begun).toEqual([]);
    await expect.poll(() => begun).toEqual(['a1']);
  });

  it('removes calls that have not started', async () => {
    const { queue, begun, end, enqueue } = openQueue();
    for (const callId of ['a1', 'a2', 'a3']) await enqueue(callId);
    await enqueue('a4', new Date(Date.now() + 20).toISOString());
    await queue.remove('a2');
    await queue.remove('a4');
    expect(await queue.position('a2')).toBeNull();
    await end('a1');
    await end('a3');
    await delay(40);
    expect(begun).toEqual(['a1', 'a3']);
  });

  it('starts nothing more once it drains, and waits for running calls', async () => {
    const { queue, begun, end, enqueue } = openQueue();
    for (const callId of ['a1', 'a2']) await enqueue(callId);
    let drained = false;
    const first = queue.drain();
    const draining = Promise.all([first, queue.drain()]).then(() => {
      drained = true;
    });
    await enqueue('a3');
    await delay(10);
    expect(drained).toBe(false);
    await end('a1');
    await draining;
    // May be called again after it has drained.
    await queue.drain();
    expect(begun).toEqual(['a1']);
  });
});

describe('within a minute, the work queue', () => {
  afterEach(() => void vi.useRealTimers());

  /** A queue whose work ends at once, and the second at which each call started. */
  function openClock(perMinute: number) {
    vi.useFakeTimers();
    const begunAt = new Map<string, number>();
    const start = Date.now();
    const queue = createInProcessQueue({
      concurrency: 100,
      perMinute,
      nowMs: Date.now,
      run: async (callId) => void begunAt.set(callId, Math.round((Date.now() - start) / 1000)),
    });
    const enqueue = (callId: string, images: number) =>
      queue.enqueue({ callId, principal: callId.replace(/\d+$/u, ''), images, notBefore: null });
    const seconds = () => Object.fromEntries(begunAt);
    return { queue, enqueue, seconds };
  }

  it('starts no more images than its limit, and tells the position of each call', async () => {
    const { queue, enqueue, seconds } = openClock(2);
    for (const callId of ['a1', 'a2', 'a3', 'a4', 'b1']) await enqueue(callId, 1);
    expect(seconds()).toEqual({ a1: 0, a2: 0 });
    expect(await Promise.all(['a3', 'b1', 'a4'].map((callId) => queue.position(callId)))).toEqual([1, 1, 2]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seconds()).toEqual({ a1: 0, a2: 0, a3: 60, b1: 60 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seconds()).toMatchObject({ a4: 120 });
  });

  it('counts every image of a call', async () => {
    const { enqueue, seconds } = openClock(10);
    await enqueue('a1', 4);
    await vi.advanceTimersByTimeAsync(20_000);
    await enqueue('a2', 6);
    await enqueue('a3', 5);
    await enqueue('a4', 1);
    await vi.advanceTimersByTimeAsync(120_000);
    // Nothing overtakes: the small call waits behind the large one.
    expect(seconds()).toEqual({ a1: 0, a2: 20, a3: 80, a4: 80 });
  });

  it('starts a call for more images than its limit alone, and gives it as many minutes as it needs', async () => {
    const { enqueue, seconds } = openClock(4);
    await enqueue('a1', 1);
    await enqueue('a2', 10);
    await enqueue('b1', 1);
    await enqueue('a3', 1);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(seconds()).toEqual({ a1: 0, a2: 60, b1: 210, a3: 210 });
  });

  it('continues when the call that did not fit is removed', async () => {
    const { queue, enqueue, seconds } = openClock(4);
    await enqueue('a1', 3);
    await enqueue('a2', 4);
    await enqueue('a3', 1);
    await queue.remove('a2');
    expect(seconds()).toEqual({ a1: 0, a3: 0 });
  });
});
