/** Work that runs one piece at a time, in turns of its owners. */
import { describe, expect, it } from 'vitest';
import { createFairLimiter } from '../../src/lib/fair-limiter.ts';

describe('a fair limiter', () => {
  it('lets an owner with one piece wait for one piece of each other owner', async () => {
    const limit = createFairLimiter();
    const order: string[] = [];
    let running = 0;
    const work = (name: string) => async () => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(name);
      running -= 1;
      return name;
    };
    const all = [
      ...[1, 2, 3, 4, 5].map((number) => limit('greedy', work(`greedy ${number}`))),
      limit('modest', work('modest')),
      ...[1, 2].map((number) => limit('third', work(`third ${number}`))),
    ];
    expect(await Promise.all(all)).toHaveLength(8);
    expect(order).toEqual(['greedy 1', 'greedy 2', 'modest', 'third 1', 'greedy 3', 'third 2', 'greedy 4', 'greedy 5']);
  });

  it('goes on after a failure, which only its own caller sees', async () => {
    const limit = createFairLimiter();
    const failing = limit('one', async () => Promise.reject(new Error('damaged')));
    const working = limit('two', async () => 'fine');
    await expect(failing).rejects.toThrow('damaged');
    expect(await working).toBe('fine');
    expect(await limit('one', async () => 'again')).toBe('again');
  });
});
