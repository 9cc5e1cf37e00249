/** Reservations in a real database: for any order of what can happen to calls, the sums are those of the calls. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  closeReservation,
  countCost,
  openReservation,
  reserve,
  storeReservation,
} from '../../src/billing/reservations.ts';
import type { Database, DatabaseTransaction } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { insertCall } from '../../src/db/queries/calls.ts';
import { chargedDays } from '../../src/db/queries/charged-days.ts';
import { insertConversation } from '../../src/db/queries/conversations.ts';
import { replaceCostLines } from '../../src/db/queries/cost-lines.ts';
import { lockReservation } from '../../src/db/queries/engine/reservations.ts';
import { findSpending } from '../../src/db/queries/engine/spending.ts';
import { fromPicodollars } from '../../src/domain/cost/cost.ts';
import { periodCharges } from '../../src/domain/limits/charges.ts';
import { callOf, conversationOf, PRINCIPAL } from '../contract/database-rows.ts';
import { newDataDir } from '../support/server.ts';

let dataDir: string;
let db: Database;
beforeAll(async () => {
  dataDir = await newDataDir();
  db = await openSqlite(join(dataDir, 'darkroom.sqlite'), { patienceMs: 1_000 });
  await insertConversation(db, conversationOf('conversation'));
});
afterAll(async () => {
  await db.destroy();
  await rm(dataDir, { recursive: true });
});

class KilledError extends Error {}

/** Does what must happen together, and sometimes fails before the commit: like a kill. */
async function inTransaction(isKilled: boolean, work: (transaction: DatabaseTransaction) => Promise<void>) {
  const done = db.transaction().execute(async (transaction) => {
    await work(transaction);
    if (isKilled) throw new KilledError();
  });
  await done.catch((error: unknown) => {
    if (!(error instanceof KilledError)) throw error;
  });
}

const DAYS = ['2026-11-29T23:59:59.999Z', '2026-11-30T12:00:00.000Z', '2026-12-01T00:00:00.000Z'] as const;

interface Call {
  readonly id: string;
  readonly reserved: bigint;
  readonly credential: string | null;
  at: string;
  costs: Map<number, bigint | null>;
  isOpen: boolean;
}

// Far above what a JavaScript number holds exactly.
const amount = fc.bigInt({ min: 0n, max: 10n ** 17n });
const SUBJECTS = [`principal:${PRINCIPAL}`, 'key:abc'] as const;
const PERIODS = [...new Set(DAYS.flatMap((day) => [day.slice(0, 10), day.slice(0, 7)]))];
const step = fc.record({
  call: fc.nat({ max: 2 }),
  kind: fc.constantFrom('COST', 'COST', 'UNPRICED', 'END', 'APPROVE'),
  task: fc.nat({ max: 2 }),
  amount,
  day: fc.constantFrom(...DAYS),
  isKilled: fc.integer({ min: 0, max: 5 }).map((chance) => chance === 0),
});

async function accept(reserved: bigint, credential: string | null, at: string, isOpen: boolean): Promise<Call> {
  const id = uuidv7();
  await inTransaction(false, async (transaction) => {
    const spender = { id: PRINCIPAL, credential };
    await reserve(transaction, spender, at, reserved);
    if (!isOpen) await reserve(transaction, spender, at, -reserved);
    await insertCall(transaction, callOf(id));
    await storeReservation(transaction, id, spender, { at, reserved, isOpen });
  });
  return { id, reserved, credential, at, isOpen, costs: new Map() };
}

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function play(call: Call, { kind, task, amount: cost, day, isKilled }: Step): Promise<void> {
  await inTransaction(isKilled, async (transaction) => {
    if (kind === 'END') await closeReservation(transaction, call.id);
    if (kind === 'APPROVE') await openReservation(transaction, call.id, day);
    if (kind === 'COST' || kind === 'UNPRICED') {
      const billed = {
        principal: PRINCIPAL,
        conversationId: 'conversation',
        basis: 'REPORTED',
        isCounted: true,
      } as const;
      const line = {
        kind: 'IMAGE_OUTPUT',
        model: 'm',
        tokens: 1,
        pricePerMillion: kind === 'COST' ? '1' : null,
      } as const;
      const priced = kind === 'COST' ? fromPicodollars(cost) : null;
      await replaceCostLines(transaction, { ...billed, key: { callId: call.id, attempt: 1, task } }, [
        { ...line, amount: priced },
      ]);
      await countCost(transaction, { id: call.id, principal: PRINCIPAL });
    }
  });
  if (isKilled) return;
  if (kind === 'END') call.isOpen = false;
  if (kind === 'APPROVE') Object.assign(call, { isOpen: true, at: day });
  if (kind === 'COST') call.costs.set(task, cost);
  if (kind === 'UNPRICED') call.costs.set(task, null);
}

