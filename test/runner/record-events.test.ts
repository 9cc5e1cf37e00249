/** What the upstream tells of a request: written down whole or not at all, and only by who still has the call. */
import { sql } from 'kysely';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAttempt } from '../../src/db/queries/attempts.ts';
import { updateCall } from '../../src/db/queries/calls.ts';
import type { GenerationCall } from '../../src/domain/generation-call.ts';
import { type EventRecorder, openEventRecorder } from '../../src/runner/tasks/record-events.ts';
import { TransitionRefusedError } from '../../src/state/transitions.ts';
import { type AtWork, openAtWork } from './call-at-work.ts';

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
  usage: { tokens: { mainline: null, image: null }, raw: {} },
  imagesMissing: false,
  upstreamSequence: 9,
} as const;

let house: AtWork;
beforeEach(async () => {
  house = await openAtWork();
});
afterEach(() => house[Symbol.asyncDispose]());

async function arrivalsOf(call: GenerationCall): Promise<EventRecorder> {
  const { db, transitions, writer } = house;
  return openEventRecorder(
    {
      db,
      transitions,
      now: () => new Date().toISOString(),
      newId: uuidv7,
      logger: pino({ level: 'silent' }),
      onImage: () => undefined,
    },
    { call, writer, task: 0, step: 1, api: 'RESPONSES', onAccepted: () => undefined },
    null,
  );
}

describe("the name of the upstream's response", () => {
  it('stands with the call and with its request', async () => {
    const { call, place } = await house.begin();
    await (await arrivalsOf(call)).take(ACCEPTED);
    expect((await house.read(call)).responseId).toBe('resp_1');
    expect(await findAttempt(house.db, place)).toMatchObject({ state: 'ACCEPTED', response_id: 'resp_1' });
  });

  it('promise 5: stands with neither when it cannot stand with both', async () => {
    const { call } = await house.begin();
    await sql`create trigger refused before update on attempts begin select raise(abort, 'full'); end`.execute(
      house.db,
    );
    await expect((await arrivalsOf(call)).take(ACCEPTED)).rejects.toThrow('full');
    expect((await house.read(call)).responseId).toBeNull();
  });
});

describe('promise 7: a server that lost its claim', () => {
  it.each([
    ['names no response', ACCEPTED],
    ['notes no usage, and not how far it read', COMPLETED],
  ])('%s', async (_, arrival) => {
    const { call, place } = await house.begin();
    const recorder = await arrivalsOf(call);
    await updateCall(house.db, call.id, { claimed_by: 'server-2' });
    const before = await findAttempt(house.db, place);
    await expect(recorder.take(arrival)).rejects.toThrow(TransitionRefusedError);
    expect(await findAttempt(house.db, place)).toEqual(before);
    expect((await house.read(call)).responseId).toBeNull();
  });
});
