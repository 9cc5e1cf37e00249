/** The same request twice, told from two requests: a key that the client chose, and the hash of what it asked for. */
import { createHash } from 'node:crypto';
import type { ImageSettings } from '../domain/options.ts';

/** Characters. */
export const IDEMPOTENCY_KEY_MAX_LENGTH = 255;

/** What makes one request the same as another: what would be made. */
export interface RequestIdentity {
  readonly kind: string;
  readonly prompt: string;
  /** As the client gave it; null for a new conversation. */
  readonly conversationId: string | null;
  readonly sourceIds: readonly string[];
  readonly settings: ImageSettings;
}

/** Lower-case hexadecimal SHA-256; the order in which the fields were written makes no difference. */
export function hashOf({ kind, prompt, conversationId, sourceIds, settings }: RequestIdentity): string {
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  const canonical = JSON.stringify([kind, prompt, conversationId, sourceIds, sorted]);
  return createHash('sha256').update(canonical).digest('hex');
}
