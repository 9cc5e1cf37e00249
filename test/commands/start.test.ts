/** An input that was accepted once is not rejected when it is repeated with its key, whatever has changed in between. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createBudgets } from '../../src/billing/budgets.ts';
import { createAdmission } from '../../src/commands/start/admission.ts';
import type { GenerateInput } from '../../src/commands/start/inputs.ts';
import { createStartCommands, type StartCommands } from '../../src/commands/start/start.ts';
import { createRequestValidator } from '../../src/commands/start/validate.ts';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { pageOfQueuedCalls } from '../../src/db/queries/engine/calls.ts';
import { UnsupportedOptionError } from '../../src/domain/errors.ts';
import { findModel } from '../../src/domain/models/catalogue.ts';
import { createInProcessNotifier } from '../../src/events/drivers/in-process/notifier.ts';
import type { WorkQueue } from '../../src/queue/work-queue.ts';
import { createTransitions } from '../../src/state/transitions.ts';

const LONG_AGO = '2026-01-01T00:00:00.000Z';
const FAR_AHEAD = '2126-01-01T00:00:00.000Z';

let directory: string;
let db: Database;
let commands: StartCommands;
let today: string;
let enqueue: WorkQueue['enqueue'];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-start-'));
  db = await openSqlite(join(directory, 'db.sqlite'), { patienceMs: 1000 });
  today = LONG_AGO;
  enqueue = async () => undefined;
  const now = () => today;
  commands = createStartCommands({
    db,
    transitions: createTransitions({ db, notifier: createInProcessNotifier({ pollMs: 5_000 }), now }),
    validator: createRequestValidator({
      db,
      masks: { checkMask: async () => [] },
      markups: { checkMarkup: async () => [] },
      modelFor: () => findModel(RETIRING),
      upstreamTraits: { upstream: 'openai', retainsResponses: true, policy: 'AUTO' },
      files: true,
      now,
    }),
    admission: createAdmission({
      budgets: createBudgets({ limits: { DAY: null, MONTH: null }, onExceed: 'REFUSE' }),
      upperEstimate: () => 0n,
      maxOpenCalls: 10,
      approvalTimeoutMs: 1000,
    }),
    queue: { enqueue: (work) => enqueue(work) },
    countImages: async () => undefined,
    now,
    newId: uuidv7,
    logger: { warn: () => undefined },
  });
});
afterEach(async () => {
  await db.destroy();
  await rm(directory, { recursive: true });
});

const SOMEBODY = { id: 'somebody', credential: null };
const RETIRING = 'gpt-image-1';
const ORDER: GenerateInput = {
  request: {
    prompt: 'a kite',
    maskImageId: null,
    markupImageId: null,
    count: 1,
    verbatim: false,
    options: { model: RETIRING },
  },
  idempotencyKey: 'order-1',
  errors: [],
  conversationId: null,
  sourceImageIds: [],
};

it('a call is found by its key after its model was retired', async () => {
  const first = await commands.generate(SOMEBODY, ORDER);
  today = FAR_AHEAD;
  expect((await commands.generate(SOMEBODY, ORDER)).id).toBe(first.id);
  await expect(commands.generate(SOMEBODY, { ...ORDER, idempotencyKey: null })).rejects.toThrow(UnsupportedOptionError);
  // A different input with the same key: the error of the input is more useful than the conflict.
  await expect(
    commands.generate(SOMEBODY, { ...ORDER, request: { ...ORDER.request, prompt: 'a boat' } }),
  ).rejects.toThrow(UnsupportedOptionError);
});

it('ids that cannot be read are not treated as omitted', async () => {
  const order = { ...ORDER, request: { ...ORDER.request, options: {} } };
  await commands.generate(SOMEBODY, order);
  const errors = [{ field: 'sourceImageIds', message: 'is not the id of an image.' }];
  await expect(commands.generate(SOMEBODY, { ...order, errors })).rejects.toThrow('is not the id of an image');
});

it('a call that could not be enqueued is accepted all the same, because the worker finds it in the database', async () => {
  enqueue = () => Promise.reject(new Error('the queue cannot be reached'));
  const call = await commands.generate(SOMEBODY, ORDER);
  expect(call.status).toBe('QUEUED');
  expect(await pageOfQueuedCalls(db, null, 10)).toEqual([
    { id: call.id, principal: 'somebody', count: 1, notBefore: null },
  ]);
});
