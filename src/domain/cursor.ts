/**
 * The cursor of an event: a subscription continues after it. It is opaque to clients. It contains the place of the event in
 * every log that has it, so that the same cursor works for `generationEvents`, `conversationEvents` and `viewerEvents`, and
 * the ids of the call and the conversation, so that a cursor of another one is not reported as malformed.
 */

export interface EventCursor {
  /** The place in the log of the principal; null where it is not known. */
  readonly eventId: number | null;
  /** Null for an event that is not about a call. */
  readonly callId: string | null;
  readonly sequence: number | null;
  /** Null for an event of no conversation, and in cursors of earlier versions. */
  readonly conversationId: string | null;
  readonly position: number | null;
}

/** The form of earlier versions: the call, the sequence, and the position in a conversation without its id. */
const FIRST_FORM = /^1~([0-9a-f-]{36})~(0|[1-9]\d{0,14})~(0|[1-9]\d{0,14})$/u;
const FORM = /^2~(|0|[1-9]\d{0,14})~(|[0-9a-f-]{36})~(|0|[1-9]\d{0,14})~(|[0-9a-f-]{36})~(|0|[1-9]\d{0,14})$/u;

export function encodeCursor({ eventId, callId, sequence, conversationId, position }: EventCursor): string {
  const parts = [2, eventId, callId, sequence, conversationId, position];
  return encode(parts.map((part) => part ?? '').join('~'));
}

/** Decodes a cursor; null when `text` is not one. */
export function decodeCursor(text: string): EventCursor | null {
  const decoded = Buffer.from(text, 'base64url').toString();
  // Buffer ignores characters that are not base64url, so the text must also encode back to itself.
  if (encode(decoded) !== text) return null;
  const first = FIRST_FORM.exec(decoded);
  if (first !== null) {
    const [, callId = '', sequence = '', position = ''] = first;
    return { eventId: null, callId, sequence: Number(sequence), conversationId: null, position: Number(position) };
  }
  const [, eventId, callId, sequence, conversationId, position] = FORM.exec(decoded) ?? [];
  if (eventId === undefined) return null;
  return {
    eventId: numberIn(eventId),
    callId: callId || null,
    sequence: numberIn(sequence),
    conversationId: conversationId || null,
    position: numberIn(position),
  };
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function numberIn(digits: string | undefined): number | null {
  return digits ? Number(digits) : null;
}
