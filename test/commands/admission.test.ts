/** What may be accepted: open calls and budgets, on a clock of the tests. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBudgets } from '../../src/billing/budgets.ts';
import { createApprovals } from '../../src/commands/approvals.ts';
import { createAdmission } from '../../src/commands/start/admission.ts';
import type { GenerateInput } from '../../src/commands/start/inputs.ts';
import { createStartCommands, type StartCommands } from '../../src/commands/start/start.ts';
import { createRequestValidator } from '../../src/commands/start/validate.ts';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { requestCancel } from '../../src/db/queries/calls.ts';
import { putBudget, type StoredBudget } from '../../src/db/queries/engine/budgets.ts';
import {
  BudgetExceededError,
  NotAwaitingApprovalError,
  NotFoundError,
  RateLimitedError,
} from '../../src/domain/errors.ts';
import type { BudgetState, Spender } from '../../src/domain/limits/budget.ts';
import { createInProcessNotifier } from '../../src/events/drivers/in-process/notifier.ts';
import { createTransitions, type Transitions } from '../../src/state/transitions.ts';
import { newDataDir } from '../support/server.ts';

const DAY_MS = 86_400_000;
const DOLLAR = 10n ** 12n;
const ANNA: Spender = { id: 'anna', credential: null };
const ANNA_BY_KEY: Spender = { id: 'anna', credential: 'key:abc' };
const INPUT: GenerateInput = {
  request: { prompt: 'a kite', maskImageId: null, markupImageId: null, count: 1, verbatim: false, options: {} },
  idempotencyKey: null,
  errors: [],
  conversationId: null,
  sourceImageIds: [],
};
const MAX_OPEN_CALLS = 5;

let dataDir: string;
let db: Database;
let transitions: Transitions;
let enqueued: string[];
let today: string;
/** What each image may cost, in picodollars. */
let price: bigint;
const budgets = createBudgets({ limits: { DAY: null, MONTH: 50n * DOLLAR }, onExceed: 'REFUSE' });
let commands: StartCommands;

beforeEach(async () => {
  dataDir = await newDataDir();
  db = await openSqlite(join(dataDir, 'darkroom.sqlite'), { patienceMs: 1_000 });
  today = '2026-11-29T23:59:59.000Z';
  price = DOLLAR;
  enqueued = [];
  const now = () => today;
  transitions = createTransitions({ db, notifier: createInProcessNotifier({ pollMs: 5_000 }), now });
  commands = createStartCommands({
    db,
    transitions,
    validator: createRequestValidator({
      db,
      masks: { checkMask: async () => [] },
      markups: { checkMarkup: async () => [] },
      modelFor: () => null,
      upstreamTraits: { upstream: 'openai', retainsResponses: true, policy: 'AUTO' },
      files: true,
      now,
    }),
    admission: createAdmission({
      budgets,
      upperEstimate: ({ request }) => price * BigInt(request.count),
      maxOpenCalls: MAX_OPEN_CALLS,
      approvalTimeoutMs: DAY_MS,
    }),
    queue,
    now,
    countImages: async () => undefined,
    newId: uuidv7,
    logger,
  });
});
afterEach(async () => {
  await db.destroy();
  await rm(dataDir, { recursive: true });
});

const queue = { enqueue: async ({ callId }: { readonly callId: string }) => void enqueued.push(callId) };
const logger = { warn: () => undefined };

function setBudget(changes: Partial<StoredBudget> = {}): Promise<void> {
  const daily: StoredBudget = { subject: 'principal:anna', period: 'DAY', limit: 3n * DOLLAR, onExceed: 'REFUSE' };
  return putBudget(db, { ...daily, ...changes }, today);
}

function stateOf(spender: Spender): Promise<readonly BudgetState[]> {
  return budgets.of(db, spender, today);
}

async function end(callId: string): Promise<void> {
  await transitions.record(callId, { type: 'GenerationCancelled' });
}

async function refusalOf(spender: Spender, input: GenerateInput = INPUT): Promise<Error> {
  const rows = await everything();
  const refusal = await commands.generate(spender, input).then(
    () => new Error('it was accepted'),
    (error: unknown) => error,
  );
  // Nothing is stored, and nothing is reserved.
  expect(await everything()).toEqual(rows);
  if (!(refusal instanceof Error)) throw new Error('nothing was thrown');
  return refusal;
}

