/** The three logs of one principal in a real database: what each has, how a cursor moves between them, and what they cost. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { insertConversation } from '../../src/db/queries/conversations.ts';
import { insertEvent } from '../../src/db/queries/events.ts';
import { insertImage } from '../../src/db/queries/images/images.ts';
import { cursorOf, isGenerationEvent, type LogEvent } from '../../src/domain/archive-event.ts';
import { encodeCursor } from '../../src/domain/cursor.ts';
import { InvalidInputError, NotFoundError } from '../../src/domain/errors.ts';
import type { GenerationEventData } from '../../src/domain/generation/generation-event.ts';
import { createInProcessNotifier } from '../../src/events/drivers/in-process/notifier.ts';
import { appendArchiveEvent } from '../../src/events/log.ts';
import type { Notifier } from '../../src/events/notifier.ts';
import { createEventStreams, type EventStreams } from '../../src/events/streams.ts';
import { type Archive, createArchive } from '../../src/state/archive.ts';
import { createTransitions, type Transitions } from '../../src/state/transitions.ts';
import { within } from '../api/steps.ts';
import { AT, conversationOf, imageOf, PRINCIPAL, requestOf } from '../contract/database-rows.ts';
import { newDataDir } from '../support/server.ts';

const ID = (number: number) => `01980000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const [CONVERSATION, OTHER_CONVERSATION] = [ID(1), ID(2)];
const [CALL, OTHER_CALL, THIRD_CALL] = [ID(11), ID(12), ID(13)];
const [UPLOAD, LOOSE_UPLOAD] = [ID(21), ID(22)];

let dataDir: string;
let db: Database;
let archive: Archive;
let transitions: Transitions;
let notifier: Notifier;
let streams: EventStreams;
let asked: string[];

beforeEach(async () => {
  dataDir = await newDataDir();
  db = await openSqlite(join(dataDir, 'darkroom.sqlite'), { patienceMs: 1_000 });
  // So slow that a test would time out on a poll: what arrives was notified.
  notifier = createInProcessNotifier({ pollMs: 60_000 });
  archive = createArchive({ db, notifier, now: () => AT });
  transitions = createTransitions({ db, notifier, now: () => AT });
  streams = createEventStreams({ db, notifier });
  asked = [];
  const executor = db.getExecutor();
  const executeQuery = executor.executeQuery.bind(executor);
  executor.executeQuery = (query) => {
    asked.push(query.sql);
    return executeQuery(query);
  };
});
afterEach(async () => {
  await db.destroy();
  await rm(dataDir, { recursive: true, force: true });
});

/** Starts a call, in a conversation of its own if it is the first one there. */
async function accept(callId: string, conversationId: string, principal = PRINCIPAL): Promise<void> {
  const call = { id: callId, principal, conversationId, retryOf: null, createdAt: AT };
  await transitions.accept(
    { ...call, request: requestOf(), context: { isOpen: true, imageId: null } },
    {
      async before(transaction) {
        const known = await transaction
          .selectFrom('conversations')
          .select('id')
          .where('id', '=', conversationId)
          .executeTakeFirst();
        if (known === undefined) {
          await insertConversation(transaction, conversationOf(conversationId, { principal }));
          await appendArchiveEvent(transaction, { principal, conversationId }, { type: 'ConversationCreated' }, AT);
        }
        return { type: 'GenerationQueued' };
      },
      after: async () => undefined,
    },
  );
}

async function upload(imageId: string, conversationId: string | null): Promise<void> {
  await archive.change(PRINCIPAL, async ({ transaction, append }) => {
    await insertImage(transaction, imageOf(imageId, { conversationId, callId: null, origin: 'UPLOADED' }));
    await append(conversationId, { type: 'ImageUploaded', imageId });
  });
}

const record = (callId: string, data: GenerationEventData) => transitions.record(callId, data, {});

/** Two conversations, three calls and two uploads, whose events lie between each other. */
async function furnish(): Promise<void> {
  await accept(CALL, CONVERSATION);
  await accept(OTHER_CALL, OTHER_CONVERSATION);
  await upload(UPLOAD, CONVERSATION);
  await upload(LOOSE_UPLOAD, null);
  await record(CALL, { type: 'GenerationStarted', attempt: 1 });
  await accept(THIRD_CALL, CONVERSATION);
  await archive.change(PRINCIPAL, ({ append }) => append(CONVERSATION, { type: 'ConversationUpdated' }));
  await record(OTHER_CALL, { type: 'GenerationCancelled' });
  await record(CALL, { type: 'GenerationCancelled' });
}

