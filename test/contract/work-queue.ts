/**
 * What every driver of WorkQueue promises, as tests. A driver's own test file calls `describeWorkQueue` with the way to
 * open an empty queue. Work may start a moment after it was enqueued, so the tests poll.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { WorkQueue } from '../../src/queue/work-queue.ts';

export interface QueueOptions {
  readonly concurrency: number;
  readonly perMinute: number | null;
  readonly run: (callId: string) => Promise<void>;
}

/** Long enough for a driver to start work that it must not start. */
const A_WHILE_MS = 100;

export function describeWorkQueue(name: string, open: (options: QueueOptions) => Promise<WorkQueue>): void {
  /** A queue whose work ends when the test says so. A call id starts with its principal: `a1` belongs to `a`. */
  async function openQueue(limits: Partial<Pick<QueueOptions, 'concurrency' | 'perMinute'>> = {}) {
    const started: string[] = [];
    const enders = new Map<string, () => void>();
    const queue = await open({
      concurrency: 1,
      perMinute: null,
      ...limits,
      run: (callId) => {
        started.push(callId);
        return new Promise((resolve) => enders.set(callId, resolve));
      },
    });
    const enqueue = async (callIds: readonly string[], more: { notBefore?: string; images?: number } = {}) => {
      for (const callId of callIds) {
        const { notBefore = null, images = 1 } = more;
        await queue.enqueue({ callId, principal: callId.charAt(0), images, notBefore });
      }
    };
    const end = (callId: string) => enders.get(callId)?.();
    const hasStarted = (callId: string) => expect.poll(() => started).toContain(callId);
    /** Ends each call as soon as it has started, until all of them have. */
    async function endAll(count: number): Promise<void> {
      for (let index = 0; index < count; index += 1) {
        await expect.poll(() => started.length).toBeGreaterThan(index);
        end(started[index] ?? '');
      }
    }
    return { queue, started, enqueue, end, endAll, hasStarted };
  }

  describe(`${name} as a work queue`, () => {
    it('starts no more calls at once than it may', async () => {
      const { queue, started, enqueue, end, hasStarted } = await openQueue({ concurrency: 2 });
      await enqueue(['a1', 'a2', 'a3']);
      await hasStarted('a2');
      await delay(A_WHILE_MS);
      expect(started).toHaveLength(2);
      end('a1');
      await hasStarted('a3');
      for (const callId of ['a2', 'a3']) end(callId);
      await queue.drain();
    });

    it('is fair: a principal with many calls does not hold up the first call of another', async () => {
      const { queue, started, enqueue, endAll } = await openQueue();
      await enqueue(['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'c1', 'b2']);
      await endAll(8);
      expect(started.filter((callId) => callId.startsWith('a'))).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']);
      for (const first of ['b1', 'c1']) expect(started.indexOf(first)).toBeLessThan(started.indexOf('a3'));
      expect(started.indexOf('b2')).toBeLessThan(started.indexOf('a5'));
      await queue.drain();
    });

    it('starts no more images within a minute than it may', async () => {
      const { queue, started, enqueue, end, hasStarted } = await openQueue({ concurrency: 10, perMinute: 4 });
      await enqueue(['a1', 'b1'], { images: 2 });
      await enqueue(['a2']);
      await hasStarted('b1');
      await delay(A_WHILE_MS);
      expect(started).not.toContain('a2');
      expect(await queue.position('a2')).toBe(1);
      for (const callId of ['a1', 'b1']) end(callId);
      await queue.drain();
    });

    it('starts a call no earlier than its `notBefore`', async () => {
      const { queue, started, enqueue, end, hasStarted } = await openQueue();
      const notBeforeMs = Date.now() + 3 * A_WHILE_MS;
      await enqueue(['a1'], { notBefore: new Date(notBeforeMs).toISOString() });
      await delay(A_WHILE_MS);
      expect(started).toEqual([]);
      await hasStarted('a1');
      expect(Date.now()).toBeGreaterThanOrEqual(notBeforeMs - 1);
      end('a1');
      await queue.drain();
    });

    it('takes the same waiting call twice as one work', async () => {
      const { queue, started, enqueue, endAll } = await openQueue();
      await enqueue(['a1', 'a2', 'a2']);
      await endAll(2);
      await delay(A_WHILE_MS);
      expect(started).toEqual(['a1', 'a2']);
      await queue.drain();
    });

    it('removes work that has not started', async () => {
      const { queue, started, enqueue, end, hasStarted } = await openQueue();
      await enqueue(['a1', 'a2', 'a3']);
      await enqueue(['a4'], { notBefore: new Date(Date.now() + A_WHILE_MS).toISOString() });
      await hasStarted('a1');
      for (const callId of ['a2', 'a4', 'unknown']) await queue.remove(callId);
      expect(await queue.position('a2')).toBeNull();
      end('a1');
      await hasStarted('a3');
      end('a3');
      await delay(2 * A_WHILE_MS);
      expect(started).toEqual(['a1', 'a3']);
      await queue.drain();
    });

    it('lists the waiting calls of a principal in their order, and nothing of others', async () => {
      const { queue, enqueue, endAll, hasStarted } = await openQueue();
      await enqueue(['a1', 'a2', 'b1', 'a3', 'a4']);
      await enqueue(['a5'], { notBefore: new Date(Date.now() + A_WHILE_MS).toISOString() });
      await hasStarted('a1');
      expect(await queue.waiting('a')).toEqual(['a2', 'a3', 'a4']);
      await queue.remove('a3');
      expect(await queue.waiting('a')).toEqual(['a2', 'a4']);
      expect(await queue.waiting('b')).toEqual(['b1']);
      expect(await queue.waiting('c')).toEqual([]);
      const positions = await Promise.all((await queue.waiting('a')).map((callId) => queue.position(callId)));
      expect(positions).toEqual([1, 2]);
      await endAll(5);
      expect(await queue.waiting('a')).toEqual([]);
      await queue.drain();
    });

    it('tells the position of each waiting call, and null for any other', async () => {
      const { queue, enqueue, end, hasStarted } = await openQueue();
      await enqueue(['a1', 'a2', 'a3']);
      await hasStarted('a1');
      expect(await queue.position('a2')).toBe(1);
      expect(await queue.position('a3')).toBe(2);
      expect(await queue.position('a1')).toBeNull();
      expect(await queue.position('unknown')).toBeNull();
      end('a1');
      await hasStarted('a2');
      expect(await queue.position('a3')).toBe(1);
      const drained = queue.drain();
      end('a2');
      await drained;
    });

    it('promise 10: counts only the calls of the same principal for a position', async () => {
      const { queue, enqueue, end, hasStarted } = await openQueue();
      await enqueue(['a1', 'a2']);
      await hasStarted('a1');
      await enqueue(['b1', 'b2', 'a3', 'c1']);
      const positions = async (...callIds: string[]) => Promise.all(callIds.map((callId) => queue.position(callId)));
      expect(await positions('a2', 'a3', 'b1', 'b2', 'c1')).toEqual([1, 2, 1, 2, 1]);
      // What others add or take away changes nothing.
      await enqueue(['b3', 'b4', 'd1']);
      await queue.remove('c1');
      expect(await positions('a2', 'a3', 'b1', 'b2')).toEqual([1, 2, 1, 2]);
      const drained = queue.drain();
      end('a1');
      await drained;
    });

    it('tells which calls it does not have', async () => {
      const { queue, enqueue, end, hasStarted } = await openQueue();
      await enqueue(['a1', 'a2']);
      await enqueue(['a3'], { notBefore: new Date(Date.now() + 60_000).toISOString() });
      await hasStarted('a1');
      expect(await queue.missing(['x', 'a1', 'a2', 'a3', 'y'])).toEqual(['x', 'y']);
      await queue.remove('a2');
      expect(await queue.missing(['a2'])).toEqual(['a2']);
      end('a1');
      await expect.poll(() => queue.missing(['a1'])).toEqual(['a1']);
      await queue.drain();
    });

    it('starts nothing more once it drains, and waits for what runs', async () => {
      const { queue, started, enqueue, end, hasStarted } = await openQueue();
      await enqueue(['a1', 'a2']);
      await hasStarted('a1');
      let isDrained = false;
      const drained = queue.drain().then(() => {
        isDrained = true;
      });
      await delay(A_WHILE_MS);
      expect(isDrained).toBe(false);
      end('a1');
      await drained;
      await queue.drain();
      expect(started).toEqual(['a1']);
    });
  });
}
