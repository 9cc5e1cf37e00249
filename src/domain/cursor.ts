/**
 * The cursor of an event: a subscription continues after it. It is opaque to clients. It contains the call id, so that a
 * cursor of another call is not reported as malformed, and both the sequence and the position, so that the same cursor
 * works for `generationEvents` and `conversationEvents`.
 */

export interface EventCursor {
  readonly callId: string;
  readonly sequence: number;
  readonly position: number;
}

const FORM = /^1~([0-9a-f-]{36})~(\d{1,15})~(\d{1,15})$/u;

export function encodeCursor({ callId, sequence, position }: EventCursor): string {
  return Buffer.from(`1~${callId}~${sequence}~${position}`).toString('base64url');
}

/** Decodes a cursor; null when `encodeCursor` did not produce `text`. */
export function decodeCursor(text: string): EventCursor | null {
  const [, callId, sequence, position] = FORM.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (callId === undefined) return null;
  const cursor = { callId, sequence: Number(sequence), position: Number(position) };
  // Buffer ignores characters that are not base64url, so the text must also encode back to itself.
  return encodeCursor(cursor) === text ? cursor : null;
}
