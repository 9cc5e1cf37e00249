/** Rows of the event log. src/events/log.ts decides what may be appended and in which order it is seen. */
import type { Selectable } from 'kysely';
import type { GenerationEvent, GenerationEventData } from '../../domain/generation-event.ts';
import type { Database } from '../database.ts';
import { runPrepared } from '../prepared-query.ts';
import type { EventsTable } from '../tables.ts';

export async function insertEvent(db: Database, principal: string, event: GenerationEvent): Promise<void> {
  const { callId, conversationId, sequence, position, at, type, ...payload } = event;
  const row = {
    call_id: callId,
    sequence,
    conversation_id: conversationId,
    position,
    principal,
    type,
    at,
    payload: JSON.stringify(payload),
  };
  await runPrepared(db, 'new event', row, (values) => db.insertInto('events').values(values));
}

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
  return rows.map(toEvent);
}

export async function eventsOfConversation(
  db: Database,
  principal: string,
  conversationId: string,
  afterPosition: number,
  limit: number,
): Promise<readonly GenerationEvent[]> {
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

function toEvent(row: Selectable<EventsTable>): GenerationEvent {
  // insertEvent wrote both from one GenerationEventData.
  const data = { type: row.type, ...JSON.parse(row.payload) } as GenerationEventData;
  return {
    ...data,
    callId: row.call_id,
    conversationId: row.conversation_id,
    sequence: row.sequence,
    position: row.position,
    at: row.at,
  };
}
