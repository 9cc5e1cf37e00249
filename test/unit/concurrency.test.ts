/** Counts of what is open, which keep neither too little nor everything. */
import { expect, it } from 'vitest';
import { Concurrency } from '../../src/lib/concurrency.ts';

const SUBJECTS = 5_000;

it('counts what is open while thousands of other subjects come and go', () => {
  const counts = new Concurrency(2);
  expect([counts.enter('a'), counts.enter('a'), counts.enter('a')]).toEqual([true, true, false]);
  for (let number = 0; number < SUBJECTS; number += 1) {
    expect(counts.enter(`other ${number}`)).toBe(true);
    counts.leave(`other ${number}`);
  }
  expect(counts.enter('a')).toBe(false);
  counts.leave('a');
  expect(counts.inUse('a')).toBe(1);
  expect(counts.enter('a')).toBe(true);
});

it('keeps a bounded number of subjects that have nothing open', () => {
  const counts = new Concurrency(2);
  for (let number = 0; number < SUBJECTS; number += 1) {
    counts.enter(`other ${number}`);
    counts.leave(`other ${number}`);
  }
  expect(counts.subjects).toBeLessThanOrEqual(1_000);
});
