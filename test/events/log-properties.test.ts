/** Properties of the log and the state machine in a real database, for any order of events and writers. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { insertConversation } from '../../src/db/queries/conversations.ts';
import { findAttempt, insertAttempts } from '../../src/db/queries/engine/attempts.ts';
import { findCall } from '../../src/db/queries/engine/calls.ts';
import { type GenerationStatus, OPEN_STATUSES } from '../../src/domain/generation/generation-call.ts';
import {
  type AcceptanceEventData,
  type GenerationEventData,
  isTerminal,
} from '../../src/domain/generation/generation-event.ts';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import { createInProcessNotifier } from '../../src/events/drivers/in-process/notifier.ts';
import { readCallLog, readConversationLog } from '../../src/events/log.ts';
import { ATTEMPT_EVENTS, type CallState, nextAttemptState, nextCallState } from '../../src/state/machine.ts';
import {
  createTransitions,
  moveAttempt,
  type RecordOptions,
  TransitionRefusedError,
  type Transitions,
} from '../../src/state/transitions.ts';

const PRINCIPAL = 'somebody';
const INSTANCES = ['this server', 'another server'] as const;

const FAILURE = {
  code: 'OUTCOME_UNKNOWN',
  message: 'nobody knows',
  retryable: true,
  retryAfter: null,
  moderation: null,
  requestId: null,
  text: null,
} as const;
const PARTIAL = {
  id: '0198ffff-ffff-7fff-bfff-ffffffffffff',
  imageIndex: 0,
  index: 0,
  sha256: '0'.repeat(64),
  byteSize: 1,
  width: 1,
  height: 1,
  format: 'PNG',
} as const;

const AWAITING_APPROVAL = {
  type: 'GenerationAwaitingApproval',
  amount: '0.25',
  expiresAt: '2026-11-30T12:00:00.000Z',
} as const;
const OPEN: ReadonlySet<CallState> = new Set(OPEN_STATUSES);

/** One event of each type, including a second GenerationQueued. */
const EVENTS: readonly GenerationEventData[] = [
  { type: 'GenerationQueued' },
  AWAITING_APPROVAL,
  { type: 'GenerationApproved' },
  { type: 'GenerationStarted', attempt: 1 },
  { type: 'PartialImageReceived', partial: PARTIAL },
  { type: 'ImageCompleted', imageId: PARTIAL.id },
  { type: 'ImageFailed', imageIndex: 1, failure: FAILURE },
  { type: 'GenerationRetrying', attempt: 2, reason: 'busy', retryAt: '2026-11-23T12:00:00.000Z' },
  { type: 'GenerationCompleted', imageIds: [PARTIAL.id] },
  { type: 'GenerationFailed', failure: FAILURE },
  { type: 'GenerationCancelled' },
];

/** The writer: without a claim, the owner of the claim, the other instance, or the owner during an earlier attempt. */
type Who = 'NOBODY' | 'OWNER' | 'OTHER_INSTANCE' | 'EARLIER_ATTEMPT';

interface Step {
  /** The index of the call in the conversation. */
  readonly call: 0 | 1;
  readonly data: GenerationEventData;
  readonly who: Who;
  /** The instance that claims the call with a GenerationStarted. */
  readonly claimant: (typeof INSTANCES)[number];
  readonly onlyFrom: GenerationStatus | null;
  /** Whether writing the rows of the event fails. */
  readonly breaks: boolean;
}

// Terminal events are less likely than others, so that logs become long.
const likely = {
  GenerationApproved: 8,
  GenerationStarted: 20,
  PartialImageReceived: 14,
  GenerationRetrying: 12,
  ImageCompleted: 8,
};
const step: fc.Arbitrary<Step> = fc.record({
  call: fc.constantFrom(0, 1),
  data: fc.oneof(
    ...EVENTS.map((data) => ({
      arbitrary: fc.constant(data),
      weight: Object.entries(likely).find(([type]) => type === data.type)?.[1] ?? 1,
    })),
  ),
  who: fc.constantFrom<Who>('NOBODY', 'NOBODY', 'OWNER', 'OWNER', 'OTHER_INSTANCE', 'EARLIER_ATTEMPT'),
  claimant: fc.constantFrom(...INSTANCES),
  onlyFrom: fc.constantFrom<GenerationStatus | null>(null, null, null, 'QUEUED', 'IN_PROGRESS'),
  breaks: fc.integer({ min: 0, max: 14 }).map((chance) => chance === 0),
});

