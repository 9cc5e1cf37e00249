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
  /** What else was asked; what is null, false or 1 was not. */
  readonly more: {
    readonly count: number;
    readonly verbatim: boolean;
    readonly maskImageId: string | null;
  };
}

/** The settings that there were when the first keys were stored: they are hashed though they were not asked for. */
const FIRST_SETTINGS: ReadonlySet<string> = new Set([
  'model',
  'size',
  'quality',
  'format',
  'compression',
  'background',
  'moderation',
  'inputFidelity',
  'partialImages',
]);

/**
 * Lower-case hexadecimal SHA-256; the order in which the fields were written makes no difference. What was not asked
 * for leaves no trace, so that a key stays good when a new version of this server knows more to ask for.
 */
export function hashOf({ kind, prompt, conversationId, sourceIds, settings, more }: RequestIdentity): string {
  const sorted = Object.entries(settings)
    .filter(([name, value]) => value !== null || FIRST_SETTINGS.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const { count, verbatim, maskImageId } = more;
  const asked = [count === 1 ? null : count, verbatim || null, maskImageId];
  const first = [kind, prompt, conversationId, sourceIds, sorted];
  return sha256Of(asked.every((value) => value === null) ? first : [...first, asked]);
}

/** The same for a call that is made again: what it still lacks is no part of what was asked. */
export function hashOfRetry(callId: string): string {
  return sha256Of(['RETRY', callId]);
}

function sha256Of(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
