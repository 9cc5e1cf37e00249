/** What the upstream tells of a request: recorded whole or not at all, and only by the server that has the call. */
import { sql } from 'kysely';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLedger } from '../../src/billing/ledger.ts';
import type { AttemptKey } from '../../src/db/queries/attempts.ts';
import { findAttempt } from '../../src/db/queries/engine/attempts.ts';
import { updateCall } from '../../src/db/queries/engine/calls.ts';
import { DEFAULT_PRICES } from '../../src/domain/cost/prices.ts';
import type { GenerationCall } from '../../src/domain/generation/generation-call.ts';
import { EventRecorder } from '../../src/runner/tasks/record-events.ts';
import { TaskProgress } from '../../src/runner/tasks/task-progress.ts';
import { TransitionRefusedError } from '../../src/state/transitions.ts';
import { openRunnerHarness, type RunnerHarness } from './harness.ts';

const ACCEPTED = {
  type: 'accepted',
  responseId: 'resp_1',
  requestId: 'req_1',
  reported: null,
  upstreamSequence: 0,
} as const;
const COMPLETED = {
  type: 'completed',
  responseId: 'resp_1',
  text: null,
  usage: { tokens: { mainline: null, image: null, svg: null }, raw: {} },
  imagesMissing: false,
  upstreamSequence: 9,
} as const;

let harness: RunnerHarness;
beforeEach(async () => {
  harness = await openRunnerHarness();
});
afterEach(() => harness[Symbol.asyncDispose]());

function recorderOf(call: GenerationCall, key: AttemptKey): EventRecorder {
  const { db, transitions, writer } = harness;
  const clock = { nowMs: Date.now, newId: uuidv7, random: Math.random };
  const logger = pino({ level: 'silent' });
  const ledger = createLedger({ prices: DEFAULT_PRICES, models: { mainline: 'gpt-5.4-mini', image: 'gpt-image-2' } });
  return new EventRecorder({
    context: { db, transitions, clock, logger, ledger, onImage: () => undefined },
    request: { call, writer, key, api: 'RESPONSES', onResponseNamed: () => undefined },
    progress: new TaskProgress({ task: 0, step: 1 }, null),
  });
}

describe("the name of the upstream's response", () => {
  it('stands with the call and with its request', async () => {
    const { call, key } = await harness.begin();
    await recorderOf(call, key).record(ACCEPTED);
    expect((await harness.read(call)).responseId).toBe('resp_1');
    expect(await findAttempt(harness.db, key)).toMatchObject({ state: 'ACCEPTED', response_id: 'resp_1' });
  });

  it('promise 5: stands with neither when it cannot stand with both', async () => {
    const { call, key } = await harness.begin();
    await sql`create trigger refused before update on attempts begin select raise(abort, 'full'); end`.execute(
      harness.db,
    );
    await expect(recorderOf(call, key).record(ACCEPTED)).rejects.toThrow('full');
    expect((await harness.read(call)).responseId).toBeNull();
  });
});

describe('promise 7: a server that lost its claim', () => {
  it.each([
    ['names no response', ACCEPTED],
    ['notes no usage, and not how far it read', COMPLETED],
  ])('%s', async (_, event) => {
    const { call, key } = await harness.begin();
    const recorder = recorderOf(call, key);
    await updateCall(harness.db, call.id, { claimed_by: 'server-2' });
    const before = await findAttempt(harness.db, key);
    await expect(recorder.record(event)).rejects.toThrow(TransitionRefusedError);
    expect(await findAttempt(harness.db, key)).toEqual(before);
    expect((await harness.read(call)).responseId).toBeNull();
  });
});