/** What the database must contain for a call. */
interface Model {
  readonly id: string;
  state: CallState;
  claimedBy: string | null;
  attempts: number;
  readonly types: string[];
}

class BrokenError extends Error {}

let directory: string;
let db: Database;
let transitions: Transitions;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-log-'));
  db = await openSqlite(join(directory, 'log.sqlite'), { patienceMs: 1000 });
  transitions = createTransitions({
    db,
    notifier: createInProcessNotifier({ pollMs: 5_000 }),
    now: () => '2026-11-23T12:00:00.000Z',
  });
});
afterAll(async () => {
  await db.destroy();
  await rm(directory, { recursive: true });
});

async function accept(
  conversationId: string | null,
  first: AcceptanceEventData = { type: 'GenerationQueued' },
): Promise<Model & { conversationId: string }> {
  const callId = uuidv7();
  const at = '2026-11-23T11:00:00.000Z';
  const id = conversationId ?? uuidv7();
  const call = { id: callId, principal: PRINCIPAL, conversationId: id, retryOf: null };
  const request = {
    kind: 'GENERATE',
    prompt: 'a boat',
    verbatim: false,
    count: 1,
    settings: NO_SETTINGS,
    maskImageId: null,
    markupImageId: null,
  } as const;
  await transitions.accept(
    { ...call, request, context: { isOpen: true, imageId: null }, createdAt: at },
    {
      before: async (transaction) => {
        if (conversationId !== null) return first;
        const conversation = {
          id,
          principal: PRINCIPAL,
          title: 'a boat',
          createdAt: at,
          updatedAt: at,
          deletedAt: null,
        };
        await insertConversation(transaction, conversation);
        return first;
      },
      after: async () => undefined,
    },
  );
  const state = nextCallState('NEW', first.type) ?? 'NEW';
  return { id: callId, conversationId: id, state, claimedBy: null, attempts: 0, types: [first.type] };
}

function optionsOf({ who, data, claimant, onlyFrom, breaks }: Step, { id, claimedBy, attempts }: Model): RecordOptions {
  const [here, there] = INSTANCES;
  const owner = claimedBy ?? here;
  const writers = {
    NOBODY: null,
    OWNER: { instanceId: owner, attempt: attempts },
    OTHER_INSTANCE: { instanceId: owner === here ? there : here, attempt: attempts },
    EARLIER_ATTEMPT: { instanceId: owner, attempt: attempts - 1 },
  };
  const writer = writers[who];
  const claims = data.type === 'GenerationStarted';
  return {
    ...(writer === null ? {} : { writer }),
    ...(onlyFrom === null ? {} : { onlyFrom }),
    change: {
      ...(claims ? { attempts: attempts + 1, claimed_by: claimant } : {}),
      ...(data.type === 'GenerationRetrying' ? { claimed_by: null } : {}),
    },
    also: async (transaction, at) => {
      if (claims) {
        const attempt = { call_id: id, attempt: attempts + 1, principal: PRINCIPAL, started_at: at };
        const row = {
          ...attempt,
          task: 0,
          api: 'RESPONSES',
          image_count: 1,
          again: false,
          state: 'ASKED',
          background: true,
        };
        await insertAttempts(transaction, [row]);
      }
      if (breaks) throw new BrokenError();
    },
  };
}

/** Whether the rules allow the event to be appended. */
function isAllowed({ data, who, onlyFrom }: Step, { state, claimedBy }: Model): boolean {
  if (who === 'OTHER_INSTANCE' || who === 'EARLIER_ATTEMPT') return false;
  if (who === 'OWNER' && claimedBy === null) return false;
  return nextCallState(state, data.type) !== null && (onlyFrom === null || onlyFrom === state);
}

async function everything(): Promise<string> {
  const tables = ['conversations', 'calls', 'events', 'attempts'] as const;
  const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()));
  return JSON.stringify(rows);
}

async function clear(): Promise<void> {
  for (const table of ['attempts', 'events', 'calls', 'conversations'] as const) await db.deleteFrom(table).execute();
}