function everything() {
  const tables = ['conversations', 'calls', 'events', 'reservations', 'spending', 'idempotency_keys'] as const;
  return Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()));
}

describe('open calls', () => {
  it('are bounded for each principal, however many arrive at once, and the error names the limit', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => commands.generate(ANNA, INPUT)));
    const accepted = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(accepted).toHaveLength(MAX_OPEN_CALLS);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(RateLimitedError);
    }
    const refusal = await refusalOf(ANNA);
    expect(refusal).toMatchObject({ retryAfter: null });
    expect(refusal.message).toContain('at most 5 (MAX_OPEN_CALLS)');
    await commands.generate({ id: 'bert', credential: null }, INPUT);
  });

  it('count until they have ended', async () => {
    const calls = [];
    for (let nth = 0; nth < MAX_OPEN_CALLS; nth += 1) calls.push(await commands.generate(ANNA, INPUT));
    expect(await refusalOf(ANNA)).toBeInstanceOf(RateLimitedError);
    await end(calls[2]?.id ?? '');
    await commands.generate(ANNA, INPUT);
    expect(await refusalOf(ANNA)).toBeInstanceOf(RateLimitedError);
  });

  it('include those that wait for approval', async () => {
    await setBudget({ onExceed: 'ASK', limit: 0n });
    for (let nth = 0; nth < MAX_OPEN_CALLS; nth += 1) await commands.generate(ANNA, INPUT);
    expect(await refusalOf(ANNA)).toBeInstanceOf(RateLimitedError);
  });

  it('do not hide the call of an idempotency key', async () => {
    const keyed = { ...INPUT, idempotencyKey: 'order-1' };
    for (let nth = 1; nth < MAX_OPEN_CALLS; nth += 1) await commands.generate(ANNA, INPUT);
    // Only one place is left, and all of these requests arrive before one of them is stored.
    const calls = await Promise.all(Array.from({ length: 20 }, () => commands.generate(ANNA, keyed)));
    expect(new Set(calls.map(({ id }) => id)).size).toBe(1);
    expect((await commands.generate(ANNA, keyed)).id).toBe(calls[0]?.id);
  });
});

