/**
 * Budgets under load and kills: requests arrive all the time, the server is killed at random moments, and afterwards the
 * books balance: no reservation was lost or counted twice, and no more was spent than the budget and one call.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { toPicodollars } from '../../src/domain/cost/cost.ts';
import { openShopProcess, type Shop } from '../api/orders.ts';
import { eventually } from '../api/steps.ts';
import { BALANCED, readBooks } from '../support/books.ts';
import { Spend } from '../support/budget-documents.ts';
import { data } from '../support/client.ts';
import type { TestServer } from '../support/server.ts';
import { createRandom } from './rounds.ts';

/** For each round, in US dollars: less than half of what its requests would cost. */
const LIMIT_PER_ROUND = 0.36;
const REQUESTS = 40;
/** The longest time from the first request of a round to its kill, in milliseconds. */
const KILL_WITHIN_MS = 400;
const INPUT = {
  prompt: 'a kite [sim:duration=50]',
  options: { quality: 'LOW', size: '1024x1024', partialImages: 0 },
} as const;

/** The requests of one round; those whose answer is lost with the server are sent again to the next one. */
async function spendAll(server: TestServer, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const accepted = new Map<string, string>();
  await Promise.all(
    keys.map(async (idempotencyKey) => {
      const answer = await data(server.url, Spend, { input: { ...INPUT, idempotencyKey } }).catch(() => null);
      if (answer?.generateImage.__typename !== 'GenerateImageSuccess') return;
      accepted.set(idempotencyKey, answer.generateImage.call.id);
    }),
  );
  return accepted;
}

async function killAndRestart(shop: Shop<TestServer>, server: TestServer, afterMs: number): Promise<TestServer> {
  await delay(afterMs);
  await server.stop('SIGKILL');
  // Whatever was committed is whole: every call has its reservation, and every sum is that of its parts.
  expect(readBooks(server.dataDir)).toMatchObject(BALANCED);
  return shop.restart();
}

export async function playBudgetKills(rounds: number, background: boolean): Promise<void> {
  const limit = (rounds * LIMIT_PER_ROUND).toFixed(2);
  const random = createRandom(`budgets ${background}`);
  await using shop = await openShopProcess({
    BUDGET_PER_DAY: limit,
    UPSTREAM_BACKGROUND: background ? 'on' : 'off',
    CONCURRENCY: '8',
    MAX_OPEN_CALLS: '1000',
    LEASE_MS: '500',
  });
  let { server } = shop;
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const keys = Array.from({ length: REQUESTS }, (_, nth) => `round ${round} request ${nth}`);
      const spending = spendAll(server, keys);
      server = await killAndRestart(shop, server, random.integer(0, KILL_WITHIN_MS));
      const before = await spending;
      const again = await spendAll(server, keys);
      for (const [key, callId] of before) expect(again.get(key)).toBe(callId);
    }
    const books = await eventually('the end of all calls', () => {
      const now = readBooks(server.dataDir);
      return now.openCalls === 0 ? now : undefined;
    });
    expect(books).toMatchObject(BALANCED);
    expect(books.cost).toBeGreaterThan(0n);
    expect(books.cost).toBeLessThanOrEqual(toPicodollars(limit) + books.largest);
  } finally {
    await server.stop('SIGKILL');
  }
}
