/** What was used lately stays, and what was not goes: memory is bounded, whatever comes. */
import { expect, it } from 'vitest';
import { RecentMap } from '../../src/lib/recent-map.ts';

const MAX = 10;
const value = (number: number) => ({ number });

it('keeps what is used again and again among many others', () => {
  const map = new RecentMap<number, { readonly number: number }>(MAX);
  map.set(-1, value(-1));
  for (let number = 0; number < 100; number += 1) {
    map.set(number, value(number));
    expect(map.get(-1)).toEqual(value(-1));
  }
});

it('keeps the half that was used last, and no more than the maximum', () => {
  const map = new RecentMap<number, { readonly number: number }>(MAX);
  for (let number = 0; number < 100; number += 1) map.set(number, value(number));
  const kept = Array.from({ length: 100 }, (_, number) => number).filter((number) => map.get(number) !== undefined);
  expect(kept.length).toBeLessThanOrEqual(MAX);
  expect(kept).toEqual(expect.arrayContaining([95, 96, 97, 98, 99]));
});

it('replaces a value', () => {
  const map = new RecentMap<string, { readonly number: number }>(MAX);
  for (let number = 0; number < 100; number += 1) map.set('a', value(number));
  expect(map.get('a')).toEqual(value(99));
});