describe('a budget', () => {
  it('is reserved for each call, and refuses what does not fit', async () => {
    await setBudget();
    const first = await commands.generate(ANNA, INPUT);
    await commands.generate(ANNA, { ...INPUT, request: { ...INPUT.request, count: 2 } });
    expect(await stateOf(ANNA)).toMatchObject([
      { period: 'DAY', reserved: 3n * DOLLAR, spent: 0n, isDefault: false },
      { period: 'MONTH', reserved: 3n * DOLLAR, limit: 50n * DOLLAR, isDefault: true },
    ]);
    const refusal = await refusalOf(ANNA);
    expect(refusal).toBeInstanceOf(BudgetExceededError);
    expect(refusal).toMatchObject({
      budget: { subject: 'principal:anna', period: 'DAY' },
      resetsAt: '2026-11-30T00:00:00.000Z',
      required: DOLLAR,
    });
    expect(refusal.message).toContain('Your daily budget is 3 USD, of which 0 USD are left.');
    // A call that ends without cost gives its reservation back.
    await end(first.id);
    await commands.generate(ANNA, INPUT);
  });

  it('starts again at midnight in UTC, and the call of the day before does not count in the new day', async () => {
    await setBudget({ limit: DOLLAR });
    const { id } = await commands.generate(ANNA, INPUT);
    expect(await refusalOf(ANNA)).toBeInstanceOf(BudgetExceededError);
    today = '2026-11-30T00:00:00.000Z';
    expect(await stateOf(ANNA)).toMatchObject([{ reserved: 0n }, { reserved: DOLLAR }]);
    await commands.generate(ANNA, INPUT);
    // However late it ends, a call counts in the day in which it was accepted.
    await end(id);
    expect(await stateOf(ANNA)).toMatchObject([{ reserved: DOLLAR }, { reserved: DOLLAR }]);
    today = '2026-12-01T00:00:00.000Z';
    expect(await stateOf(ANNA)).toMatchObject([{ reserved: 0n }, { reserved: 0n }]);
  });

  it('of a key and of its principal both apply, and the tighter one is named', async () => {
    await setBudget();
    await setBudget({ subject: 'key:abc', limit: 2n * DOLLAR });
    await commands.generate(ANNA_BY_KEY, INPUT);
    price = (3n * DOLLAR) / 2n;
    expect(await refusalOf(ANNA_BY_KEY)).toMatchObject({ budget: { subject: 'key:abc' } });
    // Without the key, only the budget of the principal limits.
    await commands.generate(ANNA, INPUT);
    expect(await refusalOf(ANNA_BY_KEY)).toMatchObject({ budget: { subject: 'principal:anna' } });
    expect(await stateOf(ANNA_BY_KEY)).toMatchObject([
      { subject: 'principal:anna', period: 'DAY', reserved: (5n * DOLLAR) / 2n },
      { subject: 'principal:anna', period: 'MONTH' },
      { subject: 'key:abc', period: 'DAY', reserved: DOLLAR },
    ]);
  });

  it('is not reserved twice by repeated requests, which are answered when it is used up', async () => {
    await setBudget({ limit: DOLLAR });
    const keyed = { ...INPUT, idempotencyKey: 'order-1' };
    const calls = await Promise.all(Array.from({ length: 20 }, () => commands.generate(ANNA, keyed)));
    expect(new Set(calls.map(({ id }) => id)).size).toBe(1);
    expect(await stateOf(ANNA)).toMatchObject([{ reserved: DOLLAR }, { reserved: DOLLAR }]);
    expect(await refusalOf(ANNA, { ...INPUT, idempotencyKey: 'order-2' })).toBeInstanceOf(BudgetExceededError);
  });

  it('that was lowered below what is reserved refuses everything until it is reset', async () => {
    await setBudget();
    await commands.generate(ANNA, INPUT);
    await setBudget({ limit: DOLLAR / 2n });
    price = 1n;
    expect(await refusalOf(ANNA)).toBeInstanceOf(BudgetExceededError);
  });

  it('of a principal replaces the default of the server', async () => {
    await setBudget({ period: 'MONTH', limit: DOLLAR });
    expect(await stateOf(ANNA)).toMatchObject([{ period: 'MONTH', limit: DOLLAR, isDefault: false }]);
    expect(await stateOf({ id: 'bert', credential: null })).toMatchObject([{ limit: 50n * DOLLAR, isDefault: true }]);
  });
});

describe('a retry', () => {
  it('reserves for the images that are missing', async () => {
    const three = { ...INPUT, request: { ...INPUT.request, count: 3 } };
    const { id } = await commands.generate(ANNA, three);
    await end(id);
    await setBudget({ limit: 2n * DOLLAR });
    const retry = { callId: id, idempotencyKey: null, errors: [] };
    await expect(commands.retry(ANNA, retry)).rejects.toThrow(BudgetExceededError);
    await setBudget({ limit: 3n * DOLLAR });
    await commands.retry(ANNA, retry);
    expect(await stateOf(ANNA)).toMatchObject([{ reserved: 3n * DOLLAR }, { reserved: 3n * DOLLAR }]);
  });
});

