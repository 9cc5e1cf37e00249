/** Rows of the event log. src/events/log.ts decides what may be appended and in which order it is seen. */
import type { Selectable } from 'kysely';
import type { ArchiveEvent, LogEvent } from '../../domain/archive-event.ts';
import type { GenerationEvent } from '../../domain/generation-event.ts';
import type { Database } from '../database.ts';
import { runPrepared } from '../prepared-query.ts';
import type { EventsTable } from '../tables.ts';

/** An event that has no place in the log of its principal yet. */
export type NewEvent<Event extends LogEvent> = Event extends LogEvent ? Omit<Event, 'id'> : never;

/** @returns the place of the event in the log of the principal */
export async function insertEvent(db: Database, principal: string, event: NewEvent<LogEvent>): Promise<number> {
  const { callId = null, sequence = null, conversationId, position, at, type, ...payload } = event as UnionOfEvents;
  const values = {
    call_id: callId,
    sequence,
    conversation_id: conversationId,
    position,
    principal,
    type,
    at,
    payload: JSON.stringify(payload),
  };
  const [row] = await runPrepared(db, 'new event', values, (given) =>
    db.insertInto('events').values(given).returning('id'),
  );
  if (row === undefined) throw new Error('a new event has no id');
  return row.id;
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
      .orderBy('id')
      .limit(values.limit),
  );
  return rows.map(toEvent);
}

/** The place of the newest event in the log of the principal; 0 when there is none. */
export async function lastEventId(db: Database, principal: string): Promise<number> {
  const row = await db
    .selectFrom('events')
    .select('id')
    .where('principal', '=', principal)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? 0;
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
