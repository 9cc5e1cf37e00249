/** What a worker takes over, at its start and from time to time. */
import pino from 'pino';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { insertConversation } from '../../src/db/queries/conversations.ts';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import { CallRecovery } from '../../src/runner/recover-call.ts';
import type { AttemptRunner } from '../../src/runner/run-attempt.ts';
import { CallRunner } from '../../src/runner/run-call.ts';
import { Worker } from '../../src/runner/worker.ts';
import { openRunnerHarness, type RunnerHarness } from './harness.ts';

let harness: RunnerHarness;
let worker: Worker;
let enqueued: string[];
let held: Set<string>;

beforeEach(async () => {
  harness = await openRunnerHarness();
  enqueued = [];
  held = new Set();
  const { db, transitions, writer } = harness;
  const { instanceId } = writer;
  const logger = pino({ level: 'silent' });
  const clock = { nowMs: Date.now, newId: uuidv7, random: Math.random };
  const queue = {
    async enqueue({ callId }: { readonly callId: string }) {
      enqueued.push(callId);
      held.add(callId);
    },
    missing: async (callIds: readonly string[]) => callIds.filter((callId) => !held.has(callId)),
  };
  const { enqueue } = queue;
  const runner = new CallRunner({
    context: { db, transitions, clock, logger },
    // No call is run here.
    attempts: undefined as unknown as AttemptRunner,
    deadline: {
      deadlineMs: () => Number.POSITIVE_INFINITY,
      attemptDeadlineMs: () => Number.POSITIVE_INFINITY,
      isOver: () => false,
    },
    enqueue,
    instanceId,
  });
  const recovery = new CallRecovery({ db, enqueue, retryDelayMs: 10, logger });
  worker = new Worker({ db, runner, recovery, queue, instanceId });
});
afterEach(async () => {
  await worker.release();
  await harness[Symbol.asyncDispose]();
});
async function accept(count: number): Promise<string[]> {
  const at = new Date().toISOString();
  const conversation = {
    id: uuidv7(),
    principal: 'somebody',
    title: 'a kite',
    createdAt: at,
    updatedAt: at,
    deletedAt: null,
  };
  await insertConversation(harness.db, conversation);
  const request = {
    kind: 'GENERATE',
    prompt: 'a kite',
    verbatim: false,
    count: 1,
    settings: NO_SETTINGS,
    maskImageId: null,
    markupImageId: null,
  } as const;
  const ids = Array.from({ length: count }, () => uuidv7()).toSorted();
  const rest = { principal: 'somebody', conversationId: conversation.id, retryOf: null, createdAt: at };
  for (const id of ids) {
    const call = { ...rest, id, request, context: { isOpen: true, imageId: null } };
    await harness.transitions.accept(call, {
      before: async () => ({ type: 'GenerationQueued' }),
      after: async () => undefined,
    });
  }
  return ids;
}

it('fills the queue once, oldest first, beyond one page, and later enqueues only what the queue lost', async () => {
  const ids = await accept(501);
  await worker.adopt();
  expect(enqueued).toEqual(ids);
  await worker.adopt();
  expect(enqueued).toHaveLength(501);
  const lost = ids[7] ?? '';
  held.delete(lost);
  const [later = ''] = await accept(1);
  await worker.adopt();
  expect(enqueued.slice(501)).toEqual([lost, later]);
});
