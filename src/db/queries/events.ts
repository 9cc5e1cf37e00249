/**
 * Rows of the event log. src/events/log.ts decides what may be appended and in which order it is seen. The events of a
 * conversation that is being deleted for good are read no more: what they are about is not found any more either.
 */
import type { Selectable } from 'kysely';
import type { ArchiveEvent, LogEvent } from '../../domain/archive-event.ts';
import type { GenerationEvent } from '../../domain/generation/generation-event.ts';
import { conversationInPurgeOf } from '../conversations-in-purge.ts';
import type { Database } from '../database.ts';
import { runPrepared } from '../prepared-query.ts';
import type { EventsTable } from '../tables/generations.ts';

/** An event that has no place in the log of its principal yet. */
export type NewEvent<Event extends LogEvent> = Event extends LogEvent ? Omit<Event, 'id'> : never;

export interface AppendedEvent {
  /** The place of the event in the log of the principal. */
  readonly id: number;
  /** Whether further places were reserved with it: then its transaction has to survive a power cut. */
  readonly hasReserved: boolean;
}

/**
 * Appends to the log of the principal. Concurrent writers of one log wait for each other on its row in `viewer_logs`, so
 * events become visible in the order of their places.
 */
export async function insertEvent(db: Database, principal: string, event: NewEvent<LogEvent>): Promise<AppendedEvent> {
  const place = await takePlace(db, principal);
  const { callId = null, sequence = null, conversationId, position, at, type, ...payload } = event as UnionOfEvents;
  const values = {
    id: place.id,
    call_id: callId,
    sequence,
    conversation_id: conversationId,
    position,
    principal,
    type,
    at,
    payload: JSON.stringify(payload),
  };
  await runPrepared(db, 'new event', values, (given) => db.insertInto('events').values(given));
  return place;
}

/**
 * How many places of a log are reserved together (engine/reserved-places.ts): at most so many events in a row need not
 * survive a power cut.
 */
export const RESERVED_PLACES = 1_000;

/** Reserves further places behind the last one of those that were. */
async function takePlace(db: Database, principal: string): Promise<AppendedEvent> {
  const [row] = await runPrepared(db, 'next place', { principal }, (values) =>
    db
      .insertInto('viewer_logs')
      .values({ principal: values.principal, last_id: 1, reserved_id: 1 + RESERVED_PLACES })
      .onConflict((conflict) =>
        conflict.column('principal').doUpdateSet((column) => ({
          last_id: column('viewer_logs.last_id', '+', 1),
          reserved_id: column
            .case()
            .when('viewer_logs.last_id', '<', column.ref('viewer_logs.reserved_id'))
            .then(column.ref('viewer_logs.reserved_id'))
            .else(column('viewer_logs.last_id', '+', 1 + RESERVED_PLACES))
            .end(),
        })),
      )
      .returning(['last_id', 'reserved_id']),
  );
  if (row === undefined) throw new Error(`the log of ${principal} gave no place`);
  return { id: row.last_id, hasReserved: row.reserved_id === row.last_id + RESERVED_PLACES };
}

/** The fields of either kind of event. */
type UnionOfEvents = NewEvent<ArchiveEvent> & Partial<Pick<GenerationEvent, 'callId' | 'sequence'>>;

export async function eventsOfCall(
  db: Database,
  principal: string,
  callId: string,
  afterSequence: number,
  limit: number,
): Promise<readonly GenerationEvent[]> {
  const rows = await runPrepared(db, 'events of a call', { principal, callId, afterSequence, limit }, (values) =>
    db
      .selectFrom('events')
      .selectAll()
      .where('principal', '=', values.principal)
      .where('call_id', '=', values.callId)
      .where('sequence', '>', values.afterSequence)
      .where(({ not, exists }) => not(exists(conversationInPurgeOf('events', values.principal))))
      .orderBy('sequence')
      .limit(values.limit),
  );
  // Every event of a call is one of these.
  return rows.map(toEvent) as GenerationEvent[];
}

