/** What a worker takes over, at its start and from time to time. */
import pino from 'pino';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { insertConversation } from '../../src/db/queries/conversations.ts';
import { NO_SETTINGS } from '../../src/domain/options.ts';
import { createWorker, type Worker } from '../../src/runner/worker.ts';
import { type AtWork, openAtWork } from './call-at-work.ts';

let atWork: AtWork;
let worker: Worker;
let enqueued: string[];
let held: Set<string>;

const notImplemented = () => Promise.reject(new Error('not implemented'));

beforeEach(async () => {
  atWork = await openAtWork();
  enqueued = [];
  held = new Set();
  worker = createWorker({
    db: atWork.db,
    transitions: atWork.transitions,
    attemptRuns: { begin: notImplemented, goOn: notImplemented },
    timeLimit: { isOver: () => false, end: notImplemented },
    queue: {
      enqueue: async ({ callId }) => {
        enqueued.push(callId);
        held.add(callId);
      },
      missing: async (callIds) => callIds.filter((callId) => !held.has(callId)),
    },
    instanceId: atWork.writer.instanceId,
    storageRetryMs: 10,
    nowMs: Date.now,
    logger: pino({ level: 'silent' }),
  });
});
afterEach(async () => {
  await worker.release();
  await atWork[Symbol.asyncDispose]();
});

async function accept(count: number): Promise<string[]> {
  const at = new Date().toISOString();
  const conversation = { id: uuidv7(), principal: 'somebody', title: 'a kite', createdAt: at, updatedAt: at };
  await insertConversation(atWork.db, conversation);
  const request = {
    kind: 'GENERATE',
    prompt: 'a kite',
    verbatim: false,
    count: 1,
    settings: NO_SETTINGS,
    maskImageId: null,
  } as const;
  const ids = Array.from({ length: count }, () => uuidv7()).toSorted();
  const rest = { principal: 'somebody', conversationId: conversation.id, retryOf: null, createdAt: at };
  for (const id of ids) {
    const call = { ...rest, id, request, context: { isOpen: true, imageId: null } };
    await atWork.transitions.accept(call, { before: async () => undefined, after: async () => undefined });
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
