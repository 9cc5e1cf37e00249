/** Budgets as a client meets them, on real servers: what is refused, what is counted, and what is never exceeded. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toPicodollars } from '../../src/domain/cost/cost.ts';
import { BALANCED, readBooks } from '../support/books.ts';
import { Spend, ViewerBudgets } from '../support/budget-documents.ts';
import { CancelGeneration } from '../support/call-documents.ts';
import { data } from '../support/client.ts';
import type { GenerateImageInput } from '../support/gql/graphql.ts';
import { runMain } from '../support/server.ts';
import { openShop, orderToEnd, retry, type Shop } from './orders.ts';
import { countRows, eventually, watchToEnd } from './steps.ts';

/** About 0.023 USD, for which 0.043 are reserved. */
const CHEAP = {
  prompt: 'a kite',
  options: { quality: 'LOW', size: '1024x1024', partialImages: 0 },
} as const satisfies GenerateImageInput;

async function spend(url: string, input: GenerateImageInput = CHEAP) {
  return (await data(url, Spend, { input })).generateImage;
}

async function accepted(url: string, input: GenerateImageInput = CHEAP) {
  const answer = await spend(url, input);
  if (answer.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(answer));
  return answer.call;
}

async function budgetsOf(url: string) {
  return (await data(url, ViewerBudgets, {})).viewer.budgets;
}

async function dailyOf(url: string) {
  const budget = (await budgetsOf(url)).find(({ period }) => period === 'DAY');
  if (budget === undefined) throw new Error('there is no daily budget');
  return { ...budget, left: toPicodollars(budget.remaining), used: toPicodollars(budget.spent) };
}

describe('a budget of a day', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop({ BUDGET_PER_DAY: '0.12', BUDGET_PER_MONTH: '20', CONCURRENCY: '1', MAX_ATTEMPTS: '1' });
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  it('is told with what is spent, reserved and left', async () => {
    const { url } = shop;
    const [day, month] = await budgetsOf(url);
    const today = new Date().toISOString().slice(0, 10);
    expect(day).toEqual({
      subject: 'PRINCIPAL',
      subjectId: 'local',
      period: 'DAY',
      currency: 'USD',
      limit: '0.12',
      spent: '0',
      reserved: '0',
      remaining: '0.12',
      startsAt: `${today}T00:00:00.000Z`,
      resetsAt: new Date(Date.parse(today) + 86_400_000).toISOString(),
      onExceed: 'REFUSE',
      isDefault: true,
    });
    expect(month).toMatchObject({ period: 'MONTH', limit: '20', startsAt: `${today.slice(0, 7)}-01T00:00:00.000Z` });
  });

  it('counts what a call has cost when it has ended, and what it may cost before', async () => {
    const { url } = shop;
    const { id } = await accepted(url, { ...CHEAP, prompt: 'a kite [sim:duration=500]' });
    const open = await dailyOf(url);
    expect(open.used).toBe(0n);
    expect(Number(open.reserved)).toBeGreaterThan(0.03);
    await watchToEnd(url, id);
    const { viewer } = await data(url, ViewerBudgets, {});
    expect(viewer.budgets[0]).toMatchObject({ spent: viewer.cost.amount, reserved: '0' });
    expect(viewer.budgets[1]).toMatchObject({ spent: viewer.cost.amount, reserved: '0' });
    expect(Number(viewer.cost.amount)).toBeGreaterThan(0.02);
    // What was reserved was enough.
    expect(Number(viewer.cost.amount)).toBeLessThan(Number(open.reserved));
  });

  it('refuses what does not fit: nothing is stored, the upstream is not asked, and the error says when it will fit', async () => {
    const { url, server } = shop;
    const before = { rows: countRows(server.dataDir), asked: shop.requests.length };
    const answer = await spend(url, { ...CHEAP, count: 10 });
    expect(answer).toMatchObject({
      __typename: 'BudgetExceededError',
      code: 'BUDGET_EXCEEDED',
      budget: { period: 'DAY', subject: 'PRINCIPAL', limit: '0.12' },
      resetsAt: (await dailyOf(url)).resetsAt,
    });
    if (answer.__typename !== 'BudgetExceededError') throw new Error('not refused');
    expect(Number(answer.required)).toBeGreaterThan(0.12);
    expect(answer.message).toContain('Your daily budget is 0.12 USD');
    expect({ rows: countRows(server.dataDir), asked: shop.requests.length }).toEqual(before);
  });

  it('gets back what a call had reserved that is cancelled before it starts', async () => {
    const { url } = shop;
    const before = await dailyOf(url);
    // One runs at a time: the second one waits.
    const first = await accepted(url, { ...CHEAP, prompt: 'a slow kite [sim:duration=1500]' });
    const second = await accepted(url);
    await data(url, CancelGeneration, { input: { callId: second.id } });
    const held = await dailyOf(url);
    await watchToEnd(url, first.id);
    const after = await dailyOf(url);
    expect(before.left - held.left).toBeGreaterThan(before.left - after.left);
    expect(after.reserved).toBe('0');
    expect(readBooks(shop.server.dataDir)).toMatchObject(BALANCED);
  });

  it('counts a failed call in full that may have been charged, and nothing for one that was not', async () => {
    const { url } = shop;
    await runMain(['budgets', 'set', '--principal', 'local', '--per', 'day', '--amount', '5'], {
      DATA_DIR: shop.server.dataDir,
    });
    const before = await dailyOf(url);
    expect((await orderToEnd(url, { ...CHEAP, prompt: 'a kite [sim:http-400]' })).call.status).toBe('FAILED');
    expect(await dailyOf(url)).toMatchObject({ used: before.used, reserved: '0' });
    expect((await orderToEnd(url, { ...CHEAP, prompt: 'a kite [sim:http-500]' })).call.status).toBe('FAILED');
    const after = await dailyOf(url);
    expect(after.used).toBeGreaterThan(before.used);
    expect(after).toMatchObject({ reserved: '0', isDefault: false });
  });

  it('reserves for the missing images of a retry', async () => {
    const { url } = shop;
    const { call } = await orderToEnd(url, { ...CHEAP, prompt: 'a kite [sim:http-400]', count: 4 });
    await runMain(['budgets', 'set', '--principal', 'local', '--per', 'day', '--amount', '0.15'], {
      DATA_DIR: shop.server.dataDir,
    });
    expect(await retry(url, { callId: call.id })).toMatchObject({ __typename: 'BudgetExceededError' });
  });

  it('that an operator lowers below what is spent refuses everything, and one that is removed gives way to the default', async () => {
    const { url, server } = shop;
    const run = (...args: string[]) =>
      runMain(['budgets', ...args, '--principal', 'local', '--per', 'day'], { DATA_DIR: server.dataDir });
    expect(await run('set', '--amount', '0.001')).toMatchObject({ code: 0, stderr: '' });
    expect(await dailyOf(url)).toMatchObject({ limit: '0.001', remaining: '0' });
    expect(await spend(url)).toMatchObject({ __typename: 'BudgetExceededError' });
    expect(await run('remove')).toMatchObject({ code: 0, stderr: '' });
    expect(await dailyOf(url)).toMatchObject({ limit: '0.12', isDefault: true });
  });
});

