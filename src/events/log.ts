/**
 * The event log. Each principal has one log; the events of a call, and those of a conversation, are logs of their own in it.
 * The terminal event of a call closes the call's. Events are appended in the transaction that changes the call
 * (src/state/transitions.ts) or the archive (src/state/archive.ts), so an event is stored before anyone can read it
 * (promise 4 of PROTOCOL.md).
 */

import type { Database, DatabaseTransaction } from '../db/database.ts';
import { commitUnsynced } from '../db/durability.ts';
import { findCalls } from '../db/queries/calls.ts';
import { lastPosition, takePosition } from '../db/queries/conversations.ts';
import { eventsOfCall, eventsOfConversation, eventsOfPrincipal, insertEvent } from '../db/queries/events.ts';
import type { ArchiveEvent, ArchiveEventData, LogEvent } from '../domain/archive-event.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { GenerationCall } from '../domain/generation/generation-call.ts';
import { type GenerationEvent, type GenerationEventData, isTerminal } from '../domain/generation/generation-event.ts';

/**
 * Appends an event after `call.lastSequence` in the caller's transaction. The caller ensures that the log is open. The
 * transaction of a partial image does not wait for the disk: it is a preview, which the next one replaces.
 */
export async function appendEvent(
  transaction: DatabaseTransaction,
  call: Pick<GenerationCall, 'id' | 'conversationId' | 'principal' | 'lastSequence'>,
  data: GenerationEventData,
  at: string,
): Promise<GenerationEvent> {
  const event = {
    ...data,
    callId: call.id,
    conversationId: call.conversationId,
    sequence: call.lastSequence + 1,
    position: await takePosition(transaction, call.principal, call.conversationId, at),
    at,
  };
  const { id, hasReserved } = await insertEvent(transaction, call.principal, event);
  if (data.type === 'PartialImageReceived' && !hasReserved) await commitUnsynced(transaction);
  return { ...event, id };
}

/** The key under which the readers of a principal's log are notified. */
export function viewerKey(principal: string): string {
  return `viewer:${principal}`;
}

/** Appends a change of the archive in the caller's transaction. With a conversation, its log gets the event, too. */
export async function appendArchiveEvent(
  transaction: DatabaseTransaction,
  { principal, conversationId }: { readonly principal: string; readonly conversationId: string | null },
  data: ArchiveEventData,
  at: string,
): Promise<ArchiveEvent> {
  // A new conversation has no readers yet: its log begins with its first call or image.
  const isInLog = conversationId !== null && data.type !== 'ConversationCreated';
  // Only new content moves a conversation to the top of its list.
  const movedAt = data.type === 'ImageUploaded' ? at : null;
  const position = isInLog ? await takePosition(transaction, principal, conversationId, movedAt) : null;
  const event = { ...data, conversationId, position, at };
  const { id } = await insertEvent(transaction, principal, event);
  return { ...event, id };
}

export interface LogPage<E> {
  readonly events: readonly E[];
  /** No event will ever follow these. */
  readonly closed: boolean;
  /** The log already has more events. */
  readonly more: boolean;
}

const PAGE_SIZE = 100;

/**
 * The events of a call after the sequence `after`.
 * @throws {NotFoundError} the call was deleted for good since
 */
export async function readCallLog(
  db: Database,
  principal: string,
  callId: string,
  after: number,
): Promise<LogPage<GenerationEvent>> {
  const events = await eventsOfCall(db, principal, callId, after, PAGE_SIZE);
  const last = events.at(-1);
  if (last !== undefined) {
    const closed = isTerminal(last.type);
    return { events, closed, more: !closed && events.length === PAGE_SIZE };
  }
  // No events after `after`: the row of the call tells "up to date" from "closed" and "gone". An event that was appended
  // since the read above has raised last_sequence, so there is more to read.
  const [call] = await findCalls(db, principal, [callId]);
  if (call === undefined) throw new NotFoundError('callId', 'generation call');
  return { events, closed: call.completedAt !== null && call.lastSequence <= after, more: call.lastSequence > after };
}

/**
 * Everything that happens in a conversation after the position `after`: its calls, uploads and changes. It never closes.
 * What is appended after this has read comes with a notification.
 * @throws {NotFoundError} the conversation was deleted for good since
 */
export async function readConversationLog(
  db: Database,
  principal: string,
  conversationId: string,
  after: number,
): Promise<LogPage<LogEvent>> {
  const events = await eventsOfConversation(db, principal, conversationId, after, PAGE_SIZE);
  const isGone = events.length === 0 && (await lastPosition(db, principal, conversationId)) === null;
  if (isGone) throw new NotFoundError('conversationId', 'conversation');
  return { events, closed: false, more: events.length === PAGE_SIZE };
}

/** Everything of the principal after the event `after`. It never closes. */
export async function readViewerLog(db: Database, principal: string, after: number): Promise<LogPage<LogEvent>> {
  const events = await eventsOfPrincipal(db, principal, after, PAGE_SIZE);
  return { events, closed: false, more: events.length === PAGE_SIZE };
}
