/** Asking the upstream later about requests whose end is not known. */
import { sql } from 'kysely';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAttempt } from '../../src/db/queries/engine/attempts.ts';
import { updateCall } from '../../src/db/queries/engine/calls.ts';
import { findImagesOfCalls } from '../../src/db/queries/images/images.ts';
import { setConversationDeleted } from '../../src/db/queries/trash.ts';
import type { GenerationFailure, GenerationFailureCode } from '../../src/domain/generation/failure.ts';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import type { Picture } from '../../src/domain/images/image.ts';
import { type ImageProvider, ProviderError } from '../../src/provider/image-provider.ts';
import { Reconciler } from '../../src/runner/endings/reconcile.ts';
import { moveAttempt } from '../../src/state/transitions.ts';
import { type Order, openRunnerHarness, type RunnerHarness, UPSTREAM } from './harness.ts';

const PICTURE: Picture = { sha256: 'a'.repeat(64), byteSize: 1, width: 1, height: 1, format: 'PNG' };
const IMAGE = {
  type: 'image',
  itemId: null,
  imageIndex: 0,
  picture: PICTURE,
  revisedPrompt: null,
  actual: NO_SETTINGS,
} as const;
const COMPLETED = { type: 'completed', responseId: null, text: null, usage: null, imagesMissing: false } as const;
const OPEN = new Promise<void>(() => undefined);

let harness: RunnerHarness;
let asked: string[];
/** What each look waits for. */
let hold: Promise<void>;
/** Whether the upstream has forgotten what it is asked about. */
let isGone: boolean;
let reconciler: Reconciler;

beforeEach(async () => {
  harness = await openRunnerHarness();
  asked = [];
  hold = Promise.resolve();
  isGone = false;
  const clock = { nowMs: Date.now, newId: uuidv7, random: Math.random };
  reconciler = new Reconciler({
    context: { db: harness.db, clock, logger: pino({ level: 'silent' }) },
    upstream: { identity: UPSTREAM, provider: { retrieve } },
    openSink: () => {
      throw new Error('this test stores no bytes');
    },
    ledger: { enter: async () => undefined },
    signal: new AbortController().signal,
    maxAgeMs: 60_000,
  });
});
afterEach(() => harness[Symbol.asyncDispose]());

// The events carry the one kind of picture that the reconciler knows.
const retrieve = async function* (responseId: string) {
  asked.push(responseId);
  await hold;
  if (isGone) throw new ProviderError(failureOf('OUTCOME_UNKNOWN'), 'GONE');
  yield IMAGE;
  yield COMPLETED;
} as unknown as ImageProvider['retrieve'];

function failureOf(code: GenerationFailureCode): GenerationFailure {
  const message = `As it was told: ${code}.`;
  return { code, message, retryable: true, retryAfter: null, moderation: null, requestId: null, text: null };
}

/** A call that failed with this code; how its last request ended is not known. */
async function lostCall(code: GenerationFailureCode, order: Order) {
  const { call, key } = await harness.begin(order);
  const last = { ...key, task: call.request.count - 1 };
  await harness.db.transaction().execute((transaction) => moveAttempt(transaction, last, 'lost'));
  const failure = failureOf(code);
  if (call.request.count > 1) {
    const failures = [
      { imageIndex: 0, failure },
      { imageIndex: 1, failure: failureOf('OUTCOME_UNKNOWN') },
    ];
    await updateCall(harness.db, call.id, { picture_failures: JSON.stringify(failures) });
  }
  await harness.transitions.record(
    call.id,
    { type: 'GenerationFailed', failure },
    { change: { failure: JSON.stringify(failure) } },
  );
  const state = async () => (await findAttempt(harness.db, last))?.state;
  return { call, state };
}

describe('a pass', () => {
  it('is the only one while it lasts, however slow the upstream is', async () => {
    await lostCall('OUTCOME_UNKNOWN', { responseIds: ['resp_1'] });
    hold = OPEN;
    for (let minute = 0; minute < 3; minute += 1) void reconciler.reconcile();
    await expect.poll(() => asked).toEqual(['resp_1']);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked).toEqual(['resp_1']);
  });

  it('is followed by another one when it has ended', async () => {
    await reconciler.reconcile();
    await lostCall('OUTCOME_UNKNOWN', { responseIds: ['resp_1'] });
    await reconciler.reconcile();
    expect(asked).toEqual(['resp_1']);
  });

  it.each([false, true])('goes on behind a request whose end cannot be recorded (forgotten: %s)', async (forgotten) => {
    isGone = forgotten;
    const first = await lostCall('OUTCOME_UNKNOWN', { responseIds: ['resp_1'] });
    const second = await lostCall('OUTCOME_UNKNOWN', { responseIds: ['resp_2'] });
    const refusal = sql.raw(`create trigger refused before update on attempts when new.call_id = '${first.call.id}'
      begin select raise(abort, 'full'); end`);
    await sql`${refusal}`.execute(harness.db);
    await reconciler.reconcile();
    expect(asked).toEqual(['resp_1', 'resp_2']);
    expect(await first.state()).toBe('UNKNOWN');
    expect(await second.state()).toBe('SETTLED');
  });
});

it('an image that is found later goes into the trash when its conversation is there', async () => {
  const { call } = await lostCall('OUTCOME_UNKNOWN', { responseIds: ['resp_1'] });
  const deletedAt = '2026-11-28T12:00:00.000Z';
  const { principal, conversationId } = call;
  await setConversationDeleted(harness.db, { principal, id: conversationId, deletedAt: null }, deletedAt);
  await reconciler.reconcile();
  expect(await findImagesOfCalls(harness.db, principal, [call.id])).toMatchObject([{ deletedAt }]);
});

describe('the failure of a call whose picture was found', () => {
  it.each(['OUTCOME_UNKNOWN', 'TIMED_OUT', 'INTERNAL'] as const)('says so where it was %s', async (code) => {
    const { call } = await lostCall(code, { responseIds: ['resp_1'] });
    await reconciler.reconcile();
    const { failure } = await harness.read(call);
    expect(failure).toMatchObject({ code, message: expect.stringContaining('found later'), retryable: false });
  });

  it.each(['MODERATION_BLOCKED', 'INTERNAL'] as const)(
    'stays what it is where it is that of another picture, and says what was found: %s',
    async (code) => {
      const { call } = await lostCall(code, { count: 2, responseIds: ['resp_1', 'resp_2'] });
      await reconciler.reconcile();
      expect(asked).toEqual(['resp_2']);
      const { message, ...rest } = failureOf(code);
      const expected = `Some images were found later and are kept with the call. ${message}`;
      expect((await harness.read(call)).failure).toEqual({ ...rest, message: expected });
    },
  );
});