describe('a retry that is under way', () => {
  const retryOf = (callId: string, idempotencyKey: string | null = null) =>
    commands.retry(ANNA, { callId, idempotencyKey, errors: [] });

  async function endedCall(): Promise<string> {
    const { id } = await commands.generate(ANNA, INPUT);
    await end(id);
    return id;
  }

  it('answers all that arrive at once, where no limit is near', async () => {
    const id = await endedCall();
    const retries = await Promise.all(Array.from({ length: MAX_OPEN_CALLS }, () => retryOf(id)));
    expect(new Set(retries.map((call) => call.id)).size).toBe(1);
    expect(await stateOf(ANNA)).toMatchObject([{ reserved: DOLLAR }]);
  });

  it('answers all that arrive at once, with the last open call and the last money, with keys and without', async () => {
    const id = await endedCall();
    await setBudget({ limit: DOLLAR });
    price = DOLLAR / BigInt(MAX_OPEN_CALLS);
    for (let nth = 1; nth < MAX_OPEN_CALLS; nth += 1) await commands.generate(ANNA, INPUT);
    const retries = await Promise.all(
      Array.from({ length: 20 }, (_, nth) => retryOf(id, nth % 2 === 0 ? null : `key-${nth}`)),
    );
    const [first] = retries;
    expect(new Set(retries.map((call) => call.id)).size).toBe(1);
    expect(await stateOf(ANNA)).toMatchObject([{ reserved: DOLLAR }, { reserved: DOLLAR }]);
    await end(first?.id ?? '');
    // A request that is repeated with its key is answered with the same call for ever.
    for (const nth of [1, 9, 19]) expect((await retryOf(id, `key-${nth}`)).id).toBe(first?.id);
    expect((await retryOf(id)).id).not.toBe(first?.id);
  });

  it('counts while it waits for approval, and no longer when its cancellation was requested', async () => {
    const id = await endedCall();
    await setBudget({ onExceed: 'ASK', limit: 0n });
    const waiting = await retryOf(id);
    expect(waiting.status).toBe('AWAITING_APPROVAL');
    expect((await retryOf(id)).id).toBe(waiting.id);
    await end(waiting.id);
    await setBudget();
    const queued = await retryOf(id);
    await requestCancel(db, ANNA.id, queued.id, today);
    expect((await retryOf(id)).id).not.toBe(queued.id);
  });

  it('does not answer another principal', async () => {
    const id = await endedCall();
    await retryOf(id);
    const bert = { id: 'bert', credential: null };
    await expect(commands.retry(bert, { callId: id, idempotencyKey: null, errors: [] })).rejects.toThrow(NotFoundError);
  });
});

describe('a budget that asks', () => {
  const approvals = (nowMs = Date.parse(today)) =>
    createApprovals({ db, transitions, queue, nowMs: () => nowMs, timeoutMs: DAY_MS, logger });

  it('accepts a call that does not fit, which waits, reserves nothing and is not queued', async () => {
    await setBudget({ onExceed: 'ASK' });
    price = 4n * DOLLAR;
    const call = await commands.generate(ANNA, INPUT);
    expect(call.status).toBe('AWAITING_APPROVAL');
    expect(enqueued).toEqual([]);
    expect(await stateOf(ANNA)).toMatchObject([{ reserved: 0n }, { reserved: 0n }]);
    price = DOLLAR;
    expect((await commands.generate(ANNA, INPUT)).status).toBe('QUEUED');
  });

  it('reserves when the call is approved, in the day of the approval', async () => {
    await setBudget({ onExceed: 'ASK', limit: 0n });
    const { id } = await commands.generate(ANNA, INPUT);
    today = '2026-11-30T08:00:00.000Z';
    expect(await approvals().approve(id)).toMatchObject({ status: 'QUEUED', amount: '1' });
    expect(enqueued).toEqual([id]);
    expect(await stateOf(ANNA)).toMatchObject([{ reserved: DOLLAR }, { reserved: DOLLAR }]);
    await expect(approvals().approve(id)).rejects.toThrow(NotAwaitingApprovalError);
    await end(id);
    expect(await stateOf(ANNA)).toMatchObject([{ reserved: 0n }, { reserved: 0n }]);
  });

  it('is decided once, when two administrators decide at the same time', async () => {
    await setBudget({ onExceed: 'ASK', limit: 0n });
    const { id } = await commands.generate(ANNA, INPUT);
    const decisions = [approvals().approve(id), approvals().refuse(id, null), approvals().approve(id)];
    const outcomes = await Promise.allSettled(decisions);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('does not ask where another budget refuses', async () => {
    await setBudget({ onExceed: 'ASK' });
    price = 51n * DOLLAR;
    expect(await refusalOf(ANNA)).toMatchObject({ budget: { period: 'MONTH' } });
  });

  it('ends a call that nobody approves in time, and no other', async () => {
    await setBudget({ onExceed: 'ASK', limit: 0n });
    const first = await commands.generate(ANNA, INPUT);
    today = new Date(Date.parse(today) + 1).toISOString();
    const second = await commands.generate(ANNA, INPUT);
    await approvals(Date.parse(today) + DAY_MS).expire();
    const statuses = await db.selectFrom('calls').select(['id', 'status', 'failure']).orderBy('id').execute();
    expect(statuses).toMatchObject([
      { id: first.id, status: 'FAILED', failure: expect.stringContaining('APPROVAL_REFUSED') },
      { id: second.id, status: 'AWAITING_APPROVAL' },
    ]);
  });
});