/** What the call has cost: at least what was reserved where a price is not known. */
function costOf({ costs, reserved }: Call): bigint {
  const known = [...costs.values()].reduce<bigint>((sum, each) => sum + (each ?? 0n), 0n);
  return [...costs.values()].includes(null) && reserved > known ? reserved : known;
}

it('the sums of every period are those of its calls, whatever happens in whatever order, with kills in between', async () => {
  let compared = 0;
  const call = fc.tuple(amount, fc.constantFrom(null, 'key:abc'), fc.constantFrom(...DAYS), fc.boolean());
  await fc.assert(
    fc.asyncProperty(
      fc.array(call, { minLength: 3, maxLength: 3 }),
      fc.array(step, { maxLength: 25 }),
      async (accepted, steps) => {
        await db.deleteFrom('spending').execute();
        const calls: Call[] = [];
        for (const each of accepted) calls.push(await accept(...each));
        for (const each of steps) {
          const played = calls[each.call];
          if (played !== undefined) await play(played, each);
        }
        const expected = new Map<string, { spent: bigint; reserved: bigint }>();
        for (const each of calls) {
          const cost = costOf(each);
          const held = each.isOpen && each.reserved > cost ? each.reserved - cost : 0n;
          const subjects = [`principal:${PRINCIPAL}`, ...(each.credential === null ? [] : [each.credential])];
          for (const key of subjects.flatMap((subject) => [
            `${subject} ${each.at.slice(0, 10)}`,
            `${subject} ${each.at.slice(0, 7)}`,
          ])) {
            const { spent, reserved } = expected.get(key) ?? { spent: 0n, reserved: 0n };
            expected.set(key, { spent: spent + cost, reserved: reserved + held });
          }
          const stored = await db.transaction().execute((transaction) => lockReservation(transaction, each.id));
          expect(stored).toMatchObject({ cost, isOpen: each.isOpen, at: each.at, reserved: each.reserved });
        }
        for (const { subject, period, spent, reserved } of await findSpending(db, SUBJECTS, PERIODS)) {
          const sum = expected.get(`${subject} ${period}`) ?? { spent: 0n, reserved: 0n };
          expect({ spent, reserved }).toEqual(sum);
          expected.delete(`${subject} ${period}`);
          compared += 1;
        }
        for (const sum of expected.values()) expect(sum).toEqual({ spent: 0n, reserved: 0n });
        const range = { from: '2026-11-01', to: '2026-12-31' };
        const days = periodCharges(range, await chargedDays(db, PRINCIPAL, range)).days;
        for (const { date, ...day } of days) {
          const ofDay = calls.filter(({ at, costs }) => at.startsWith(date) && costs.size > 0);
          const known = ofDay.flatMap(({ costs }) => [...costs.values()].filter((cost) => cost !== null));
          expect([date, day]).toEqual([
            date,
            {
              charged: known.reduce((sum, cost) => sum + cost, 0n),
              chargedCalls: ofDay.length,
              estimatedCalls: 0,
              incompleteCalls: ofDay.filter(({ costs }) => [...costs.values()].includes(null)).length,
            },
          ]);
        }
      },
    ),
    { numRuns: 60 },
  );
  // Guards against a property that tests nothing.
  expect(compared).toBeGreaterThan(100);
});

it('a cost of a call without a reservation changes nothing', async () => {
  const id = uuidv7();
  await insertCall(db, callOf(id));
  await db.deleteFrom('spending').execute();
  await inTransaction(false, (transaction) => countCost(transaction, { id, principal: PRINCIPAL }));
  await inTransaction(false, (transaction) => closeReservation(transaction, id));
  expect(await db.selectFrom('spending').selectAll().execute()).toEqual([]);
});
