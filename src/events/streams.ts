/** The event streams for subscriptions: validates the id and the cursor, then tails the log. */

import type { Database } from '../db/database.ts';
import { findCalls } from '../db/queries/calls.ts';
import { lastPosition } from '../db/queries/conversations.ts';
import type { LogEvent } from '../domain/archive-event.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { GenerationEvent } from '../domain/generation/generation-event.ts';
import { readCallLog, readConversationLog, readViewerLog, viewerKey } from './log.ts';
import type { Notifier } from './notifier.ts';
import { parseCursor, placeAfter, positionAfter, sequenceAfter } from './resume.ts';
import { createSharedReads } from './shared-reads.ts';
import { Tail } from './tail.ts';

export interface EventStreams {
  /**
   * The stored events of a call after the cursor `after` (null: from the first event), then new ones until its terminal event.
   * @throws {NotFoundError} no such call of this principal · {InvalidInputError} not a cursor of this call. The stream itself
   * throws a NotFoundError when the call is deleted for good.
   */
  ofCall(principal: string, callId: string, after: string | null): Promise<AsyncGenerator<GenerationEvent>>;
  /** The same for everything that happens in a conversation. The stream stays open until the conversation is deleted for good. */
  ofConversation(principal: string, id: string, after: string | null): Promise<AsyncGenerator<LogEvent>>;
  /** The same for everything of the principal. The stream stays open. */
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
      return new Tail({
        notifier,
        key: callId,
        after: await sequenceAfter(db, call, parseCursor(after)),
        read: (place) =>
          shareRead(JSON.stringify([principal, callId, place]), () => readCallLog(db, principal, callId, place)),
        placeOf: (event) => event.sequence,
      });
    },

    async ofConversation(principal, conversationId, after) {
      const last = await lastPosition(db, principal, conversationId);
      if (last === null) throw new NotFoundError('conversationId', 'conversation');
      const conversation = { id: conversationId, principal, lastPosition: last };
      return new Tail({
        notifier,
        key: conversationId,
        after: await positionAfter(db, conversation, parseCursor(after)),
        read: (place) =>
          shareLogRead(JSON.stringify([principal, conversationId, place]), () =>
            readConversationLog(db, principal, conversationId, place),
          ),
        // The log of a conversation has only events with a position.
        placeOf: (event) => event.position ?? 0,
      });
    },

    async ofViewer(principal, after) {
      return new Tail({
        notifier,
        key: viewerKey(principal),
        after: await placeAfter(db, principal, parseCursor(after)),
        read: (from) => shareLogRead(JSON.stringify([principal, from]), () => readViewerLog(db, principal, from)),
        placeOf: (event) => event.id,
      });
    },
  };
}