export async function eventsOfConversation(
  db: Database,
  principal: string,
  conversationId: string,
  afterPosition: number,
  limit: number,
): Promise<readonly LogEvent[]> {
  const values = { principal, conversationId, afterPosition, limit };
  const rows = await runPrepared(db, 'events of a conversation', values, (given) =>
    db
      .selectFrom('events')
      .selectAll()
      .where('principal', '=', given.principal)
      .where('conversation_id', '=', given.conversationId)
      .where('position', '>', given.afterPosition)
      .where(({ not, exists }) => not(exists(conversationInPurgeOf('events', given.principal))))
      .orderBy('position')
      .limit(given.limit),
  );
  return rows.map(toEvent);
}

export async function eventsOfPrincipal(
  db: Database,
  principal: string,
  afterId: number,
  limit: number,
): Promise<readonly LogEvent[]> {
  const rows = await runPrepared(db, 'events of a principal', { principal, afterId, limit }, (values) =>
    db
      .selectFrom('events')
      .selectAll()
      .where('principal', '=', values.principal)
      .where('id', '>', values.afterId)
      .where(({ not, exists }) => not(exists(conversationInPurgeOf('events', values.principal))))
      .orderBy('id')
      .limit(values.limit),
  );
  return rows.map(toEvent);
}

/** The place of the newest event in the log of the principal; 0 when there was none. */
export async function lastEventId(db: Database, principal: string): Promise<number> {
  const row = await db
    .selectFrom('viewer_logs')
    .select('last_id')
    .where('principal', '=', principal)
    .executeTakeFirst();
  return row?.last_id ?? 0;
}

/**
 * The place, in the log of the principal, of the newest event of a conversation up to `position`: at 0, where the conversation
 * was created. Null when there is no such event.
 */
export async function eventIdAt(
  db: Database,
  principal: string,
  conversationId: string,
  position: number,
): Promise<number | null> {
  const ofConversation = db
    .selectFrom('events')
    .select('id')
    .where('principal', '=', principal)
    .where('conversation_id', '=', conversationId)
    .limit(1);
  const row =
    (await ofConversation.where('position', '<=', position).orderBy('position', 'desc').executeTakeFirst()) ??
    (await ofConversation.where('position', 'is', null).orderBy('id').executeTakeFirst());
  return row?.id ?? null;
}

/** The sequence of the newest event of a call up to a place in the log of its conversation, or of its principal; 0 when there is none. */
export async function sequenceAt(
  db: Database,
  principal: string,
  callId: string,
  upTo: { readonly position: number } | { readonly id: number },
): Promise<number> {
  const ofCall = db
    .selectFrom('events')
    .select('sequence')
    .where('principal', '=', principal)
    .where('call_id', '=', callId)
    .orderBy('sequence', 'desc')
    .limit(1);
  const query = 'id' in upTo ? ofCall.where('id', '<=', upTo.id) : ofCall.where('position', '<=', upTo.position);
  return (await query.executeTakeFirst())?.sequence ?? 0;
}

/** The position of the newest event of a conversation up to a place in the log of its principal; 0 when there is none. */
export async function positionAt(
  db: Database,
  principal: string,
  conversationId: string,
  eventId: number,
): Promise<number> {
  const row = await db
    .selectFrom('events')
    .select('position')
    .where('principal', '=', principal)
    .where('conversation_id', '=', conversationId)
    .where('position', 'is not', null)
    .where('id', '<=', eventId)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.position ?? 0;
}

/** The place of an event of a call in the log of the principal; null when there is no such event. */
export async function eventIdOf(
  db: Database,
  principal: string,
  callId: string,
  sequence: number,
): Promise<number | null> {
  const row = await db
    .selectFrom('events')
    .select('id')
    .where('principal', '=', principal)
    .where('call_id', '=', callId)
    .where('sequence', '=', sequence)
    .executeTakeFirst();
  return row?.id ?? null;
}

function toEvent(row: Selectable<EventsTable>): LogEvent {
  const ofCall = row.call_id === null ? {} : { callId: row.call_id, sequence: row.sequence };
  // insertEvent wrote both from one event.
  return {
    type: row.type,
    ...JSON.parse(row.payload),
    ...ofCall,
    id: row.id,
    conversationId: row.conversation_id,
    position: row.position,
    at: row.at,
  } as LogEvent;
}