async function tryStep(step: Step, model: Model): Promise<void> {
  const before = await everything();
  const outcome = await transitions.record(model.id, step.data, optionsOf(step, model)).then(
    (event) => event,
    (error: unknown) => error,
  );
  if (outcome instanceof Error) {
    const why = isAllowed(step, model) ? BrokenError : TransitionRefusedError;
    expect(outcome, JSON.stringify({ step, model })).toBeInstanceOf(why);
    // A rejected or failed transition writes nothing.
    expect(await everything()).toBe(before);
    return;
  }
  expect(isAllowed(step, model) && !step.breaks, JSON.stringify({ step, model })).toBe(true);
  const { type } = step.data;
  model.state = nextCallState(model.state, type) ?? model.state;
  model.types.push(type);
  if (type === 'GenerationStarted') {
    model.attempts += 1;
    model.claimedBy = step.claimant;
  }
  if (type === 'GenerationRetrying') model.claimedBy = null;
}

async function checkLog(model: Model): Promise<void> {
  const { events, closed } = await readCallLog(db, PRINCIPAL, model.id, 0);
  expect(events.map(({ type }) => type)).toEqual(model.types);
  expect(events.map(({ sequence }) => sequence)).toEqual(model.types.map((_, index) => index + 1));
  const ended = events.some(({ type }) => isTerminal(type));
  expect(closed).toBe(ended);
  expect(events.filter(({ type }) => isTerminal(type)).length).toBeLessThanOrEqual(1);
  if (ended) expect(isTerminal(events.at(-1)?.type ?? 'GenerationQueued')).toBe(true);
  const call = await findCall(db, model.id);
  expect(call).toMatchObject({
    status: model.state,
    claimedBy: model.claimedBy,
    attempts: model.attempts,
    lastSequence: events.length,
  });
  expect(call?.completedAt !== null).toBe(ended);
}

describe('a log, for any sequence of steps', () => {
  it('promises 1, 3, 7: has no gaps, is closed by its terminal event, and rejects a stale writer', async () => {
    let appended = 0;
    let ended = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        await clear();
        const first = await accept(null);
        const models = [first, await accept(first.conversationId, AWAITING_APPROVAL)] as const;
        for (const each of steps) await tryStep(each, models[each.call]);
        for (const model of models) {
          await checkLog(model);
          appended += model.types.length;
          if (!OPEN.has(model.state)) ended += 1;
        }
        // The conversation has one order over both calls, without gaps.
        const { events } = await readConversationLog(db, PRINCIPAL, first.conversationId, 0);
        expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));
        expect(events).toHaveLength(models[0].types.length + models[1].types.length);
      }),
      { numRuns: 50 },
    );
    // Guards against a property that tests nothing: logs grew and ended.
    expect(appended).toBeGreaterThan(200);
    expect(ended).toBeGreaterThan(5);
  });
});

describe('an attempt, for any sequence of events', () => {
  it('promise 6: moves as its table says, and never again once its end is known', async () => {
    await clear();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...ATTEMPT_EVENTS), { maxLength: 12 }), async (heard) => {
        const { id } = await accept(null);
        const attempt = { call_id: id, attempt: 1, principal: PRINCIPAL, started_at: '2026-11-23T12:00:00.000Z' };
        const row = {
          ...attempt,
          task: 2,
          api: 'RESPONSES',
          image_count: 1,
          again: false,
          state: 'ASKED',
          background: true,
        };
        await insertAttempts(db, [row]);
        const place = { callId: id, attempt: 1, task: 2 };
        let state = (await findAttempt(db, place))?.state ?? 'SETTLED';
        for (const [nth, event] of heard.entries()) {
          const next = nextAttemptState(state, event);
          const change = { response_id: `resp_${nth}` };
          const before = await findAttempt(db, place);
          expect(await db.transaction().execute((transaction) => moveAttempt(transaction, place, event, change))).toBe(
            next !== null,
          );
          if (next === null) expect(await findAttempt(db, place)).toEqual(before);
          else expect(await findAttempt(db, place)).toMatchObject({ state: next, ...change });
          state = next ?? state;
        }
      }),
      { numRuns: 50 },
    );
  });
});
