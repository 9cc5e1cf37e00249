/**
 * Where a subscription resumes: the place of a cursor in the log that is followed. A cursor names its place in every log that
 * has its event, so it works for all of them. A cursor that is about no call resumes the calls of its conversation, and one
 * that is about nothing in particular (`Viewer.cursor`) resumes every log of its principal. A cursor that is about another
 * call or conversation is refused: it is far more often a mistake than meant.
 *
 * A sequence is only a number: a power cut can take the newest partial images of a call, and then other events get their
 * numbers. Positions in a conversation and places in the log of a principal are never given twice (reserved-places.ts), so
 * they name an event. A cursor of an event that is gone resumes behind the last one before it that is not.
 */
import type { Database } from '../db/database.ts';
import { findCalls } from '../db/queries/calls.ts';
import { lastPosition } from '../db/queries/conversations.ts';
import { eventIdAt, eventIdOf, lastEventId, positionAt, sequenceAt } from '../db/queries/events.ts';
import { decodeCursor, type EventCursor } from '../domain/cursor.ts';
import { InvalidInputError } from '../domain/errors.ts';
import type { GenerationCall } from '../domain/generation/generation-call.ts';

/** @throws {InvalidInputError} */
export function parseCursor(text: string | null): EventCursor | null {
  if (text === null) return null;
  return decodeCursor(text) ?? refuseCursor('is not a cursor.');
}

/** The sequence in the log of a call after which it resumes; 0 for the start. @throws {InvalidInputError} */
export async function sequenceAfter(
  db: Database,
  call: Pick<GenerationCall, 'id' | 'principal' | 'conversationId'>,
  cursor: EventCursor | null,
): Promise<number> {
  if (cursor === null) return 0;
  const { callId, conversationId, position, eventId } = cursor;
  if (callId !== null || conversationId !== null) {
    if (callId !== null && callId !== call.id) refuseCursor('belongs to another call.');
    // A cursor of an earlier version names only the call.
    if ((conversationId ?? call.conversationId) !== call.conversationId)
      refuseCursor('belongs to another conversation.');
    notAhead(position ?? 0, (await lastPosition(db, call.principal, call.conversationId)) ?? 0);
    return sequenceAt(db, call.principal, call.id, { position: position ?? 0 });
  }
  notAhead(eventId ?? 0, await lastEventId(db, call.principal));
  return sequenceAt(db, call.principal, call.id, { id: eventId ?? 0 });
}

/** The position in the log of a conversation after which it resumes; 0 for the start. @throws {InvalidInputError} */
export async function positionAfter(
  db: Database,
  conversation: { readonly id: string; readonly principal: string; readonly lastPosition: number },
  cursor: EventCursor | null,
): Promise<number> {
  if (cursor === null) return 0;
  const { principal, id, lastPosition: last } = conversation;
  const { callId, conversationId, position, eventId } = cursor;
  if (callId === null && conversationId === null) {
    notAhead(eventId ?? 0, await lastEventId(db, principal));
    return positionAt(db, principal, id, eventId ?? 0);
  }
  const of = conversationId ?? (await conversationOf(db, principal, callId));
  if (of !== id) refuseCursor('belongs to another conversation.');
  return notAhead(position ?? 0, last);
}

/** The place in the log of the principal after which it resumes; 0 for the start. @throws {InvalidInputError} */
export async function placeAfter(db: Database, principal: string, cursor: EventCursor | null): Promise<number> {
  if (cursor === null) return 0;
  const place = cursor.eventId ?? (await placeOf(db, principal, cursor));
  if (place === null) refuseCursor('is not about an event of yours.');
  return notAhead(place, await lastEventId(db, principal));
}

/** The place of a cursor that names only a call or a conversation: of their objects, or of an earlier version. */
async function placeOf(db: Database, principal: string, cursor: EventCursor): Promise<number | null> {
  const { callId, sequence, conversationId, position } = cursor;
  if (callId !== null) return eventIdOf(db, principal, callId, sequence ?? 0);
  return conversationId === null ? null : eventIdAt(db, principal, conversationId, position ?? 0);
}

/** The conversation of a cursor that does not name it. */
async function conversationOf(db: Database, principal: string, callId: string | null): Promise<string | null> {
  if (callId === null) return null;
  const [call] = await findCalls(db, principal, [callId]);
  return call?.conversationId ?? null;
}

function notAhead(place: number, last: number): number {
  if (place > last) refuseCursor('is ahead of the newest event.');
  return place;
}

function refuseCursor(problem: string): never {
  const advice =
    'Use the `cursor` of an event that you received, or of the object that you queried, or omit it to start with the first event.';
  throw new InvalidInputError([{ field: 'after', message: `${problem} ${advice}` }]);
}
