/**
 * A log that lost its newest partial images in a power cut, and went on: the database is put back to what it was before them,
 * as a cut leaves it, and other events get their numbers. Every cursor that was told continues completely.
 */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { insertConversation } from '../../src/db/queries/conversations.ts';
import { skipReservedPlaces } from '../../src/db/queries/engine/reserved-places.ts';
import { RESERVED_PLACES } from '../../src/db/queries/events.ts';
import { cursorOf, type LogEvent } from '../../src/domain/archive-event.ts';
import { encodeCursor } from '../../src/domain/cursor.ts';
import { createInProcessNotifier } from '../../src/events/drivers/in-process/notifier.ts';
import { createEventStreams } from '../../src/events/streams.ts';
import { createTransitions, type Transitions } from '../../src/state/transitions.ts';
import { AT, conversationOf, PRINCIPAL, partialImageOf, requestOf } from '../contract/database-rows.ts';
import { newDataDir } from '../support/server.ts';

const [CONVERSATION, CALL, OTHER_CALL] = [1, 2, 3].map((n) => `01980000-0000-7000-8000-00000000000${n}`) as [
  string,
  string,
  string,
];

let dataDir: string;
let db: Database;
let transitions: Transitions;
const notifier = createInProcessNotifier({ pollMs: 60_000 });
const file = () => join(dataDir, 'darkroom.sqlite');

async function open(): Promise<void> {
  db = await openSqlite(file(), { patienceMs: 1_000 });
  transitions = createTransitions({ db, notifier, now: () => AT });
}

beforeEach(async () => {
  dataDir = await newDataDir();
  await open();
  await insertConversation(db, conversationOf(CONVERSATION));
  for (const id of [CALL, OTHER_CALL]) {
    const call = { id, principal: PRINCIPAL, conversationId: CONVERSATION, retryOf: null, createdAt: AT };
    await transitions.accept(
      { ...call, request: requestOf(), context: { isOpen: true, imageId: null } },
      { before: async () => ({ type: 'GenerationQueued' }), after: async () => undefined },
    );
    await transitions.record(id, { type: 'GenerationStarted', attempt: 1 });
  }
});
afterEach(async () => {
  await db.destroy();
  await rm(dataDir, { recursive: true, force: true });
});

const partial = (callId: string, id: string) =>
  transitions.record(callId, { type: 'PartialImageReceived', partial: partialImageOf(id) });

/** What a power cut leaves of the commits in `work`, and the start after it. */
async function losing<T>(work: () => Promise<T>): Promise<T> {
  await db.destroy();
  await cp(file(), `${file()}.before`);
  await open();
  const result = await work();
  await db.destroy();
  await rm(`${file()}-wal`, { force: true });
  await cp(`${file()}.before`, file());
  await open();
  await skipReservedPlaces(db);
  return result;
}

async function idsBehind(stream: Promise<AsyncGenerator<LogEvent>>, count: number): Promise<readonly string[]> {
  const events = await stream;
  const ids: string[] = [];
  while (ids.length < count) {
    const { value, done } = await events.next();
    if (done) break;
    ids.push(value.type === 'PartialImageReceived' ? value.partial.id : value.type);
  }
  await events.return(undefined);
  return ids;
}

it('promise 2: a cursor of an event that is gone continues behind the last one that both know', async () => {
  const lost = await losing(async () => [await partial(CALL, 'lost 1'), await partial(CALL, 'lost 2')]);
  for (const id of ['again 1', 'again 2', 'again 3']) await partial(CALL, id);
  await partial(OTHER_CALL, 'other');
  await transitions.record(CALL, { type: 'GenerationCancelled' });
  const streams = createEventStreams({ db, notifier });
  const ofCall = ['again 1', 'again 2', 'again 3', 'GenerationCancelled'];
  const ofAll = ['again 1', 'again 2', 'again 3', 'other', 'GenerationCancelled'];
  expect(lost.map(({ sequence }) => sequence)).toEqual([3, 4]);
  for (const after of lost.map(cursorOf)) {
    expect(await idsBehind(streams.ofCall(PRINCIPAL, CALL, after), 9)).toEqual(ofCall);
    expect(await idsBehind(streams.ofConversation(PRINCIPAL, CONVERSATION, after), 5)).toEqual(ofAll);
    expect(await idsBehind(streams.ofViewer(PRINCIPAL, after), 5)).toEqual(ofAll);
  }
  const all = ['GenerationQueued', 'GenerationStarted', ...ofCall];
  expect(await idsBehind(streams.ofCall(PRINCIPAL, CALL, null), 9)).toEqual(all);
});

it('promise 2: so do the cursors of a call, a conversation and a viewer that were read before', async () => {
  const { last, place } = await losing(async () => {
    const event = await partial(CALL, 'lost');
    return { last: event.position, place: event.id };
  });
  const nothing = { eventId: null, callId: null, sequence: null, conversationId: null, position: null };
  const cursors = [
    encodeCursor({ ...nothing, conversationId: CONVERSATION, position: last }),
    encodeCursor({ ...nothing, eventId: place }),
    encodeCursor({ eventId: place, callId: CALL, sequence: 3, conversationId: CONVERSATION, position: last }),
  ];
  await partial(CALL, 'again');
  const streams = createEventStreams({ db, notifier });
  for (const after of cursors) {
    expect(await idsBehind(streams.ofCall(PRINCIPAL, CALL, after), 1)).toEqual(['again']);
    expect(await idsBehind(streams.ofConversation(PRINCIPAL, CONVERSATION, after), 1)).toEqual(['again']);
    expect(await idsBehind(streams.ofViewer(PRINCIPAL, after), 1)).toEqual(['again']);
  }
});

it('promise 1: the sequence of what is stored has no gap', async () => {
  await losing(() => partial(CALL, 'lost'));
  const events = [await partial(CALL, 'again'), await transitions.record(CALL, { type: 'GenerationCancelled' })];
  expect(events.map(({ sequence }) => sequence)).toEqual([3, 4]);
});

it(`syncs at least one of ${RESERVED_PLACES} events in a row, which reserves the next places`, async () => {
  const reserved = async () =>
    (await db.selectFrom('viewer_logs').select(['last_id', 'reserved_id']).executeTakeFirstOrThrow()) satisfies object;
  const before = await reserved();
  for (let number = before.last_id; number < before.reserved_id; number += 1) await partial(CALL, `p${number}`);
  expect(await reserved()).toEqual({ last_id: before.reserved_id, reserved_id: before.reserved_id });
  await partial(CALL, 'the one that reserves');
  expect(await reserved()).toEqual({
    last_id: before.reserved_id + 1,
    reserved_id: before.reserved_id + 1 + RESERVED_PLACES,
  });
});
