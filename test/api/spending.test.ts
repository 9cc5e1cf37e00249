/** What was spent by day and month, with and without budgets: always the sum of the cost lines. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromPicodollars } from '../../src/domain/cost/cost.ts';
import { readBooks } from '../support/books.ts';
import { ViewerSpending } from '../support/budget-documents.ts';
import { data, execute } from '../support/client.ts';
import { openShop, orderToEnd, type Shop } from './orders.ts';

const INPUT = { prompt: 'a kite', options: { quality: 'LOW', size: '1024x1024', partialImages: 0 } } as const;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ CONCURRENCY: '2' });
});
afterAll(() => shop[Symbol.asyncDispose]());

const today = () => new Date().toISOString().slice(0, 10);
const spending = async (variables = {}) => (await data(shop.url, ViewerSpending, variables)).viewer;

describe('the spending of the viewer', () => {
  it('is of this month by default, with every day up to today, and nothing at first', async () => {
    const { spending: month } = await spending();
    expect(month).toMatchObject({ amount: '0', currency: 'USD', basis: 'REPORTED', complete: true, calls: 0 });
    expect(month.from).toBe(`${today().slice(0, 7)}-01`);
    expect(month.to).toBe(today());
    expect(month.days.map(({ date }) => date.slice(-2))).toEqual(
      Array.from({ length: Number(today().slice(-2)) }, (_, index) => String(index + 1).padStart(2, '0')),
    );
  });

  it('is the sum of all cost lines, without any budget', async () => {
    await Promise.all([orderToEnd(shop.url, INPUT), orderToEnd(shop.url, INPUT), orderToEnd(shop.url, INPUT)]);
    const { spending: day, cost } = await spending({ from: today() });
    const { cost: lines, drifted } = readBooks(shop.server.dataDir);
    expect(drifted).toEqual([]);
    expect(lines).toBeGreaterThan(0n);
    expect(day).toMatchObject({ amount: fromPicodollars(lines), complete: true, calls: 3 });
    expect(day.amount).toBe(cost.amount);
    expect(day.days).toEqual([{ date: today(), amount: cost.amount, complete: true, calls: 3 }]);
  });

  it('does not count what only budgets count: the reservation of a call whose price is not known', async () => {
    const before = (await spending({ from: today() })).spending;
    await orderToEnd(shop.url, { prompt: 'a kite', options: { ...INPUT.options, model: 'gpt-image-1.5-unpriced' } });
    const { spending: day, cost } = await spending({ from: today() });
    expect(day).toMatchObject({ complete: false, calls: before.calls + 1 });
    expect(day.amount).toBe(cost.amount);
    expect(readBooks(shop.server.dataDir).drifted).toEqual([]);
  });

  it('refuses days in the wrong order, and more than a hundred', async () => {
    const problem = async (variables: object) =>
      JSON.stringify((await execute(shop.url, ViewerSpending, variables)).errors);
    expect(await problem({ from: '2026-02-01', to: '2026-01-01' })).toContain('must not be after `to`');
    expect(await problem({ from: '2026-01-01', to: '2026-12-31' })).toContain('at most 100 are allowed');
    expect(await problem({ from: '2026-02-30' })).toContain('A Date is a day of the calendar');
  });
});
