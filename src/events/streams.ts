/** The event streams for subscriptions: validates the id and the cursor, then tails the log. */

import type { Database } from '../db/database.ts';
import { findCalls } from '../db/queries/calls.ts';
import { lastPosition } from '../db/queries/conversations.ts';
import { eventIdOf, lastEventId } from '../db/queries/events.ts';
import type { LogEvent } from '../domain/archive-event.ts';
import { decodeCursor, type EventCursor } from '../domain/cursor.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { GenerationEvent } from '../domain/generation-event.ts';
import { readCallLog, readConversationLog, readViewerLog, viewerKey } from './log.ts';
import type { Notifier } from './notifier.ts';
import { createSharedReads } from './shared-reads.ts';
import { Tail } from './tail.ts';

export interface EventStreams {
  /**
   * The stored events of a call after the cursor `after` (null: from the first event), then new ones until its terminal event.
   * @throws {NotFoundError} no such call of this principal · {InvalidInputError} not a cursor of this call
   */
  ofCall(principal: string, callId: string, after: string | null): Promise<AsyncGenerator<GenerationEvent>>;
  /** The same for everything that happens in a conversation. The stream stays open. */
  ofConversation(principal: string, id: string, after: string | null): Promise<AsyncGenerator<LogEvent>>;
  /** The same for everything of the principal. */
  ofViewer(principal: string, after: string | null): Promise<AsyncGenerator<LogEvent>>;
}

export interface EventStreamsOptions {
  readonly db: Database;
  readonly notifier: Notifier;
}

export function createEventStreams({ db, notifier }: EventStreamsOptions): EventStreams {
  const shareRead = createSharedReads<GenerationEvent>();
  const shareLogRead = createSharedReads<LogEvent>();
  return {
    async ofCall(principal, callId, after) {
      const [call] = await findCalls(db, principal, [callId]);
      if (call === undefined) throw new NotFoundError('callId', 'generation call');
      const cursor = parseCursor(after);
      if (cursor !== null && cursor.callId !== callId) refuseCursor('belongs to another call.');
      if ((cursor?.sequence ?? 0) > call.lastSequence) refuseAhead();
      return new Tail({
        notifier,
        key: callId,
        after: cursor?.sequence ?? 0,
        read: (place) =>
          shareRead(JSON.stringify([principal, callId, place]), () => readCallLog(db, principal, callId, place)),
        placeOf: (event) => event.sequence,
      });
    },

    async ofConversation(principal, conversationId, after) {
      const last = await lastPosition(db, principal, conversationId);
      if (last === null) throw new NotFoundError('conversationId', 'conversation');
      const cursor = parseCursor(after);
      if (cursor !== null) {
        const of = cursor.conversationId ?? (await conversationOf(db, principal, cursor));
        if (of !== conversationId) refuseCursor('belongs to another conversation.');
        if ((cursor.position ?? 0) > last) refuseAhead();
      }
      return new Tail({
        notifier,
        key: conversationId,
        after: cursor?.position ?? 0,
        read: (place) =>
          shareLogRead(JSON.stringify([principal, conversationId, place]), () =>
            readConversationLog(db, principal, conversationId, place),
          ),
        // The log of a conversation has only events with a position.
        placeOf: (event) => event.position ?? 0,
      });
    },

    async ofViewer(principal, after) {
      const cursor = parseCursor(after);
      const place = cursor === null ? 0 : await placeOfCursor(db, principal, cursor);
      if (place > (await lastEventId(db, principal))) refuseAhead();
      return new Tail({
        notifier,
        key: viewerKey(principal),
        after: place,
        read: (from) => shareLogRead(JSON.stringify([principal, from]), () => readViewerLog(db, principal, from)),
        placeOf: (event) => event.id,
      });
    },
  };
}

/** The conversation of a cursor that does not name it. */
async function conversationOf(db: Database, principal: string, { callId }: EventCursor): Promise<string | null> {
  if (callId === null) return null;
  const [call] = await findCalls(db, principal, [callId]);
  return call?.conversationId ?? null;
}

/** The place in the log of the principal. */
async function placeOfCursor(db: Database, principal: string, cursor: EventCursor): Promise<number> {
  const { eventId, callId, sequence } = cursor;
  if (eventId !== null) return eventId;
  const found = callId === null || sequence === null ? null : await eventIdOf(db, principal, callId, sequence);
  return found ?? refuseCursor('is not about an event of yours.');
}

function parseCursor(text: string | null): EventCursor | null {
  if (text === null) return null;
  return decodeCursor(text) ?? refuseCursor('is not a cursor.');
}

function refuseAhead(): never {
  refuseCursor('is ahead of the newest event.');
}

function refuseCursor(problem: string): never {
  const advice = 'Use the `cursor` of an event that you received, or omit it to start with the first event.';
  throw new InvalidInputError([{ field: 'after', message: `${problem} ${advice}` }]);
}