/** What purging does: the rows go, and one event tells so. */
async function purge(conversationId: string, callIds: readonly string[]): Promise<void> {
  await archive.change(PRINCIPAL, async ({ transaction, append }) => {
    await transaction.deleteFrom('events').where('conversation_id', '=', conversationId).execute();
    await transaction.deleteFrom('images').where('conversation_id', '=', conversationId).execute();
    await transaction.deleteFrom('calls').where('id', 'in', callIds).execute();
    await transaction.deleteFrom('conversations').where('id', '=', conversationId).execute();
    await append(null, { type: 'ConversationPurged', purgedConversationId: conversationId });
  });
}

/** The next `count` events; the stream is then left. */
async function take(stream: Promise<AsyncGenerator<LogEvent>>, count: number): Promise<LogEvent[]> {
  const events = await stream;
  const taken: LogEvent[] = [];
  await within(5_000, `${count} events, after ${JSON.stringify(taken)}`, async () => {
    while (taken.length < count) {
      const { value, done } = await events.next();
      if (done) break;
      taken.push(value);
    }
  });
  await events.return(undefined);
  return taken;
}

const NO_PLACE = { eventId: null, callId: null, sequence: null, conversationId: null, position: null };
const EVERYTHING = 11;

describe('the log of a principal', () => {
  it('promises 1, 2: has everything once, in one order, and its places are counted for this principal alone', async () => {
    await accept(ID(31), ID(3), 'somebody else');
    await furnish();
    await accept(ID(32), ID(3), 'somebody else');
    const all = await take(streams.ofViewer(PRINCIPAL, null), EVERYTHING);
    expect(all.map(({ type }) => type)).toEqual([
      'ConversationCreated',
      'GenerationQueued',
      'ConversationCreated',
      'GenerationQueued',
      'ImageUploaded',
      'ImageUploaded',
      'GenerationStarted',
      'GenerationQueued',
      'ConversationUpdated',
      'GenerationCancelled',
      'GenerationCancelled',
    ]);
    expect(all.map(({ id }) => id)).toEqual(all.map((_, index) => index + 1));
    const theirs = await take(streams.ofViewer('somebody else', null), 3);
    expect(theirs.map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it('promise 2: every cursor resumes it exactly behind its event, whichever of the three logs gave it', async () => {
    await furnish();
    const all = await take(streams.ofViewer(PRINCIPAL, null), EVERYTHING);
    const [ofCall, ofConversation] = await Promise.all([
      take(streams.ofCall(PRINCIPAL, CALL, null), 3),
      take(streams.ofConversation(PRINCIPAL, CONVERSATION, null), 6),
    ]);
    for (const event of [...all, ...ofCall, ...ofConversation]) {
      const behind = all.filter(({ id }) => id > event.id);
      expect(await take(streams.ofViewer(PRINCIPAL, cursorOf(event)), behind.length)).toEqual(behind);
    }
  });

  it('promise 2: a cursor of an earlier version resumes all three logs', async () => {
    await furnish();
    const all = await take(streams.ofViewer(PRINCIPAL, null), EVERYTHING);
    const started = all.find(({ type }) => type === 'GenerationStarted');
    const old = Buffer.from(`1~${CALL}~2~${started?.position}`).toString('base64url');
    const behind = all.filter(({ id }) => id > (started?.id ?? 0));
    expect(await take(streams.ofViewer(PRINCIPAL, old), behind.length)).toEqual(behind);
    const inConversation = behind.filter(({ conversationId }) => conversationId === CONVERSATION);
    expect(await take(streams.ofConversation(PRINCIPAL, CONVERSATION, old), inConversation.length)).toEqual(
      inConversation,
    );
    expect(await take(streams.ofCall(PRINCIPAL, CALL, old), 1)).toMatchObject([{ sequence: 3 }]);
  });

  it('promise 2: the cursors of objects resume it behind their newest event', async () => {
    await furnish();
    const all = await take(streams.ofViewer(PRINCIPAL, null), EVERYTHING);
    const behind = (type: LogEvent['type'], conversationId: string) => {
      const place = all.findLast((event) => event.type === type && event.conversationId === conversationId)?.id ?? 0;
      return all.filter(({ id }) => id > place).map(({ id }) => id);
    };
    const cursors = [
      // Of a call, of a conversation, of a conversation without events, and of the viewer.
      [{ callId: OTHER_CALL, sequence: 1, conversationId: OTHER_CONVERSATION, position: 1 }, 'GenerationQueued'],
      [{ conversationId: OTHER_CONVERSATION, position: 1 }, 'GenerationQueued'],
      [{ conversationId: OTHER_CONVERSATION, position: 0 }, 'ConversationCreated'],
    ] as const;
    for (const [place, type] of cursors) {
      const expected = behind(type, OTHER_CONVERSATION);
      const events = await take(streams.ofViewer(PRINCIPAL, encodeCursor({ ...NO_PLACE, ...place })), expected.length);
      expect(events.map(({ id }) => id)).toEqual(expected);
    }
    const viewers = encodeCursor({ ...NO_PLACE, eventId: 7 });
    expect((await take(streams.ofViewer(PRINCIPAL, viewers), 4)).map(({ id }) => id)).toEqual([8, 9, 10, 11]);
  });

  it('never gives a place twice, even when the newest events were purged', async () => {
    await furnish();
    const all = await take(streams.ofViewer(PRINCIPAL, null), EVERYTHING);
    const upToDate = await streams.ofViewer(PRINCIPAL, cursorOf(all.at(-1) as LogEvent));
    await purge(CONVERSATION, [CALL, THIRD_CALL]);
    expect(await within(2_000, 'the purge', () => upToDate.next())).toMatchObject({
      value: { type: 'ConversationPurged', purgedConversationId: CONVERSATION, id: EVERYTHING + 1 },
    });
    await upToDate.return(undefined);
    // Another one holds the cursor of an event that is no longer there.
    const purged = all.findLast(({ conversationId }) => conversationId === CONVERSATION) as LogEvent;
    expect(await take(streams.ofViewer(PRINCIPAL, cursorOf(purged)), 1)).toMatchObject([{ id: EVERYTHING + 1 }]);
  });

  it('waits for a notification where events were purged behind a cursor', async () => {
    await furnish();
    const [created] = await take(streams.ofViewer(PRINCIPAL, null), 1);
    await db.deleteFrom('events').where('id', '>', 1).execute();
    const stream = await streams.ofViewer(PRINCIPAL, cursorOf(created as LogEvent));
    asked = [];
    const next = stream.next();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(asked.length).toBeLessThan(5);
    await upload(ID(23), null);
    expect(await within(2_000, 'the upload', () => next)).toMatchObject({ value: { type: 'ImageUploaded' } });
    await stream.return(undefined);
  });

  it('costs one read for an event, however many follow it', async () => {
    await furnish();
    const followers = await Promise.all(
      Array.from({ length: 500 }, () =>
        streams.ofViewer(PRINCIPAL, encodeCursor({ ...NO_PLACE, eventId: EVERYTHING })),
      ),
    );
    const next = followers.map((follower) => follower.next());
    await new Promise((resolve) => setTimeout(resolve, 20));
    asked = [];
    await upload(ID(24), null);
    const got = await within(5_000, 'all followers', () => Promise.all(next));
    // Everybody has the same object, and it was read once.
    expect(new Set(got.map(({ value }) => value)).size).toBe(1);
    expect(asked.filter((sql) => sql.startsWith('select')).length).toBeLessThanOrEqual(2);
    await Promise.all(followers.map((follower) => follower.return(undefined)));
  });
});

describe('the log of a conversation', () => {
  it('promise 2: resumes after any cursor that is about it, and after the place of the viewer', async () => {
    await furnish();
    const all = await take(streams.ofViewer(PRINCIPAL, null), EVERYTHING);
    const own = await take(streams.ofConversation(PRINCIPAL, CONVERSATION, null), 6);
    expect(own.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const event of all) {
      const behind = own.filter(({ id }) => id > event.id);
      const ofViewer = encodeCursor({ ...NO_PLACE, eventId: event.id });
      expect(await take(streams.ofConversation(PRINCIPAL, CONVERSATION, ofViewer), behind.length)).toEqual(behind);
      if (event.conversationId === OTHER_CONVERSATION) continue;
      expect(await take(streams.ofConversation(PRINCIPAL, CONVERSATION, cursorOf(event)), behind.length)).toEqual(
        behind,
      );
    }
  });

  it('promise 3: ends with an error when the conversation is purged; up to date stays open, and is told apart', async () => {
    await furnish();
    const [followed, other] = await Promise.all(
      [CONVERSATION, OTHER_CONVERSATION].map((id) =>
        streams.ofConversation(PRINCIPAL, id, encodeCursor({ ...NO_PLACE, eventId: EVERYTHING })),
      ),
    );
    const [end, silence] = [followed?.next(), other?.next()];
    await purge(CONVERSATION, [CALL, THIRD_CALL]);
    const error = await within(2_000, 'the end', () => end?.catch((reason: unknown) => reason) ?? Promise.resolve());
    expect(error).toBeInstanceOf(NotFoundError);
    expect(await followed?.next()).toEqual({ done: true, value: undefined });
    expect(await Promise.race([silence, new Promise((resolve) => setTimeout(resolve, 50, 'open'))])).toBe('open');
    await other?.return(undefined);
    await expect(streams.ofConversation(PRINCIPAL, CONVERSATION, null)).rejects.toBeInstanceOf(NotFoundError);
  });
});

describe('the log of a call', () => {
  it('promise 2: resumes after the place of the viewer or of its conversation', async () => {
    await furnish();
    const all = await take(streams.ofViewer(PRINCIPAL, null), EVERYTHING);
    const own = await take(streams.ofCall(PRINCIPAL, CALL, null), 3);
    for (const event of all) {
      const isAboutCall = isGenerationEvent(event) && event.callId !== CALL;
      const behind = own.filter(({ id }) => id > event.id);
      const cursors = [encodeCursor({ ...NO_PLACE, eventId: event.id })];
      if (!isAboutCall && event.conversationId !== OTHER_CONVERSATION) cursors.push(cursorOf(event));
      for (const cursor of cursors) {
        expect(await take(streams.ofCall(PRINCIPAL, CALL, cursor), behind.length)).toEqual(behind);
      }
    }
  });

  it('promise 3: a call that is purged while it is read is gone, and not closed', async () => {
    await furnish();
    const stream = await streams.ofCall(PRINCIPAL, THIRD_CALL, null);
    expect(await stream.next()).toMatchObject({ value: { type: 'GenerationQueued' } });
    const end = stream.next();
    await purge(CONVERSATION, [CALL, THIRD_CALL]);
    // In place of the poll: the log of a call that is gone is not notified.
    notifier.notify(THIRD_CALL);
    await expect(within(2_000, 'the end', () => end)).rejects.toBeInstanceOf(NotFoundError);
  });
});

describe('a cursor', () => {
  const refused = async (stream: Promise<AsyncGenerator<LogEvent>>) => {
    const error = await stream.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InvalidInputError);
    return error instanceof InvalidInputError ? error.fields.map(({ message }) => message).join() : '';
  };

  it('of another call or conversation is refused, with what is wrong with it', async () => {
    await furnish();
    const all = await take(streams.ofViewer(PRINCIPAL, null), EVERYTHING);
    const queued = all.find((event) => isGenerationEvent(event) && event.callId === OTHER_CALL) as LogEvent;
    expect(await refused(streams.ofCall(PRINCIPAL, CALL, cursorOf(queued)))).toMatch(/belongs to another call\./u);
    expect(await refused(streams.ofConversation(PRINCIPAL, CONVERSATION, cursorOf(queued)))).toMatch(
      /belongs to another conversation\./u,
    );
    const created = all.find(({ type }, index) => type === 'ConversationCreated' && index > 0) as LogEvent;
    expect(await refused(streams.ofCall(PRINCIPAL, CALL, cursorOf(created)))).toMatch(
      /belongs to another conversation\./u,
    );
  });

  it('ahead of the newest event, or of nothing that exists, is refused in all three logs', async () => {
    await furnish();
    const ahead = encodeCursor({ ...NO_PLACE, eventId: EVERYTHING + 1 });
    for (const stream of [
      streams.ofViewer(PRINCIPAL, ahead),
      streams.ofConversation(PRINCIPAL, CONVERSATION, ahead),
      streams.ofCall(PRINCIPAL, CALL, ahead),
    ]) {
      expect(await refused(stream)).toMatch(/is ahead of the newest event\./u);
    }
    for (const unknown of [{ callId: ID(99), sequence: 1 }, { conversationId: ID(99), position: 1 }, {}]) {
      const cursor = encodeCursor({ ...NO_PLACE, ...unknown });
      expect(await refused(streams.ofViewer(PRINCIPAL, cursor))).toMatch(/is not about an event of yours\./u);
    }
  });

  it('of another principal is only a place, or is not about an event of yours', async () => {
    await furnish();
    await insertEvent(db, 'somebody else', {
      type: 'ImageUploaded',
      imageId: ID(41),
      conversationId: null,
      position: null,
      at: AT,
    });
    const [mine] = await take(streams.ofViewer(PRINCIPAL, null), 1);
    const theirs = await take(streams.ofViewer('somebody else', null), 1);
    expect(theirs).toMatchObject([{ imageId: ID(41) }]);
    const ofCall = encodeCursor({ ...NO_PLACE, callId: CALL, sequence: 1 });
    expect(await refused(streams.ofViewer('somebody else', ofCall))).toMatch(/is not about an event of yours\./u);
    const silent = await streams.ofViewer('somebody else', cursorOf(mine as LogEvent));
    const next = silent.next();
    expect(await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 50, 'open'))])).toBe('open');
    await silent.return(undefined);
  });
});
