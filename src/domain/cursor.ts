/**
 * The cursor of an event: where a subscription goes on. Opaque to clients; it names the call, so that a cursor of
 * another call is told from a mistyped one, and carries both orders, so that one cursor serves `generationEvents`
 * and `conversationEvents` alike.
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

/** The cursor that `text` stands for, or null when it was not made by `encodeCursor`. */
export function decodeCursor(text: string): EventCursor | null {
  const [, callId, sequence, position] = FORM.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (callId === undefined) return null;
  const cursor = { callId, sequence: Number(sequence), position: Number(position) };
  // Buffer skips characters that are not base64url: only what encodes back to the same text was made here.
  return encodeCursor(cursor) === text ? cursor : null;
}
