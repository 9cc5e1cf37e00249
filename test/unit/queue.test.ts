/** The work queue of one process: in turn between principals, within its limits, and never twice. */
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInProcessQueue, type InProcessQueueOptions } from '../../src/queue/in-process.ts';

/** A queue whose work ends when it is told to. */
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
  const enqueue = (callId: string, notBefore: string | null = null) =>
    queue.enqueue({ callId, principal: callId.replace(/\d+$/u, ''), notBefore });
  return { queue, begun, end, enqueue };
}

describe('the work queue', () => {
  it('takes turns between principals, so that many calls of one delay another one by one', async () => {
    const { begun, end, enqueue } = openQueue();
    for (const callId of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']) enqueue(callId);
    for (let index = 0; index < 7; index += 1) await end(begun[index] ?? '');
    expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  });

  it('says truly how many come before, for any calls of any principals', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }), async (principals) => {
        const { queue, begun, end, enqueue } = openQueue();
        enqueue('first1');
        const calls = principals.map((principal, index) => `${principal}${index}`);
        for (const callId of calls) enqueue(callId);
        const told = new Map(calls.map((callId) => [callId, queue.position(callId)]));
        for (let index = 0; index <= calls.length; index += 1) await end(begun[index] ?? '');
        expect(begun.slice(1).map((callId) => told.get(callId))).toEqual(calls.map((_, index) => index + 1));
      }),
      { numRuns: 50 },
    ));

  it('runs no more at once than it may', async () => {
    const { begun, end, enqueue } = openQueue({ concurrency: 2 });
    for (const callId of ['a1', 'a2', 'a3']) enqueue(callId);
    expect(begun).toEqual(['a1', 'a2']);
    await end('a2');
    expect(begun).toEqual(['a1', 'a2', 'a3']);
  });

  it('begins no more within a minute than it may', async () => {
    const { queue, begun, end, enqueue } = openQueue({ concurrency: 10, perMinute: 2 });
    for (const callId of ['a1', 'a2', 'a3']) enqueue(callId);
    for (const callId of ['a1', 'a2']) await end(callId);
    await delay(50);
    expect(begun).toEqual(['a1', 'a2']);
    expect(queue.position('a3')).toBe(1);
  });

  it('takes the same call twice as the same work', async () => {
    const { queue, begun, end, enqueue } = openQueue();
    for (const callId of ['a1', 'a2', 'a2']) enqueue(callId);
    expect(queue.position('a2')).toBe(1);
    for (const callId of ['a1', 'a2']) await end(callId);
    expect(begun).toEqual(['a1', 'a2']);
  });

  it('leaves a call alone until its moment', async () => {
    const { begun, enqueue } = openQueue();
    enqueue('a1', new Date(Date.now() + 60).toISOString());
    await delay(20);
    expect(begun).toEqual([]);
    await expect.poll(() => begun).toEqual(['a1']);
  });

  it('gives back what has not begun', async () => {
    const { queue, begun, end, enqueue } = openQueue();
    for (const callId of ['a1', 'a2', 'a3']) enqueue(callId);
    enqueue('a4', new Date(Date.now() + 20).toISOString());
    queue.remove('a2');
    queue.remove('a4');
    expect(queue.position('a2')).toBeNull();
    await end('a1');
    await end('a3');
    await delay(40);
    expect(begun).toEqual(['a1', 'a3']);
  });

  it('begins nothing any more once it drains, and waits for what runs', async () => {
    const { queue, begun, end, enqueue } = openQueue();
    for (const callId of ['a1', 'a2']) enqueue(callId);
    let drained = false;
    const draining = queue.drain().then(() => {
      drained = true;
    });
    enqueue('a3');
    await delay(10);
    expect(drained).toBe(false);
    await end('a1');
    await draining;
    expect(begun).toEqual(['a1']);
  });
});