describe('a model whose price is not known', () => {
  it('is reserved and counted at the amount for such models, image by image', async () => {
    await using shop = await openShop({ BUDGET_PER_DAY: '1', BUDGET_UNPRICED_IMAGE: '0.3', MAX_ATTEMPTS: '1' });
    const unpriced = { ...CHEAP, options: { ...CHEAP.options, model: 'gpt-image-9' } };
    expect(await spend(shop.url, { ...unpriced, count: 4 })).toMatchObject({ required: '1.2' });
    const { id } = await accepted(shop.url, unpriced);
    await watchToEnd(shop.url, id);
    // It cannot be used to spend without end.
    expect(await dailyOf(shop.url)).toMatchObject({ spent: '0.3', reserved: '0' });
  });
});

describe('a thousand requests at once', () => {
  it('spend at most the budget, and what is counted is what the calls cost', async () => {
    const limit = toPicodollars('0.5');
    await using shop = await openShop({
      BUDGET_PER_DAY: '0.5',
      MAX_OPEN_CALLS: '5000',
      CONCURRENCY: '20',
      UPSTREAM_API: 'images',
    });
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => spend(shop.url)));
    const calls = answers.flatMap((answer) => (answer.__typename === 'GenerateImageSuccess' ? [answer.call.id] : []));
    const refused = answers.filter(({ __typename }) => __typename === 'BudgetExceededError');
    expect(calls.length + refused.length).toBe(1_000);
    expect(calls.length).toBeGreaterThan(10);
    expect(refused.length).toBeGreaterThan(100);
    const books = await eventually('the end of all calls', () => {
      const now = readBooks(shop.server.dataDir);
      return now.openCalls === 0 ? now : undefined;
    });
    expect(books).toMatchObject(BALANCED);
    expect(books.cost).toBeGreaterThan(0n);
    expect(books.cost).toBeLessThanOrEqual(limit + books.largest);
    const { used, reserved } = await dailyOf(shop.url);
    expect({ used, reserved }).toEqual({ used: books.cost, reserved: '0' });
    expect(shop.creates()).toHaveLength(calls.length);
  });
});

describe('open calls', () => {
  it('are never more than MAX_OPEN_CALLS, in 500 requests at once', async () => {
    await using shop = await openShop({ MAX_OPEN_CALLS: '7', CONCURRENCY: '2' }, { durationMs: 60_000 });
    const answers = await Promise.all(Array.from({ length: 500 }, () => spend(shop.url)));
    expect(answers.filter(({ __typename }) => __typename === 'GenerateImageSuccess')).toHaveLength(7);
    const refused = answers.find(({ __typename }) => __typename === 'RateLimitedError');
    expect(refused).toMatchObject({ code: 'RATE_LIMITED', retryAfter: null });
    expect(refused).toMatchObject({ message: expect.stringContaining('MAX_OPEN_CALLS') });
    expect(countRows(shop.server.dataDir)).toMatchObject({ calls: 7, conversations: 7, events: 16 });
  });
});
