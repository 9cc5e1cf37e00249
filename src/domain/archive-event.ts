/**
 * What changes in the archive of a principal, beside the events of calls: uploads, conversations, and everything that people
 * change or delete. The names are the same in the database, here and in GraphQL.
 */
import { encodeCursor } from './cursor.ts';
import type { GenerationEvent } from './generation/generation-event.ts';

export const CONVERSATION_CHANGES = [
  'ConversationCreated',
  'ConversationUpdated',
  'ConversationDeleted',
  'ConversationRestored',
] as const;
export type ConversationChange = (typeof CONVERSATION_CHANGES)[number];

export const IMAGE_CHANGES = ['ImageUploaded', 'ImageUpdated', 'ImageDeleted', 'ImageRestored'] as const;
export type ImageChange = (typeof IMAGE_CHANGES)[number];

export type ArchiveEventData =
  | { readonly type: ConversationChange }
  | { readonly type: ImageChange; readonly imageId: string }
  /** The image, or the conversation with everything in it, was deleted for good. */
  | { readonly type: 'ImagePurged'; readonly imageId: string }
  | { readonly type: 'ConversationPurged'; readonly purgedConversationId: string };

export type ArchiveEvent = ArchiveEventData & {
  /** The place in the log of the principal. */
  readonly id: number;
  /** Null for an image outside any conversation, and for what was purged. */
  readonly conversationId: string | null;
  /** The place in the log of the conversation; null for what only the log of the principal has. */
  readonly position: number | null;
  readonly at: string;
};

/** An event of the log of a conversation, or of a principal. */
export type LogEvent = GenerationEvent | ArchiveEvent;

export function isGenerationEvent(event: LogEvent): event is GenerationEvent {
  return 'callId' in event;
}

/** The cursor of an event, which continues every log that has the event. */
export function cursorOf(event: LogEvent): string {
  const { id: eventId, conversationId, position } = event;
  const ofCall = isGenerationEvent(event) ? event : { callId: null, sequence: null };
  return encodeCursor({ eventId, callId: ofCall.callId, sequence: ofCall.sequence, conversationId, position });
}
